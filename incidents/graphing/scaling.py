"""How large a picture is, which part of the plane it shows, and where a point comes to stand in it. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from incidents.graphing.labelling import Box
from incidents.graphing.layout import Place

ROW, FLAT_ROW = 32, 44
LEAST_HEIGHT, RING_STEP = 300, 62
MARGIN = {"l": 10, "r": 10, "t": 26, "b": 20}
NARROWEST = {2: 336, 3: 608, 4: 704, 5: 800, 6: 800, 7: 1024}
"""What `graph.css` leaves a picture of so many columns, in pixels, on the smallest screen."""
LEAST_ASIDE, MOST_ASIDE = 30, 0.3
"""Room beside the outermost marks: pixels at least, a share of the width at most."""


@dataclass(frozen=True, slots=True)
class Window:
    """`xs` and `ys` are the ends of the axes; a square one has one scale for both."""

    width: int
    height: int
    xs: tuple[float, float]
    ys: tuple[float, float]
    is_square: bool

    @property
    def frame(self) -> Box:
        return Box(0, 0, self.width, self.height)

    def pixels(self) -> tuple[float, float, float, float]:
        """Scale and offset of either axis."""
        (x0, x1), (y0, y1) = self.xs, self.ys
        wide, high = self.width - MARGIN["l"] - MARGIN["r"], self.height - MARGIN["t"] - MARGIN["b"]
        across, down = wide / (x1 - x0), high / (y1 - y0)
        if self.is_square:
            across = down = min(across, down)
        return (
            across,
            MARGIN["l"] + wide / 2 - across * (x0 + x1) / 2,
            -down,
            MARGIN["t"] + high / 2 + down * (y0 + y1) / 2,
        )


def window(places: Collection[Place], columns: int, aside: tuple[float, float], *, is_radial: bool) -> Window:
    """`aside` is how far names reach from marks to the left and to the right, in pixels."""
    xs = [place.x for place in places] or [0.0]
    ys = [place.y for place in places] or [0.0]
    rows, span = max(ys) - min(ys) + 1, max(max(xs) - min(xs), 1.0)
    height = (
        RING_STEP * rows + 60
        if is_radial
        else (ROW if rows > 8 else FLAT_ROW) * rows + MARGIN["t"] + MARGIN["b"]
    )
    width = NARROWEST[columns]
    left, right = (min(max(reach, LEAST_ASIDE), MOST_ASIDE * width) for reach in aside)
    step = (width - left - right) / span
    return Window(
        width=width,
        height=round(max(LEAST_HEIGHT, height)),
        xs=(round(min(xs) - left / step, 3), round(max(xs) + right / step, 3)),
        ys=(round(-max(ys) - 0.6, 3), round(-min(ys) + 0.6, 3)),
        is_square=is_radial,
    )
