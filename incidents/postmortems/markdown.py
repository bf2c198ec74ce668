"""Markdown as somebody wrote it into HTML that is safe to show. The only place that marks text as safe."""

from __future__ import annotations

import re
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

RENDERER = "1"
"""Changes with what `render` makes of the same text: stored pages of another one are drawn again."""
INLINE = {"strong", "em", "del", "code", "a"}
BLOCKS = {"p", "hr", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li"}
TABLE = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = INLINE | BLOCKS | TABLE | {"img", "br"}
ATTRIBUTES = {"a": {"href", "title"}, "img": {"src", "alt", "title"}, "ol": {"start"}, "code": {"class"}}
SCHEMES = {"http", "https", "mailto"}
OWN_IMAGE = re.compile(r"/postmortems/[\w-]+/images/\w+/")
DEEPEST = 12


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables and struck-out text. Markup in the text stays text; nesting is bounded."""
    options = {"html": False, "linkify": False, "typographer": False, "maxNesting": DEEPEST}
    return MarkdownIt("commonmark", options).enable(["table", "strikethrough"])


def render(text: str) -> SafeString:
    """A section's body. Headings start below the section's own; pictures come from here only."""
    made = parser().render(text)
    # A section's heading is an h2 of the page.
    made = re.sub(r"<(/?)h([1-4])>", lambda found: f"<{found[1]}h{min(int(found[2]) + 2, 6)}>", made)
    cleaned = nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="nofollow noreferrer",
        attribute_filter=allowed,
    )
    return mark_safe(cleaned)


def allowed(tag: str, attribute: str, value: str) -> str | None:
    """Pictures of other hosts would tell them who reads; a fence's class could dress as ours."""
    if (tag, attribute) == ("img", "src"):
        return value if OWN_IMAGE.fullmatch(value) else None
    if (tag, attribute) == ("code", "class"):
        return value if re.fullmatch(r"language-[\w+-]{1,30}", value) else None
    return value


def render_line(text: str) -> SafeString:
    """An entry or an action: emphasis, code and links, no blocks."""
    made = parser().renderInline(" ".join(text.split()))
    return mark_safe(
        nh3.clean(
            made,
            tags=INLINE,
            attributes={"a": {"href", "title"}},
            url_schemes=SCHEMES,
            link_rel="nofollow noreferrer",
        )
    )


def plain(text: str, longest: int = 300) -> str:
    """The words without their marks, cut at a word: for lists, feeds and descriptions."""
    words = " ".join(nh3.clean(parser().render(text[: 4 * longest]), tags=set()).split())
    told = re.sub(r"&(amp|lt|gt|quot|#39);", lambda found: ENTITIES[found[1]], words)
    return told if len(told) <= longest else told[: longest - 1].rsplit(" ", 1)[0] + "…"


ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "#39": "'"}
