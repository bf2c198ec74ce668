"""How an edge runs from node to node. Pure."""

from __future__ import annotations

from functools import lru_cache

from incidents.graphing.layout import Place

SAMPLES = 14
BLENDS = tuple(
    ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    for t in (i / SAMPLES for i in range(SAMPLES + 1))
)
"""How much of each of a curve's four points (two ends, two bends) is in each of its samples: Bézier's."""
BLENDED_KEPT = 8_192

Point = tuple[float, float]


def curve(source: Place, target: Place, *, is_straight: bool) -> list[Point]:
    """From node to node, leaving and arriving level; those of one column bow out."""
    (x0, y0), (x1, y1) = (source.x, -source.y), (target.x, -target.y)
    if is_straight:
        return [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2), (x1, y1)]
    bend = (x0 + x1) / 2 if abs(x0 - x1) > 0.01 else x0 + 0.5
    return list(zip(blended(x0, bend, bend, x1), blended(y0, y0, y1, y1), strict=True))


@lru_cache(maxsize=BLENDED_KEPT)
def blended(start: float, first: float, second: float, end: float) -> tuple[float, ...]:
    """One coordinate of a curve; nodes stand on a grid, so most are asked for again and again."""
    return tuple(round(p * start + q * first + r * second + s * end, 3) for p, q, r, s in BLENDS)
