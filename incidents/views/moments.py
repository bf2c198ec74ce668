"""The time that a page is read for: `?at=`, and the slider over the moments at which the record changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from incidents.http import Request

STAMP = "%Y-%m-%dT%H:%MZ"


class NoMoment(Exception):
    """The address names no moment in time."""


@dataclass(frozen=True, slots=True)
class Slider:
    """`here` counts the moments up to the one shown; the last position is now."""

    stamps: tuple[str, ...]
    here: int
    at: str
    at_text: str
    earlier: str
    later: str

    @property
    def last(self) -> int:
        return len(self.stamps)

    @property
    def field(self) -> str:
        """As a field for a date and time takes it."""
        return self.at.removesuffix("Z")


def moment_asked(request: Request, now: datetime) -> datetime | None:
    """The moment that the address asks for; None for now, and for what is yet to come."""
    asked = request.GET.get("at", "").strip()
    if not asked:
        return None
    try:
        at = datetime.fromisoformat(asked.replace(" ", "+"))
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NoMoment(asked[:40]) from error
    return at if at < now else None


def step_asked(request: Request) -> int | None:
    """Where the slider stands, sent without a script."""
    asked = request.GET.get("moment", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else None


def slider(changes: Sequence[datetime], at: datetime | None) -> Slider:
    here = len(changes) if at is None else max(bisect_right(changes, at) - 1, 0)
    stamps = tuple(f"{moment:{STAMP}}" for moment in changes)
    return Slider(
        stamps=stamps,
        here=here,
        at=f"{at:{STAMP}}" if at else "",
        at_text=f"{at:%-d %B %Y, %H:%M} UTC" if at else "now",
        earlier=earlier_than(changes, at),
        later=next((f"{moment:{STAMP}}" for moment in changes if at and moment > at), ""),
    )


def earlier_than(changes: Sequence[datetime], at: datetime | None) -> str:
    before = [moment for moment in changes if at is None or moment < at]
    return f"{before[-1]:{STAMP}}" if before else ""


def stamp_of(changes: Sequence[datetime], step: int) -> str:
    """The `at` of a position of the slider; empty for now."""
    return f"{changes[step]:{STAMP}}" if step < len(changes) else ""
