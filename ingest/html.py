"""Where the elements of an HTML page begin and end, without a tree: enough to cut a page into its entries."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import accumulate

from ingest.errors import ParseError
from ingest.text import VOID

MAX_ELEMENTS = 500_000
# The start of one closes an open other; HTML leaves their end tags out.
CLOSE_EACH_OTHER = frozenset({"dd", "dt", "li", "option", "p", "td", "th", "tr"})


@dataclass(slots=True)
class Element:
    """One element: its names, where its content stands in the page, and the element around it."""

    tag: str
    classes: frozenset[str]
    start: int
    end: int
    parent: Element | None


def elements_of(page: str) -> list[Element]:
    """The elements of a page in the order of their starts; one never closed ends where its parent does."""
    outline = Outline(page)
    outline.feed(page)
    outline.close()
    outline.leave(0, len(page))
    return outline.elements


class Outline(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self.elements: list[Element] = []
        self.open: list[Element] = []
        self.line_starts = [0, *accumulate(len(line) for line in page.split("\n"))]

    def position(self) -> int:
        line, column = self.getpos()
        return self.line_starts[line - 1] + (line - 1) + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        if len(self.elements) >= MAX_ELEMENTS:
            raise ParseError(f"a page of more than {MAX_ELEMENTS} elements")
        if self.open and self.open[-1].tag == tag and tag in CLOSE_EACH_OTHER:
            self.leave(len(self.open) - 1, self.position())
        start = self.position() + len(self.get_starttag_text() or "")
        parent = self.open[-1] if self.open else None
        classes = frozenset((dict(attrs).get("class") or "").split())
        self.elements.append(Element(tag, classes, start, start, parent))
        self.open.append(self.elements[-1])

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<svg/>` holds nothing."""

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, max(len(self.open) - 100, 0) - 1, -1):
            if self.open[depth].tag == tag:
                self.leave(depth, self.position())
                return

    def leave(self, depth: int, at: int) -> None:
        """Close the element at this depth and all that are open inside it."""
        for element in self.open[depth:]:
            element.end = at
        del self.open[depth:]
