"""Each kind reads its samples as the file beside them says; real copies are read or named."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from ingest.errors import ParseError
from ingest.kinds import Context, Kind, all_kinds

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
CONTEXTS = {
    kind: Context(**fields) for kind, fields in json.loads((SAMPLES / "contexts.json").read_text()).items()
}
CASES = [
    pytest.param(kind, sample, id=f"{kind.slug}/{sample.name}")
    for kind in all_kinds().values()
    for sample in sorted((SAMPLES / kind.slug).iterdir())
    if not sample.name.endswith(".expected.json")
]


def context_of(kind: Kind) -> Context:
    return CONTEXTS.get(kind.slug, Context())


@pytest.mark.parametrize(("kind", "sample"), CASES)
def test_reads_its_sample(kind: Kind, sample: Path) -> None:
    reading = asdict(kind.read(sample.read_bytes(), context_of(kind)))
    for entry in reading["entries"]:
        del entry["raw"]
    found = json.dumps(reading, default=str, indent=1, ensure_ascii=False)
    expected = sample.with_name(sample.name + ".expected.json")
    if not expected.exists():
        expected.write_text(found + "\n")
        pytest.fail(f"wrote {expected.name}: read it, correct it, run again")
    assert json.loads(found) == json.loads(expected.read_text())


@pytest.mark.parametrize(("kind", "sample"), CASES)
def test_reads_what_it_kept_of_an_item_as_the_same_item(kind: Kind, sample: Path) -> None:
    context = context_of(kind)
    for entry in kind.read(sample.read_bytes(), context).entries:
        assert kind.read(entry.raw.encode(), context).entries == (entry,)


@pytest.mark.parametrize("kind", all_kinds().values(), ids=all_kinds())
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"\0" * 100_000,
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"error": "no"}',
        b"[",
        b"7",
    ],
    ids=["empty", "blank", "zeros", "error page", "other JSON", "cut JSON", "number"],
)
def test_refuses_a_body_of_another_kind(kind: Kind, body: bytes) -> None:
    with pytest.raises(ParseError):
        kind.read(body, Context(publisher="p"))
