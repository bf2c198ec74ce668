"""Saved payloads: a file is one body, a .jsonl file is one body a line with the time of its capture."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.errors import ParseError

STAMPS = ("captured_at", "fetched_at")
BODIES = ("body", "html", "changed")
BOOKKEEPING = frozenset({*STAMPS, "commit", "removed"})


@dataclass(frozen=True, slots=True)
class Saved:
    """One body from a file. `captured_at` is None where the file does not tell."""

    name: str
    body: bytes
    captured_at: datetime | None = None


def saved_payloads(path: Path) -> Iterator[Saved]:
    """The bodies of a file, in its order. A line that is no record is a ParseError in its turn."""
    if path.suffix != ".jsonl":
        yield Saved(path.name, path.read_bytes())
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield from_record(f"{path.name}:{number}", line)


def count_payloads(path: Path) -> int:
    if path.suffix != ".jsonl":
        return 1
    with path.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def from_record(name: str, line: bytes) -> Saved:
    """A line's payload: its `body`, its page, the part of a list that changed, or what else it holds."""
    try:
        record = json.loads(line)
    except ValueError as error:
        raise ParseError(f"{name}: not JSON: {error}") from error
    if not isinstance(record, dict):
        raise ParseError(f"{name}: not an object")
    stamp = next((record[field] for field in STAMPS if record.get(field)), None)
    return Saved(name, body_of(record), instant(name, stamp) if stamp else None)


def body_of(record: dict[str, Any]) -> bytes:
    told = next((record[field] for field in BODIES if field in record), None)
    if told is None:
        told = {field: value for field, value in record.items() if field not in BOOKKEEPING}
    return told.encode() if isinstance(told, str) else json.dumps(told, ensure_ascii=False).encode()


def instant(name: str, text: str) -> datetime:
    """An aware time; one without a zone is UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ParseError(f"{name}: {text!r} is no time: write 2025-10-20T07:11:00Z") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
