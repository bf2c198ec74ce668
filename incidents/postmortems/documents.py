"""A post-mortem as a value: what is exported, imported, published, approved and compared. Knows no tables."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Self

FORMAT = 1
LONGEST_TEXT = 100_000
"""Characters of one section: a book's chapter. What is longer is no section."""


@dataclass(frozen=True, slots=True)
class DocumentSection:
    kind: str
    heading: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A moment of the timeline. `report` and `post` are lasting keys of the record."""

    text: str
    at: datetime | None = None
    precision: str = "minute"
    kind: str = "event"
    star: bool = False
    report: str = ""
    post: str = ""
    publisher: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class DocumentAction:
    """`owner` is a name: logins stay at home."""

    text: str
    owner: str = ""
    due: date | None = None
    type: str = "prevent"
    priority: str = "medium"
    state: str = "open"
    link: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """All that a post-mortem says, and nothing about who may read it."""

    uid: str
    title: str
    incident: str = ""
    severity: str = "unknown"
    cause: str = "unknown"
    started_at: datetime | None = None
    start_precision: str = "minute"
    ended_at: datetime | None = None
    end_precision: str = "minute"
    detected_at: datetime | None = None
    company: str = ""
    product: str = ""
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    url: str = ""
    archive_url: str = ""
    origin: dict[str, Any] = field(default_factory=dict)
    sections: tuple[DocumentSection, ...] = ()
    timeline: tuple[DocumentEntry, ...] = ()
    actions: tuple[DocumentAction, ...] = ()

    @property
    def digest(self) -> str:
        """Names these words: two documents that say the same have the same. How far an action has come is
        no word of it: that changes while a published text stands.
        """
        plan = tuple(replace(action, state="") for action in self.actions)
        told = json.dumps(as_json(replace(self, actions=plan)), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def summary(self) -> str:
        return next((section.body for section in self.sections if section.kind == "summary"), "")

    @property
    def words(self) -> str:
        """All its text, for searching."""
        parts = [section.body for section in self.sections]
        parts += [entry.text for entry in self.timeline]
        parts += [action.text for action in self.actions]
        parts += [self.company, self.product, *self.categories, *self.keywords]
        return "\n".join(part for part in parts if part)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """From what `as_json` gave. A key that is missing keeps its default."""
        known = {one.name for one in fields(cls)} & told.keys()
        values: dict[str, Any] = {name: told[name] for name in known}
        for name in ("started_at", "ended_at", "detected_at"):
            values[name] = moment(told.get(name))
        for name in ("categories", "keywords", "authors"):
            values[name] = tuple(told.get(name) or ())
        values["sections"] = tuple(DocumentSection(**one) for one in told.get("sections") or ())
        values["timeline"] = tuple(
            DocumentEntry(**one | {"at": moment(one.get("at"))}) for one in told.get("timeline") or ()
        )
        values["actions"] = tuple(
            DocumentAction(**one | {"due": day(one.get("due"))}) for one in told.get("actions") or ()
        )
        return cls(**values)


def as_json(document: Document) -> dict[str, Any]:
    """Plain values, dates as ISO 8601: what JSON and YAML both hold."""
    return {"format": FORMAT} | {name: plain(value) for name, value in asdict(document).items()}


def plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def moment(told: str | datetime | None) -> datetime | None:
    """An aware time in UTC; what names no zone is UTC."""
    if not told:
        return None
    at = told if isinstance(told, datetime) else datetime.fromisoformat(told)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def day(told: str | date | None) -> date | None:
    if isinstance(told, date):
        return told
    return date.fromisoformat(told) if told else None


def tidy(text: str) -> str:
    """Text as it is kept: one kind of line end, no NUL, no blank lines around it."""
    lines = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(line.rstrip() if not line.endswith("  ") else line.rstrip() + "  " for line in lines)
