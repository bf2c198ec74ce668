"""Two people changed the same text: both changes where they lie apart, and both texts where they do not.

Pure. Lines are compared, for a line is what somebody reads. A text of very many lines is shown and not
merged: comparing costs the square of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 3_000
MOST_PAIRS = 10_000
"""Pairs of equal lines up to which each counts: with more, comparing costs up to the cube of the lines."""
MINE, THEIRS = "<<<<<<< yours", ">>>>>>> theirs"
BETWEEN = "======="


@dataclass(frozen=True, slots=True)
class Merged:
    """`text` holds every word of both. Where `is_clean` is false, both versions stand between marks."""

    text: str
    is_clean: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: `sign` is " ", "+" or "-"."""

    sign: str
    text: str


def merge(base: str, mine: str, theirs: str) -> Merged:
    """What both made of `base`."""
    if mine == theirs or theirs == base:
        return Merged(mine, is_clean=True)
    if mine == base:
        return Merged(theirs, is_clean=True)
    old, left, right = base.split("\n"), mine.split("\n"), theirs.split("\n")
    if max(len(old), len(left), len(right)) > MOST_LINES:
        return Merged("\n".join([MINE, *left, BETWEEN, *right, THEIRS]), is_clean=False)
    lines: list[str] = []
    is_clean = True
    for old_part, left_part, right_part in parts(old, left, right):
        if left_part == right_part or right_part == old_part:
            lines += left_part
        elif left_part == old_part:
            lines += right_part
        else:
            is_clean = False
            lines += [MINE, *left_part, BETWEEN, *right_part, THEIRS]
    return Merged("\n".join(lines), is_clean)


def parts(
    old: list[str], left: list[str], right: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut at the lines that both have kept: what stands before one, then the line."""
    kept_left, kept_right = kept(old, left), kept(old, right)
    o = a = b = 0
    for place in sorted(kept_left.keys() & kept_right.keys()):
        yield old[o:place], left[a : kept_left[place]], right[b : kept_right[place]]
        line = [old[place]]
        yield line, line, line
        o, a, b = place + 1, kept_left[place] + 1, kept_right[place] + 1
    yield old[o:], left[a:], right[b:]


def kept(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Where the lines of the old text that were kept stand in the new one."""
    blocks = matcher(old, new).get_matching_blocks()
    return {block.a + i: block.b + i for block in blocks for i in range(block.size)}


def matcher(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    """Where there are too many equal pairs, lines that recur hold no place: they only go with a neighbour."""
    had, has = Counter(old), Counter(new)
    if sum(count * has[line] for line, count in had.items()) <= MOST_PAIRS:
        return SequenceMatcher(None, old, new, autojunk=False)
    return SequenceMatcher(lambda line: has[line] > 1, old, new, autojunk=False)


def compare(before: str, after: str) -> list[Line]:
    """The lines of both, those that went and those that came marked; context is kept whole."""
    old, new = before.split("\n"), after.split("\n")
    if max(len(old), len(new)) > MOST_LINES:
        return [Line("-", line) for line in old] + [Line("+", line) for line in new]
    lines: list[Line] = []
    for tag, a, b, c, d in matcher(old, new).get_opcodes():
        if tag == "equal":
            lines += [Line(" ", line) for line in new[c:d]]
            continue
        lines += [Line("-", line) for line in old[a:b]]
        lines += [Line("+", line) for line in new[c:d]]
    return lines
