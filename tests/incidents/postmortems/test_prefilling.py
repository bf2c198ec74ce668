from __future__ import annotations

import pytest

from incidents.linking import link
from incidents.models import Incident, Postmortem, Template, User
from incidents.postmortems.evidence import moments
from incidents.postmortems.filing import file
from incidents.postmortems.prefilling import draw
from incidents.postmortems.template_loading import load_templates
from nlp.document import Field
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_fact,
    make_hit,
    make_incident,
    make_post,
    make_report,
    make_team,
    make_time,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident() -> Incident:
    """Linked from a report with two posts, with a hit and an earlier outage of the same region."""
    report = make_report(
        "aws-rss:1",
        make_time(Field.STARTED_AT, NOON),
        make_time(Field.ENDED_AT, NOON + 2 * HOUR),
        make_fact(Field.CAUSE, "dns"),
        posts=(
            make_post("We are looking into errors.", NOON + HOUR / 2, ref="1"),
            make_post("The *cause* is a name | that [does not resolve](javascript:x).", NOON + HOUR, ref="2"),
        ),
        said_at=NOON + HOUR / 2,
    )
    link(keep(report))
    found = Incident.objects.get()
    make_hit(found, "coinbase", impairments=["login", "spot"], started_at=NOON + HOUR / 4)
    make_incident(
        "INC-2024-0009", title="An older one", started_at=NOON - 300 * DAY, ended_at=NOON - 299 * DAY
    )
    found.refresh_from_db()
    return found


def test_half_of_it_is_filled_in_each_with_its_evidence(incident: Incident) -> None:
    drawn = draw(incident)
    page = incident.get_absolute_url()
    assert drawn.facts["started_at"] == NOON
    assert drawn.facts["cause"] == "dns"
    assert f"[{incident.slug}]({page})" in drawn.sections["summary"]
    assert "(2 h)" in drawn.sections["summary"]
    assert "| [coinbase](/organisations/coinbase/) | login, spot |" in drawn.sections["impact"].replace(
        "Coinbase", "coinbase"
    )
    assert f"{page}#hits" in drawn.sections["impact"]
    assert "30 min after the impact began" in drawn.sections["detection"]
    assert "https://status.aws.example/" in drawn.sections["root-cause"]
    assert "[INC-2024-0009](/incidents/INC-2024-0009/)" in drawn.sections["similar"]
    assert "same us-east-1" in drawn.sections["similar"]


def test_moments_name_the_report_and_the_post_by_keys_that_last(incident: Incident) -> None:
    told = {(one.report, one.post): one.text for one in moments(incident) if not one.is_claim}
    assert told["aws-rss:1", "1"] == "We are looking into errors."
    entries = draw(incident).entries
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert all(entry.is_drawn and entry.url for entry in entries)


def test_words_of_others_stay_words_in_a_table(incident: Incident) -> None:
    incident.title = "A | title [with](javascript:x) *marks*"
    assert r"A \| title \[with\](javascript:x) \*marks\*" in draw(incident).sections["summary"]


def test_what_the_record_does_not_know_is_not_filled_in() -> None:
    blank = make_incident(started_at=None, end_state="unknown", regions=[])
    drawn = draw(blank)
    assert drawn.facts["started_at"] is None
    assert "with no start known" in drawn.sections["summary"]
    assert drawn.sections.keys() == {"summary"}
    bounded = make_incident("INC-2025-0002", start_is_bound=True)
    assert draw(bounded).facts["started_at"] is None


def test_filing_keeps_what_is_the_records_apart_from_what_people_write(incident: Incident) -> None:
    postmortem = filed(incident)
    summary = postmortem.sections.get(kind="summary")
    assert summary.is_drawn
    summary.body += " More."
    assert not summary.is_drawn
    lessons = postmortem.sections.get(kind="lessons")
    assert (lessons.body, lessons.is_drawn) == ("", False)
    assert lessons.help
    assert postmortem.drawn["started_at"] == "2025-10-20T12:00:00Z"


def test_a_blank_one_is_filed_as_well() -> None:
    postmortem = filed(None, title="The year before this record")
    assert postmortem.slug.startswith("the-year-before-this-record-")
    assert postmortem.sections.count() > 10


def test_every_version_of_it_is_kept_from_the_first(incident: Incident) -> None:
    postmortem = filed(incident)
    parts = 1 + postmortem.sections.count() + postmortem.entries.count()
    assert postmortem.revisions.count() == parts


def test_templates_are_loaded_once() -> None:
    assert (load_templates(), load_templates()) == (4, 0)
    Template.objects.filter(slug="short").update(name="Ours")
    load_templates()
    assert Template.objects.get(slug="short").name == "Ours"


def filed(incident: Incident | None, title: str = "") -> Postmortem:
    load_templates()
    team = make_team("matching", ada="member")
    ada, template = User.objects.get(username="ada"), Template.objects.get(slug="sre")
    return file(team=team, person=ada, template=template, incident=incident, title=title)
