"""What an entry must be so that the record can hold it, whatever its source wrote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.entries import Entry, EntryPost
from ingest.text import printable
from nlp.document import Fact, Field

# As long as the columns are, less what later steps put around a name.
LONGEST_KEY = 450
LONGEST_URL = 1_000
LONGEST_NATIVE_ID = 250
LONGEST_REF = 180
LONGEST_STATUS = 60

A_DAY = timedelta(days=1)
WEB = ("https://", "http://")


def fitted(entry: Entry) -> Entry:
    """The entry in names that print, with refs of their own for its posts; a ValueError where no cut would
    leave it true.
    """
    entry = replace(
        entry,
        key=printable(entry.key),
        url=web_address(entry.url),
        aliases=tuple(map(printable, entry.aliases)),
    )
    native_ids = [fact.value for fact in entry.facts if fact.field is Field.NATIVE_ID]
    for name, value, longest in (
        ("key", entry.key, LONGEST_KEY),
        ("address", entry.url, LONGEST_URL),
        *(("native id", value, LONGEST_NATIVE_ID) for value in native_ids),
    ):
        if len(value) > longest:
            raise ValueError(f"a {name} of {len(value)} characters: {value[:80]}…")
    facts = tuple(fact for fact in entry.facts if not lies_ahead(fact, entry))
    return replace(entry, posts=tuple(told_apart(entry.posts)), facts=facts)


def lies_ahead(fact: Fact, entry: Entry) -> bool:
    """A start long after the item was written is a slip of the pen: nobody tells of an outage to come."""
    if fact.field is not Field.STARTED_AT or entry.is_maintenance:
        return False
    written = [at for at in (entry.modified_at, entry.published_at, *(p.said_at for p in entry.posts)) if at]
    return bool(written) and datetime.fromisoformat(fact.value) > max(written) + A_DAY


def web_address(text: str) -> str:
    """The address where it leads to a page, else none: pages link to it, and `javascript:` is one too."""
    address = printable(text).strip()
    return address if address.lower().startswith(WEB) else ""


def told_apart(posts: Iterable[EntryPost]) -> Iterator[EntryPost]:
    """Posts of one ref are numbered from the second on: two may be said in one minute."""
    seen: Counter[str] = Counter()
    for post in posts:
        ref = printable(post.ref)[:LONGEST_REF]
        seen[ref] += 1
        yield replace(
            post,
            ref=ref if seen[ref] == 1 else f"{ref}#{seen[ref]}",
            status=printable(post.status)[:LONGEST_STATUS],
        )
