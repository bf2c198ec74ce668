from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from incidents.models import Postmortem, Publication
from incidents.postmortems.collecting import document_of
from incidents.postmortems.exporting import to_markdown
from incidents.postmortems.importing import read_markdown
from tests.factories import make_team

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).parent / "samples"


def run(*paths: Path, **options: str) -> list[str]:
    told = StringIO()
    make_team("matching", ada="member") if not Postmortem.objects.exists() else None
    call_command("import_postmortems", *paths, team="matching", person="ada", stdout=told, **options)
    return told.getvalue().splitlines()


def test_a_folder_is_imported_once_and_every_doubt_is_told(tmp_path: Path) -> None:
    for sample in SAMPLES.glob("*.md"):
        shutil.copy(sample, tmp_path)
    (tmp_path / "broken.md").write_bytes(b"\xff\xfe")
    told = run(tmp_path)
    assert told[-1] == "2 imported, 0 known, 1 not readable"
    assert "broken.md: not readable: it is no UTF-8 text" in told
    assert "document.md: status: Complete: no field of ours" in told
    assert run(tmp_path)[-1] == "0 imported, 2 known, 1 not readable"


def test_what_was_reviewed_elsewhere_may_be_published_at_once(tmp_path: Path) -> None:
    run(SAMPLES / "collection.md", publish="public")
    publication = Publication.objects.public().get()
    assert (publication.title, publication.company) == (
        "Ledger service stopped accepting writes",
        "Example Ledger",
    )
    assert publication.postmortem.steps.first().note == "imported as it was published elsewhere"


def test_rows_told_again_as_a_file_are_the_file_that_came(tmp_path: Path) -> None:
    run(SAMPLES / "collection.md", SAMPLES / "document.md")
    for postmortem in Postmortem.objects.all():
        document = document_of(postmortem)
        assert read_markdown(to_markdown(document)).document == document
    given = read_markdown((SAMPLES / "collection.md").read_text()).document
    assert document_of(Postmortem.objects.get(uid=given.uid)) == given


def test_a_team_that_is_not_there_is_told() -> None:
    with pytest.raises(CommandError, match="no team nowhere"):
        call_command("import_postmortems", SAMPLES, team="nowhere", person="ada")


@pytest.mark.shared
def test_the_whole_collection_goes_in_and_comes_out_equal(shared: Path) -> None:
    folder = shared / "feeds/datasets/icco_postmortems"
    assert run(folder)[-1] == "227 imported, 0 known, 0 not readable"
    by_uid = {str(row.uid): row for row in Postmortem.objects.select_related("incident")}
    for file in folder.glob("*.md"):
        given = read_markdown(file.read_text(), file.name).document
        assert document_of(by_uid[given.uid]) == given, file.name
