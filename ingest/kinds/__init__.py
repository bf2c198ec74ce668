"""What a source can be: one module a kind, found by itself. It turns a body into entries, or says why not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ingest.entries import Entry, Reading, Unusable
from ingest.errors import ParseError
from ingest.fitting import fitted
from ingest.parsing import FeedItem, parse_feed
from ingest.text import printable

MISSHAPEN = (AttributeError, LookupError, TypeError, ValueError, ArithmeticError, RecursionError)
"""What reading an item of another shape than it should have can raise."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a body does not say of itself: the slug of the provider or organisation that speaks, its address.

    `publisher` names the speaker in the keys of Statuspage items; without it, the host of the page does.
    """

    publisher: str = ""
    url: str = ""
    provider: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """How the bodies of one kind of source are read.

    `parse` may raise a ParseError, or any of MISSHAPEN where the body is built otherwise than it should be.
    An entry's `raw` is a body of the same kind that holds this item alone, so `read` reads it again.
    """

    slug: str
    parse: Callable[[bytes, Context], Reading]

    def read(self, body: bytes, context: Context = Context()) -> Reading:
        """The entries of a body, one a key. An empty list is none; a body of another kind is a ParseError."""
        if not body.strip(b"\0 \t\r\n"):
            raise ParseError(f"{self.slug}: the body is empty")
        try:
            reading = self.parse(body, context)
        except MISSHAPEN as error:
            raise ParseError(f"{self.slug}: {complaint(error)}") from error
        return one_a_key(reading)


def complaint(error: BaseException) -> str:
    """What was wrong, in words that a person can act on."""
    if isinstance(error, KeyError):
        return f"no field {error.args[0]!r}"
    return printable(f"{error}")[:300] or type(error).__name__


def read_each(items: Iterable[tuple[str, Any]], to_entry: Callable[[Any], Entry]) -> Reading:
    """The entries of named items. An item that cannot be read is counted, named and left out."""
    entries: list[Entry] = []
    unusable: list[Unusable] = []
    for where, item in items:
        try:
            entries.append(fitted(to_entry(item)))
        except MISSHAPEN as error:
            unusable.append(Unusable(printable(where), complaint(error)))
    stamps = [at for entry in entries for at in (entry.modified_at, entry.published_at) if at]
    return Reading(tuple(entries), tuple(unusable), max(stamps, default=None))


def read_items(body: bytes, to_entry: Callable[[FeedItem], Entry]) -> Reading:
    """The entries of a feed, one an item."""
    feed = parse_feed(body)
    named = ((f"[{i}] {item.guid or item.link}"[:200], item) for i, item in enumerate(feed.items))
    reading = read_each(named, to_entry)
    return replace(reading, unusable=(*feed.unusable, *reading.unusable), ttl=feed.ttl)


def one_a_key(reading: Reading) -> Reading:
    """Of an item that one body lists twice, the copy with more posts stays; another that differs is named."""
    kept: dict[str, Entry] = {}
    for entry in sorted(reading.entries, key=lambda entry: len(entry.posts), reverse=True):
        kept.setdefault(entry.key, entry)
    entries = tuple(entry for entry in reading.entries if kept[entry.key] is entry)
    twice = (
        Unusable(entry.key, "listed twice in one body: the fuller copy is kept")
        for entry in reading.entries
        if entry != kept[entry.key]
    )
    return replace(reading, entries=entries, unusable=(*reading.unusable, *twice))


@cache
def all_kinds() -> dict[str, Kind]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.KIND.slug: module.KIND for module in modules}
