"""Markup in, plain text out: what a `Post` stores. No later step meets a tag.

Every step is linear in the length of the text, whatever it holds; nh3 alone is not (it takes seconds over
50,000 nested elements), so it is asked only where the nesting is ordinary.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

import nh3

MAX_LENGTH = 256 * 1024
MAX_DEPTH = 150
LONGEST_LINE = 500

TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
BLOCK = re.compile(
    r"<(?=/?(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|footer|h[1-6]|header|hr|li|main"
    r"|nav|ol|p|pre|section|table|td|th|tr|ul)\b)",
    re.IGNORECASE,
)
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
SILENT = frozenset({"iframe", "noscript", "object", "script", "style", "template", "title"})
SILENT_PART = re.compile(rf"<({'|'.join(sorted(SILENT))})\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
ESCAPED_TAG = re.compile(
    r"<br\s*/?>|<img\s"
    r"|</(?:a|b|code|div|em|h[1-6]|i|iframe|li|ol|p|script|small|span|strong|style|table|td|tr|ul)>",
    re.IGNORECASE,
)
# C0 and C1 controls but tab and line feed, marks that turn the direction of reading, zero-width marks,
# lone surrogates and noncharacters: none is text, some break PostgreSQL, some let a title lie.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
SPACES = re.compile(r"[^\S\n]{2,}|[^\S\n ]")  # a single blank, the usual case, is left alone
BLANK_LINES = re.compile(r"\n{3,}")


def plain_text(markup: str) -> str:
    """The words of a piece of HTML; blocks become lines. Entities escaped twice are unescaped twice."""
    text = unescape(without_tags(markup[:MAX_LENGTH]))
    if ESCAPED_TAG.search(text):
        text = without_tags(text)
    return tidy(unescape(text))


def tidy(text: str) -> str:
    """Plain text with its line breaks, without what does not print and without idle white space."""
    text = text[:MAX_LENGTH].replace("\r\n", "\n").replace("\r", "\n")
    if not is_plain(text) or "  " in text:
        text = SPACES.sub(" ", printable(text))
    text = text.replace(" \n", "\n").replace("\n ", "\n")
    return BLANK_LINES.sub("\n\n", text).strip()


def printable(text: str) -> str:
    """The text without what does not print: for names and addresses, which are no prose."""
    return text if is_plain(text) else UNPRINTABLE.sub("", text)


def is_plain(text: str) -> bool:
    """Does all of it print, with no white space but blanks and line feeds? Of most texts it does."""
    return text.replace("\n", "").isprintable()


def one_line(markup: str) -> str:
    """The words of a title, cut where nobody would read on."""
    return " ".join(plain_text(markup).split())[:LONGEST_LINE]


def without_tags(markup: str) -> str:
    """Text with its entities still escaped. A line break in the source counts only where no block does."""
    markup = printable(markup)
    if BLOCK.search(markup):
        markup = BLOCK.sub("\n<", " ".join(markup.splitlines()))
    if depth(markup) > MAX_DEPTH:
        return TAG.sub("", SILENT_PART.sub("", markup))
    return nh3.clean(markup, tags=set(), clean_content_tags=set(SILENT))


def depth(markup: str) -> int:
    """How many elements can stand open at once, at most: an end tag closes none but its own name."""
    standing: Counter[str] = Counter()
    deepest = level = 0
    for slash, name in TAG.findall(markup):
        name = name.lower()
        if slash:
            level -= standing[name] > 0
            standing[name] = max(standing[name] - 1, 0)
        elif name not in VOID:
            standing[name] += 1
            level += 1
            deepest = max(deepest, level)
    return deepest
