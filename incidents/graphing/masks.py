"""Sets of small numbers as the bits of one number: joining two is one step, however large. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def mask_of(numbers: Iterable[int], size: int) -> int:
    """The set of these, each below `size`."""
    flags = bytearray(size // 8 + 1)
    for number in numbers:
        flags[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(flags, "little")


def masks(listed: Mapping[int, Iterable[int]], size: int) -> dict[int, int]:
    return {number: mask_of(numbers, size) for number, numbers in listed.items()}


def numbers_in(mask: int) -> list[int]:
    """The members, lowest first."""
    digits = f"{mask:b}"[::-1]
    found = []
    number = digits.find("1")
    while number >= 0:
        found.append(number)
        number = digits.find("1", number + 1)
    return found


class Ways:
    """Whom each number leads to at once. Most lead nowhere: `leading` are the others."""

    def __init__(self, beyond: list[int]) -> None:
        self.beyond = beyond
        self.leading = mask_of([number for number, mask in enumerate(beyond) if mask], len(beyond))

    def with_more(self, *more: Mapping[int, int]) -> Ways:
        found = list(self.beyond)
        for reached_from in more:
            for number, mask in reached_from.items():
                found[number] |= mask
        return Ways(found)

    def spread(self, seeds: int, known: int = 0) -> int:
        """The seeds and all that can be reached from them. `known` is a set that is whole in this already."""
        found, new = known, seeds & ~known
        while new:
            found |= new
            reached = 0
            for number in numbers_in(new & self.leading):
                reached |= self.beyond[number]
            new = reached & ~found
        return found
