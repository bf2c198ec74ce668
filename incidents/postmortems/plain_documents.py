"""A document that people wrote by hand, with the headings of the well-known form, into our parts. Pure.

Headings, and lines like "Impact: …", name the sections; a list of clock times below a date is the timeline; a
table of actions is the actions. A section that we have no name for is kept under its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from incidents.postmortems.choices import ActionState, ActionType, SectionKind
from incidents.postmortems.documents import Document, DocumentAction, DocumentEntry, DocumentSection, tidy

K = SectionKind
NAMES = {
    K.SUMMARY: "summary|executive summary|overview|tl;?dr|abstract",
    K.IMPACT: "impact|user impact|customer impact|business impact|who was affected",
    K.BACKGROUND: "background|context|system overview|glossary",
    K.DETECTION: "detection|how (?:it|we) (?:was )?detected(?: it)?",
    K.RESPONSE: "response|incident response|escalation",
    K.RECOVERY: "resolution|recovery|mitigation|fix|resolution and recovery|remediation",
    K.TRIGGER: "trigger|triggers",
    K.ROOT_CAUSE: "root causes?(?: analysis)?|root causes? and trigger|cause|causes|underlying causes?",
    K.CONTRIBUTING: "contributing factors?|contributing causes?",
    K.FIVE_WHYS: "(?:5|five) whys",
    K.WENT_WELL: "(?:what|things that) went well|went well",
    K.WENT_BADLY: "(?:what|things that) went (?:wrong|badly|poorly)|what didn.t go well|went (?:wrong|badly)",
    K.LUCK: "where we got lucky|where we were lucky|luck",
    K.SURPRISES: "what surprised us|surprises",
    K.LESSONS: "lessons|lessons learn(?:ed|t)|takeaways|learnings",
    K.SUPPORTING: "supporting information|references|appendix|links|evidence",
    K.SIMILAR: "similar incidents|related incidents",
    K.NARRATIVE: "what happened|description|details|narrative|incident description",
}
KINDS = [(re.compile(f"(?:{names})", re.IGNORECASE), kind) for kind, names in NAMES.items()]
TIMELINE = re.compile(r"(?:incident )?timeline(?: \([^)]*\))?|chronology", re.IGNORECASE)
ACTIONS = re.compile(
    r"action items?|actions|follow[- ]?ups?|next steps|corrective actions|to ?dos?", re.IGNORECASE
)
SINGLE = re.compile(
    r"date|authors?|status|severity|owners?|title|incident(?: #| number)?|duration", re.IGNORECASE
)

HEADING = re.compile(r"(#{1,6})\s+(.*)")
FIELD = re.compile(r"(?:[-*]\s+)?\**([A-Z][\w /#&'’-]{2,40}?)\**\s*:\s*\**\s*(.*)")
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
CLOCK = re.compile(
    r"(?:[-*]\s+)?\**(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2}):(\d{2})(?::\d{2})?"
    r"\s*(?:UTC|Z|GMT)?\**\s*[-–—:|]?\s*(.*)"
)
ROW = re.compile(r"\|?(.*?)\|?\s*")
TYPES = {
    "prevent": ActionType.PREVENT,
    "preventive": ActionType.PREVENT,
    "detect": ActionType.DETECT,
    "detective": ActionType.DETECT,
    "mitigate": ActionType.MITIGATE,
    "corrective": ActionType.MITIGATE,
    "process": ActionType.PROCESS,
}


@dataclass(frozen=True, slots=True)
class Unread:
    """A passage that found no place, and why."""

    text: str
    why: str


@dataclass(slots=True)
class Block:
    """A heading and the lines below it; `line` is a "Field: value" that stood in the text."""

    heading: str
    lines: list[str]


def read_plain(text: str, front: dict[str, Any]) -> tuple[Document, tuple[Unread, ...]]:
    title, blocks = split(text)
    unread: list[Unread] = []
    single = {str(name).lower(): spelled(value) for name, value in front.items()}
    sections: list[DocumentSection] = []
    entries: list[DocumentEntry] = []
    actions: list[DocumentAction] = []
    for block in blocks:
        body = tidy("\n".join(block.lines))
        if SINGLE.fullmatch(block.heading):
            single[block.heading.lower()] = body
        elif TIMELINE.fullmatch(block.heading):
            entries += read_timeline(block.lines, single.get("date", ""), unread)
        elif ACTIONS.fullmatch(block.heading):
            actions += read_actions(block.lines, unread)
        elif body or block.heading:
            sections.append(DocumentSection(kind_of(block.heading), block.heading or "Introduction", body))
    day = day_in(single.get("date", ""))
    document = Document(
        uid="",
        title=single.pop("title", "") or title,
        started_at=moment_of(day, 0, 0),
        start_precision="day",
        authors=tuple(names_in(single.pop("authors", single.pop("author", "")))),
        severity=severity_of(single.pop("severity", "")),
        sections=tuple(sections),
        timeline=tuple(entries),
        actions=tuple(actions),
    )
    if day:
        single.pop("date")
    unread += [Unread(f"{name}: {value}", "no field of ours") for name, value in single.items() if value]
    return document, tuple(unread)


def split(text: str) -> tuple[str, list[Block]]:
    """The title, and the blocks below headings and fields. Fences are text, whatever they hold."""
    title, blocks, fenced = "", [Block("", [])], False
    for line in text.split("\n"):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        heading = None if fenced else HEADING.fullmatch(line)
        field = None if fenced or heading else FIELD.fullmatch(line)
        if heading and not title and not any(block.heading for block in blocks):
            title = named_by(heading)
        elif heading:
            blocks.append(Block(named_by(heading).strip(" *:"), []))
        elif field and is_named(field[1].strip()):
            blocks.append(Block(field[1].strip(), [field[2]] if field[2] else []))
        elif not title and line.strip() and not any(block.lines or block.heading for block in blocks):
            title = line.strip(" *_")
        else:
            blocks[-1].lines.append(line)
    return title, [block for block in blocks if block.heading or any(line.strip() for line in block.lines)]


def named_by(heading: re.Match[str]) -> str:
    """Its words without the marks that may end it; an expression would cost the cube of the blanks."""
    return heading[2].strip().rstrip("#").rstrip()


def is_named(words: str) -> bool:
    """Does a "Words: …" open a part, or is it a sentence with a colon?"""
    patterns = [TIMELINE, ACTIONS, SINGLE, *(pattern for pattern, _ in KINDS)]
    return any(pattern.fullmatch(words) for pattern in patterns)


def kind_of(heading: str) -> SectionKind:
    return next((kind for pattern, kind in KINDS if pattern.fullmatch(heading)), SectionKind.OTHER)


def read_timeline(lines: list[str], told: str, unread: list[Unread]) -> Iterator[DocumentEntry]:
    """Clock times below the day that was named last; a line without one goes on with the entry before it."""
    day = day_in(told)
    for line in (line.strip() for line in lines):
        if not line:
            continue
        clock = CLOCK.fullmatch(" ".join(cells(line)) if "|" in line else line)
        if clock is None and (named := day_in(line)):
            day = named
            continue
        if clock is None:
            if not re.fullmatch(r"[|:\s-]+", line):
                unread.append(Unread(line, "no time: kept in the timeline without one"))
                yield DocumentEntry(text=line.lstrip("-* "))
            continue
        day = day_in(clock[1] or "") or day
        at = moment_of(day, int(clock[2]), int(clock[3]))
        if at is None:
            unread.append(Unread(line, "no day is named for this time"))
        yield DocumentEntry(text=clock[4] or line, at=at)


def moment_of(day: date | None, hour: int, minute: int) -> datetime | None:
    if day is None or hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute), UTC)


def read_actions(lines: list[str], unread: list[Unread]) -> Iterator[DocumentAction]:
    """A table with a head, or a list."""
    head: list[str] = []
    for line in (line.strip() for line in lines):
        if not line or re.fullmatch(r"[|:\s-]+", line):
            continue
        if "|" not in line:
            item = re.fullmatch(r"(?:[-*+]|\d+[.)])\s+(?:\[( |x|X)\]\s+)?(.*)", line)
            if item is None:
                unread.append(Unread(line, "neither a row nor an item of the actions"))
                continue
            yield DocumentAction(text=item[2], state=state_of(item[1] or ""))
        elif not head:
            head = [cell.lower() for cell in cells(line)]
        else:
            row = dict(zip(head, cells(line), strict=False))
            text = next((row[name] for name in row if "action" in name or "item" in name), cells(line)[0])
            # A cell like "n/a DONE" is an address for nobody, and a state.
            bug = next((row[name] for name in row if re.search("bug|ticket|link|issue", name)), "")
            status = next((row[name] for name in row if re.search("status|state", name)), bug)
            yield DocumentAction(
                text=text,
                owner=next((row[name] for name in row if re.search("owner|who|assignee", name)), "")[:120],
                type=TYPES.get(row.get("type", "").lower(), ActionType.PREVENT),
                state=state_of(status),
                link=bug if bug.startswith("http") else "",
            )
            if bug and not bug.startswith("http") and not state_words(bug):
                unread.append(Unread(bug, "no address: not kept as the link of the action"))


def cells(line: str) -> list[str]:
    return [cell.strip().strip("*") for cell in line.strip().strip("|").split("|")]


def state_words(told: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:n/?a)?\s*(?:\**done\**|open|wip|in progress|todo|cancelled)?", told.strip(), re.IGNORECASE
        )
    )


def state_of(told: str) -> ActionState:
    words = told.lower()
    if "done" in words or "closed" in words or words == "x":
        return ActionState.DONE
    if "progress" in words or "wip" in words:
        return ActionState.IN_PROGRESS
    return ActionState.CANCELLED if "cancel" in words else ActionState.OPEN


def severity_of(told: str) -> str:
    words = told.lower()
    scale = {
        "critical": "critical|sev ?-?1|p1",
        "major": "major|high|sev ?-?2|p2",
        "minor": "minor|low|sev ?-?[345]|p[345]",
    }
    return next((word for word, pattern in scale.items() if re.search(pattern, words)), "unknown")


def names_in(told: str) -> list[str]:
    return [name.strip()[:120] for name in re.split(r",|;| and ", told) if name.strip()]


def day_in(text: str) -> date | None:
    """The first day that a text names."""
    found = DAY.search(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def spelled(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
