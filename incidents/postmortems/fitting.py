"""A document out of somebody's file made to fit our columns: what is cut or left out is told. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from incidents.postmortems.choices import ActionState, ActionType, EntryKind, Priority, SectionKind
from incidents.postmortems.documents import (
    LONGEST_TEXT,
    Document,
    DocumentAction,
    DocumentEntry,
    DocumentSection,
    plain,
)
from incidents.postmortems.plain_documents import Unread
from nlp.document import Cause, Precision, Severity

PartT = TypeVar("PartT", Document, DocumentSection, DocumentEntry, DocumentAction)
LENGTHS = {
    "title": 200,
    "company": 160,
    "product": 160,
    "url": 1000,
    "archive_url": 1000,
    "incident": 20,
    "heading": 120,
    "text": LONGEST_TEXT,
    "publisher": 160,
    "report": 500,
    "post": 200,
    "owner": 120,
    "link": 1000,
}
WORDS: dict[tuple[type, str], type[Enum]] = {
    (Document, "severity"): Severity,
    (Document, "cause"): Cause,
    (Document, "start_precision"): Precision,
    (Document, "end_precision"): Precision,
    (DocumentSection, "kind"): SectionKind,
    (DocumentEntry, "kind"): EntryKind,
    (DocumentEntry, "precision"): Precision,
    (DocumentAction, "type"): ActionType,
    (DocumentAction, "priority"): Priority,
    (DocumentAction, "state"): ActionState,
}


def fit(document: Document, unread: list[Unread]) -> Document:
    """The same, with every value of the kind and the length that it has here."""
    return replace(
        fit_part(document, unread),
        categories=names(document.categories, 80),
        keywords=names(document.keywords, 120),
        authors=names(document.authors, 120),
        origin=storable(document.origin) if isinstance(document.origin, dict) else {},
        sections=tuple(fit_part(one, unread) for one in document.sections),
        timeline=tuple(fit_part(one, unread) for one in document.timeline),
        actions=tuple(fit_part(one, unread) for one in document.actions),
    )


def fit_part(part: PartT, unread: list[Unread]) -> PartT:
    """Its texts and flags; a word that is none of ours becomes the usual one."""
    fitted: dict[str, Any] = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if (type(part), field.name) in WORDS:
            usual = SectionKind.OTHER.value if isinstance(part, DocumentSection) else field.default
            fitted[field.name] = word(field.name, value, WORDS[type(part), field.name], usual, unread)
        elif field.type == "str":
            fitted[field.name] = text(field.name, value, unread)
        elif field.type == "bool":
            fitted[field.name] = value is True
    return replace(part, **fitted)


def word(name: str, value: Any, known: type[Enum], usual: Any, unread: list[Unread]) -> str:
    told = clean(str(plain(value)))
    if told in {one.value for one in known}:
        return told
    unread.append(Unread(f"{name}: {told[:200]}", f"no word that is known here: {usual} instead"))
    return str(usual)


def text(name: str, value: Any, unread: list[Unread]) -> str:
    """Numbers and dates as they are written: YAML takes a title like 2025 for one."""
    if value is None:
        return ""
    if not isinstance(value, str | int | float | date):
        unread.append(Unread(f"{name}: {clean(str(value))[:200]}", "no text: left out"))
        return ""
    told, longest = clean(str(value)), LENGTHS.get(name)
    if longest is None or len(told) <= longest:
        return told
    unread.append(Unread(told, f"{name} has more than {longest} characters: cut"))
    return told[:longest]


def names(told: Iterable[Any], longest: int) -> tuple[str, ...]:
    return tuple(clean(str(one))[:longest] for one in told)


def clean(told: str) -> str:
    """Without what PostgreSQL or UTF-8 cannot hold: NUL, and halves of a character."""
    return told.replace("\x00", "").encode("utf-8", "replace").decode()


def storable(value: Any) -> Any:
    """As JSON in PostgreSQL holds it."""
    if isinstance(value, dict):
        return {clean(str(name)): storable(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [storable(one) for one in value]
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return clean(str(plain(value)))
