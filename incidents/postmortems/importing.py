"""Markdown into documents: our own files, those of the icco collection, and plain documents with headings.

What could not be read is told line by line; nothing is dropped in silence. Front matter is read without
aliases, which cost an attacker nothing and a reader everything.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml

from incidents.postmortems.choices import SectionKind
from incidents.postmortems.documents import LONGEST_TEXT, Document, DocumentSection, moment, plain, tidy
from incidents.postmortems.exporting import GENERATED, MARK, unescape
from incidents.postmortems.fitting import fit
from incidents.postmortems.plain_documents import Unread, read_plain

LONGEST_FILE = 2_000_000
LONGEST_FRONT = 400_000
FRONT = re.compile(r"\A---\n(.*?)\n---\n?(.*)\Z", re.DOTALL)
SECTION = re.compile(
    rf'^<!-- {MARK}:section ([\w-]+) ("(?:[^"\\]|\\.)*") -->\n\n## [^\n]*\n(?:\n|\Z)', re.MULTILINE
)
ICCO = (
    "uuid",
    "url",
    "archive_url",
    "title",
    "start_time",
    "end_time",
    "categories",
    "keywords",
    "company",
    "product",
)
KEPT = ("source_published_at", "source_fetched_at")


class NotReadable(Exception):
    """Why a file cannot be taken at all."""


@dataclass(frozen=True, slots=True)
class Imported:
    """`format` is own, icco or plain. `unread` is what is not in the document, or not where it belongs."""

    document: Document
    format: str
    unread: tuple[Unread, ...] = ()


class Loader(yaml.SafeLoader):
    """YAML without anchors: a few lines of them stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise NotReadable("the front matter uses aliases, which are not read")
        return super().compose_node(parent, index)


def decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotReadable("it is no UTF-8 text") from error


def read_markdown(text: str, name: str = "") -> Imported:
    """One file. `name` identifies one that carries no identity of its own."""
    if len(text) > LONGEST_FILE:
        raise NotReadable(f"it has more than {LONGEST_FILE:,} characters")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text.strip():
        raise NotReadable("it is empty")
    found = FRONT.match(text)
    if found is None:
        return plain_document({}, text, name)
    front = front_matter(found[1])
    if MARK in front:
        return own(front, found[2])
    if "uuid" in front and front.keys() & {"company", "categories"}:
        return icco(front, found[2])
    return plain_document(front, found[2], name)


def front_matter(text: str) -> dict[str, Any]:
    if len(text) > LONGEST_FRONT:
        raise NotReadable(f"its front matter has more than {LONGEST_FRONT:,} characters")
    try:
        told = yaml.load(text, Loader)  # a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise NotReadable(f"its front matter is no YAML: {' '.join(str(error).split())[:200]}") from error
    if not isinstance(told, dict):
        raise NotReadable("its front matter is no list of names and values")
    return told


def own(front: dict[str, Any], body: str) -> Imported:
    """A file that `to_markdown` wrote, perhaps changed since by hand."""
    if front[MARK] != 1:
        raise NotReadable(f"it is of format {front[MARK]!r}, and 1 is read here")
    try:
        document = Document.from_json(front)
        UUID(document.uid)
    except (TypeError, ValueError, OverflowError, KeyError, AttributeError) as error:
        raise NotReadable(f"its front matter does not fit: {error}") from error
    known = set(Document.__dataclass_fields__) | {MARK}
    unread = [
        Unread(f"{key}: {front[key]}", "unknown name in the front matter") for key in front.keys() - known
    ]
    body, _, _ = body.partition(f"\n{GENERATED}\n")
    marks = list(SECTION.finditer(body))
    ends = [*[mark.start() for mark in marks[1:]], len(body)][: len(marks)]
    sections = [
        DocumentSection(mark[1], heading_in(mark[2]), unescape(body[mark.end() : end]).strip("\n"))
        for mark, end in zip(marks, ends, strict=True)
    ]
    before = body[: marks[0].start() if marks else len(body)].strip()
    if before and not re.fullmatch(r"# [^\n]*", before):
        unread.append(Unread(before[:200], "text before the first section"))
    return checked(replace(document, sections=tuple(sections)), "own", unread)


def heading_in(told: str) -> str:
    try:
        return str(json.loads(told))
    except ValueError as error:
        raise NotReadable(f"a section is called {told[:80]}, which is no JSON text") from error


def icco(front: dict[str, Any], body: str) -> Imported:
    """A file of the icco collection: a summary, an account of what happened, and where it was told first."""
    unread: list[Unread] = []
    told = {name: front.get(name) for name in ICCO}
    origin = {name: value for name, value in front.items() if name not in {*ICCO, "summary"} and value}
    for name in origin.keys() - set(KEPT):
        unread.append(Unread(f"{name}: {origin[name]}", "unknown name: kept with the file's origin"))
    title = str(told["title"] or "")
    if not title:
        title = untitled(told)
        origin["untitled"] = True
        unread.append(Unread("title", "missing: named after its company, product and address"))
    sections = []
    if summary := tidy(str(front.get("summary") or "")):
        sections.append(DocumentSection(SectionKind.SUMMARY, "Summary", summary))
    if text := tidy(body):
        sections.append(DocumentSection(SectionKind.NARRATIVE, "What happened", text))
    else:
        unread.append(Unread("body", "missing: there is only the link to where it was told"))
    document = Document(
        uid=identity(str(told["uuid"])),
        title=title,
        started_at=time_of(told["start_time"], "start_time", unread),
        ended_at=time_of(told["end_time"], "end_time", unread),
        company=str(told["company"] or ""),
        product=str(told["product"] or ""),
        categories=words_of(told["categories"]),
        keywords=words_of(told["keywords"]),
        url=str(told["url"] or ""),
        archive_url=str(told["archive_url"] or ""),
        origin=dict(sorted((name, spelled(value)) for name, value in origin.items())),
        sections=tuple(sections),
    )
    return checked(document, "icco", unread)


def untitled(told: dict[str, Any]) -> str:
    """The best name for a file without a title: whose, and the last readable words of its address."""
    words = [part for part in re.split(r"[/?#]", str(told["url"] or "")) if re.search(r"[a-z]{3}", part)]
    tail = re.sub(r"[-_]+", " ", words[-1]) if words else ""
    name = str(told["product"] or told["company"] or "")
    return f"{name}: {tail}".strip(": ") or "Untitled"


def plain_document(front: dict[str, Any], body: str, name: str) -> Imported:
    document, unread = read_plain(body, front)
    uid = str(uuid5(NAMESPACE_URL, f"{name}\n{body}"))
    return checked(replace(document, uid=uid), "plain", list(unread))


def checked(document: Document, format: str, unread: list[Unread]) -> Imported:
    """Made to fit the columns; whatever is cut is told."""
    document = fit(document, unread)
    if document.started_at and document.ended_at and document.ended_at < document.started_at:
        unread.append(Unread(document.ended_at.isoformat(), "ends before it begins: the end is left out"))
        document = replace(document, ended_at=None)
    if long := [section.heading for section in document.sections if len(section.body) > LONGEST_TEXT]:
        raise NotReadable(f"section “{long[0][:80]}” has more than {LONGEST_TEXT:,} characters")
    if not document.title.strip():
        document = replace(document, title="Untitled")
    return Imported(document, format, tuple(unread))


def time_of(value: Any, name: str, unread: list[Unread]) -> Any:
    if not value:
        return None
    try:
        return moment(value)
    except (TypeError, ValueError, OverflowError):
        unread.append(Unread(f"{name}: {value}", "no time that can be read"))
        return None


def identity(told: str) -> str:
    try:
        return str(UUID(told))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, told))


def words_of(told: Any) -> tuple[str, ...]:
    return tuple(str(word)[:80] for word in told) if isinstance(told, list) else ()


def spelled(value: Any) -> Any:
    """As JSON holds it."""
    if isinstance(value, date):
        return plain(moment(value) if isinstance(value, datetime) else value)
    return value if isinstance(value, bool | int | float | list) else str(value)
