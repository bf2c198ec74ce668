"""Which names a picture writes out, and on which side of their marks, so that none meets another. Pure.

The weightiest comes first and takes the first of its sides that is free of marks and of names written before;
what finds none stays unwritten. What is taken is kept as one row of bits for each strip of the picture, so a
try costs a few machine words, however much stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

LEFT, RIGHT, ABOVE, BELOW = "middle left", "middle right", "top center", "bottom center"
UNWRITTEN = ""
AIR = "   "
"""Between a name beside its mark and the mark's ring."""
CELL, STRIP = 4, 2
"""Pixels to a bit across, and to a strip down."""
ASCENT, DESCENT = 0.78, 0.24
"""Of the font's size, from the baseline."""
BOLDER = 1.09
WIDTHS = (
    (" !'(),-./:;I[]ijl|", 0.31),
    ("frt", 0.42),
    ("ckJsvxyz", 0.53),
    ("DGHNOQUw", 0.8),
    ("%&@MWm—…", 0.95),
)
"""Widths of letters as shares of the font's size, of the widest of the faces that pages ask for."""
LETTER, IDEOGRAPH = 0.62, 1.05
LATIN_AND_KIN = 0x1100
WIDTH_OF = {letter: width for letters, width in WIDTHS for letter in letters}
AIR_WIDTH = sum(WIDTH_OF[letter] for letter in AIR)
MEASURED_KEPT = 8_192
PICTURES_KEPT = 64


class Box(NamedTuple):
    """In pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float


class Label(NamedTuple):
    """A name that asks for room: `x` and `y` are the middle of its mark, `radius` is the mark's without its
    ring and `reach` with it. Of `sides` the best comes first.

    One that `is_owed` may stand on marks, or leave the frame, where nothing else is left.
    """

    text: str
    x: float
    y: float
    radius: float
    reach: float
    sides: tuple[str, ...]
    size: int
    is_bold: bool = False
    is_owed: bool = False


@lru_cache(maxsize=MEASURED_KEPT)
def width(text: str, size: int, *, is_bold: bool = False) -> float:
    """About how wide a browser writes it; rather too wide."""
    told = sum(
        WIDTH_OF.get(letter) or (LETTER if ord(letter) < LATIN_AND_KIN else IDEOGRAPH) for letter in text
    )
    return told * size * (BOLDER if is_bold else 1.0)


def spaced(text: str, side: str) -> str:
    return f"{AIR}{text}" if side == RIGHT else f"{text}{AIR}" if side == LEFT else text


def away_from(radius: float) -> float:
    """Where Plotly begins to write, from the middle of a mark."""
    return radius / 0.8 + 1


def beside(text: str, radius: float, size: int, *, is_bold: bool) -> float:
    """How far a name on the left or on the right reaches from the middle of its mark."""
    return away_from(radius) + AIR_WIDTH * size + width(text, size, is_bold=is_bold)


def box(label: Label, side: str, wide: float) -> Box:
    """Where Plotly writes a name of such a width, with room above and below the baseline."""
    x, size, away = label.x, label.size, away_from(label.radius)
    if side in (LEFT, RIGHT):
        wide += AIR_WIDTH * size
        left, base = x + away if side == RIGHT else x - away - wide, label.y + size / 4
    elif side == ABOVE:
        left, base = x - wide / 2, label.y - away - size / 4
    else:
        left, base = x - wide / 2, label.y + away + size * 3 / 4
    return Box(left, base - size * ASCENT, left + wide, base + size * DESCENT)


def square(x: float, y: float, reach: float) -> Box:
    return Box(x - reach, y - reach, x + reach, y + reach)


def inside(room: Box, frame: Box) -> bool:
    return (
        room.left >= frame.left
        and room.right <= frame.right
        and room.top >= frame.top
        and room.bottom <= frame.bottom
    )


def clipped(room: Box, frame: Box) -> Box:
    if inside(room, frame):
        return room
    left, top, right, bottom = frame
    return Box(
        min(max(room.left, left), right),
        min(max(room.top, top), bottom),
        min(max(room.right, left), right),
        min(max(room.bottom, top), bottom),
    )


def cells(room: Box) -> tuple[int, int, int]:
    """Of what lies inside the frame: the first strip, the one after the last, and the bits in each."""
    left, top, right, bottom = room
    bits = (1 << int(right / CELL) + 1) - (1 << int(left / CELL))
    return int(top / STRIP), int(bottom / STRIP) + 1, bits


@lru_cache(maxsize=PICTURES_KEPT)
def sides(labels: tuple[Label, ...], frame: Box) -> tuple[str, ...]:
    """For each of the labels, weightiest first, the side that it is written on, or UNWRITTEN."""
    strips = int(frame.bottom / STRIP) + 1
    marks, written = [0] * strips, [0] * strips
    own = [cells(clipped(square(label.x, label.y, label.reach), frame)) for label in labels]
    for first, after, bits in own:
        for strip in range(first, after):
            marks[strip] |= bits
    return tuple(side_of(label, mark, marks, written, frame) for label, mark in zip(labels, own, strict=True))


def side_of(
    label: Label, mark: tuple[int, int, int], marks: Sequence[int], written: list[int], frame: Box
) -> str:
    """The first side with room for the name, which is then taken in `written`."""
    wide = width(label.text, label.size, is_bold=label.is_bold)
    first_own, after_own, own = mark
    for is_free_of_marks in (True, False) if label.is_owed else (True,):
        for side in label.sides:
            room = box(label, side, wide)
            if not inside(room, frame):
                if is_free_of_marks:
                    continue
                room = clipped(room, frame)
            first, after, bits = cells(room)
            for strip in range(first, after):
                if bits & written[strip]:
                    break
                # Its own mark it may touch.
                mine = own if first_own <= strip < after_own else 0
                if is_free_of_marks and bits & marks[strip] & ~mine:
                    break
            else:
                for strip in range(first, after):
                    written[strip] |= bits
                return side
    return UNWRITTEN
