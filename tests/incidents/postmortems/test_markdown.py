"""What somebody writes is shown as written, and does nothing."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from incidents.postmortems.documents import LONGEST_TEXT
from incidents.postmortems.markdown import plain, render, render_line

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:x)",
    "<javascript:alert(1)>",
    '[x](/a "\\" onmouseover=alert(1)")',
    "![x](https://elsewhere.example/pixel.png)",
    "![x](//elsewhere.example/pixel.png)",
    "![x](/postmortems/../accounts/logout/)",
    '```js" onload="x\ncode\n```',
    "<iframe src=//elsewhere.example></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "[a]: javascript:alert(1)\n\n[a]",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;",
]
TAGS = {
    *(
        "p",
        "br",
        "hr",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
    ),
    *("li", "a", "img", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"href", "title", "rel", "src", "alt", "start", "class"}
TARGET = re.compile(r"https?://|mailto:|/(?!/)|#")
LARGE = {
    "brackets": "[" * LONGEST_TEXT,
    "links": "[a](b " * 16_000,
    "images": "![" * 50_000,
    "emphasis": "*a_" * 33_000,
    "quotes": "> " * 50_000,
    "lists": "\n".join(" " * depth + "- x" for depth in range(440)),
    "tables": "|a|b|\n|-|-|\n" + "|x\n" * 33_000,
    "tags": "<div>" * 20_000,
    "definitions": "\n".join(f"[a{number}]: /x" for number in range(9_000)),
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("show", [render, render_line])
def test_hostile_text_is_shown_and_does_nothing(text: str, show: object) -> None:
    made = str(show(text))  # type: ignore[operator]
    for tag, attributes in elements(made):
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES
        assert TARGET.match(attributes.get("href", "#"))
        assert attributes.get("src", "/postmortems/").startswith("/postmortems/")
        assert re.fullmatch(r"language-[\w+-]+|", attributes.get("class", ""))


@pytest.mark.parametrize("name", LARGE)
def test_a_section_as_large_and_as_ugly_as_it_may_be_is_drawn_in_seconds(name: str) -> None:
    began = time.process_time()
    render(LARGE[name])
    assert time.process_time() - began < 6


def test_a_picture_of_ours_is_shown() -> None:
    made = render("![graph](/postmortems/orders-stood-still-abc234/images/k3x9/)")
    assert 'src="/postmortems/orders-stood-still-abc234/images/k3x9/"' in made


def test_headings_of_a_section_stand_below_its_own() -> None:
    assert render("# One\n\n#### Four") == "<h3>One</h3>\n<h6>Four</h6>\n"


def test_tables_and_links_are_shown() -> None:
    made = render("| a | b |\n|---|---|\n| [x](https://a.example) | 2 |")
    assert "<table>" in made
    assert '<a href="https://a.example" rel="nofollow noreferrer">x</a>' in made


def test_an_excerpt_holds_words_and_is_cut_at_one() -> None:
    assert plain("**Two** & [three](/x) `<four>`") == "Two & three <four>"
    assert plain("word " * 100, longest=22) == "word word word word…"


class Elements(HTMLParser):
    """What a browser would make of it: tags with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def elements(html: str) -> list[tuple[str, dict[str, str]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found
