"""Parts joined into whole expressions ("Tuesday, 2022-09-27 21:27 US/Pacific"), and those into ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlp.time_grammar import Phrase, parts


@dataclass(frozen=True, slots=True)
class Expression:
    """One time, or the two ends of a range."""

    first: Phrase
    last: Phrase | None = None

    @property
    def start(self) -> int:
        return self.first.start

    @property
    def end(self) -> int:
        return (self.last or self.first).end

    def moved(self, offset: int) -> Expression:
        """The same words further on: a sentence's expression in its passage."""
        last = self.last and self.last.moved(offset)
        return Expression(self.first.moved(offset), last)


_APART = 24  # no glue is longer
_BLANK = r"[ \t\xa0]"
_ABOUT = (
    r"(?:(?:approximately|approx\.?|about|around|roughly|nearly|circa|~|@|at|on|as early as|as late as"
    r"|shortly (?:before|after)|just (?:before|after))\s{0,2}){0,2}"
)
GLUE = re.compile(
    rf"[ \t\xa0,]{{0,3}}(?:[(\[–—-]|\bfrom\b|\bbetween\b|\bsince\b)?{_BLANK}{{0,2}}{_ABOUT}"
    r"(?:(?:the|early|late|of|in the)\s)?$"
)
BEGINNING = re.compile(r"\b(?:from|between|since)\b")
LINK = re.compile(
    r"[ \t\xa0,)]{0,3}(?:(?P<and>and(?: until)?|&)|to|until|till|through|thru|up to|から|〜|부터|[-–—])"
    rf"\s{{0,2}}{_ABOUT}$"
)
OPENING = re.compile(rf"\b[Bb]etween\s+(?:the hours of\s+)?{_ABOUT}[(\[]?\s?$")
BETWEEN = re.compile(r"\bbetween\b")


def expressions(text: str, starts: Iterable[int]) -> Iterator[Expression]:
    """In order; a part that is a time only beside another ("2/20", "Sat") is left out when alone."""
    waiting: Phrase | None = None
    for phrase in phrases(text, starts):
        if waiting is None:
            waiting = phrase
        elif is_range(text, waiting, phrase):
            yield from kept(Expression(*shared(waiting, phrase)))
            waiting = None
        else:
            yield from kept(Expression(waiting))
            waiting = phrase
    if waiting is not None:
        yield from kept(Expression(waiting))


def kept(expression: Expression) -> Iterator[Expression]:
    if expression.last is not None or not expression.first.needs_company:
        yield expression


def phrases(text: str, starts: Iterable[int]) -> Iterator[Phrase]:
    """Neighbouring parts joined as far as they fill different holes."""
    whole: Phrase | None = None
    for part in parts(text, starts):
        if whole is not None and (both := joined(text, whole, part)):
            whole = both
            continue
        if whole is not None:
            yield whole
        whole = part
    if whole is not None:
        yield whole


def joined(text: str, a: Phrase, b: Phrase) -> Phrase | None:
    """Both as one, if the words between allow it and no hole is filled twice."""
    between = text[a.end : b.start]
    if len(between) > _APART or not GLUE.match(between):
        return None
    if (a.has_clock and (b.has_clock or BEGINNING.search(between))) or (a.zone and b.zone):
        return None
    if not (fits(a, b) and holes_differ(a, b)):
        return None
    if re.search("[-–—]", between) and not (a.day and b.has_clock):
        return None
    if b.relative and text[b.start].isupper() and text[a.end - 1] == ".":  # "at 2:40 p.m. The next day, ..."
        return None
    if "(" in between and a.has_clock and b.has_date:  # "4pm PT (Nov 24, 2021 00:00 UTC)" says it twice
        return None
    end = b.end + 1 if "(" in between and text[b.end : b.end + 1] == ")" else b.end
    return merged(a, b, end)


def holes_differ(a: Phrase, b: Phrase) -> bool:
    return not (
        (a.has_date and b.has_date)
        or (a.weekday is not None and b.weekday is not None)
        or (a.relative and b.relative)
    )


def fits(a: Phrase, b: Phrase) -> bool:
    """A span counted from elsewhere ("six hours later") stands alone, and so does a bare year or month."""
    return not any(phrase.amount or (phrase.has_date and phrase.day is None) for phrase in (a, b))


def merged(a: Phrase, b: Phrase, end: int) -> Phrase:
    filled = {
        name: getattr(b, name)
        for name in ("year", "month", "day", "until_day", "weekday", "day_of_month")
        if getattr(b, name) is not None
    }
    filled |= {name: getattr(b, name) for name in ("relative", "unit", "zone") if getattr(b, name)}
    if b.has_clock:
        filled |= {"hour": b.hour, "minute": b.minute, "meridiem": b.meridiem, "has_minute": b.has_minute}
    filled["is_night"] = a.is_night or b.is_night
    # A bare "9" or "2/20" is vouched for by its neighbour, not by another of its kind.
    return a._replace(**filled, end=end, needs_company=a.needs_company and b.needs_company)


def is_range(text: str, a: Phrase, b: Phrase) -> bool:
    """ "A to B" of two clocks or two days; "A and B" only behind "between"."""
    between = text[a.end : b.start]
    if len(between) > _APART or (link := LINK.match(between)) is None:
        return False
    if a.amount or b.amount or not alike(a, b):
        return False
    if link["and"]:
        opening = OPENING.search(text, max(0, a.start - 60), a.start)
        return opening is not None or BETWEEN.search(text, a.start, a.end) is not None
    return not a.needs_company or b.has_clock


def alike(a: Phrase, b: Phrase) -> bool:
    return (a.has_clock and b.has_clock) or (not a.has_clock and not b.has_clock and a.has_day and b.has_day)


def shared(a: Phrase, b: Phrase) -> tuple[Phrase, Phrase]:
    """What one end leaves out it takes from the other: zone, am or pm, and the day that stands only once."""
    zone_a, zone_b = a.zone or b.zone, b.zone or a.zone
    a, b = a._replace(zone=zone_a, needs_company=False), b._replace(zone=zone_b, needs_company=False)
    if a.has_clock and b.has_clock:
        a, b = with_meridiems(a, b)
    if b.has_date and a.has_date:
        year = a.year or b.year
        return a._replace(year=year), b._replace(year=b.year or year)
    return a, b


def with_meridiems(a: Phrase, b: Phrase) -> tuple[Phrase, Phrase]:
    """ "9:45 to 11 a.m.", "11 to 1 p.m.", "from 9:35 AM to 10:10": the mark that makes the range short."""
    if b.meridiem and not a.meridiem and could_be_halved(a):
        other = "am" if b.meridiem == "pm" else "pm"
        same_day = minutes(a, b.meridiem) <= minutes(b, b.meridiem)
        return a._replace(meridiem=b.meridiem if same_day else other), b
    if a.meridiem and not b.meridiem and could_be_halved(b):
        other = "am" if a.meridiem == "pm" else "pm"
        same_half = minutes(b, a.meridiem) >= minutes(a, a.meridiem)
        return a, b._replace(meridiem=a.meridiem if same_half else other)
    return a, b


def could_be_halved(phrase: Phrase) -> bool:
    return phrase.hour is not None and 1 <= phrase.hour <= 12


def minutes(phrase: Phrase, meridiem: str) -> int:
    """Minutes since midnight under that mark."""
    hour = (phrase.hour or 0) % 12 + (12 if meridiem == "pm" else 0)
    return hour * 60 + phrase.minute
