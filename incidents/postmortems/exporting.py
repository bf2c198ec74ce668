"""A document as one Markdown file with YAML before it. `importing` reads it back, equal to the last
character.

The front matter holds every single value, the moments and the actions; the body holds the sections as they
were written, each behind a comment that names it. A text that itself holds such a comment gets a backslash
more. For those who read the file itself the timeline follows once more, and is left out when it is read
back.
"""

from __future__ import annotations

import json
import re

import yaml

from incidents.postmortems.documents import Document, DocumentSection, as_json
from incidents.times import time_text

MARK = "faultline"
ESCAPED = re.compile(rf"^<!-- (\\*){MARK}:", re.MULTILINE)
GENERATED = f"<!-- {MARK}:generated -->"


def to_markdown(document: Document, *, with_timeline: bool = True) -> str:
    told = as_json(document)
    told.pop("sections")
    front = yaml.safe_dump({MARK: told.pop("format")} | told, sort_keys=False, allow_unicode=True, width=100)
    parts = [f"---\n{front}---\n\n# {one_line(document.title)}\n"]
    parts += [section_text(section) for section in document.sections]
    if with_timeline and document.timeline:
        parts.append(timeline_text(document))
    return "\n".join(parts)


def section_text(section: DocumentSection) -> str:
    # A heading is told as a JSON string, in which nothing can end the comment.
    name = json.dumps(section.heading, ensure_ascii=False).replace(">", "\\u003e")
    head = f"<!-- {MARK}:section {section.kind} {name} -->\n\n## {one_line(section.heading)}\n"
    return f"{head}\n{escape(section.body)}\n"


def timeline_text(document: Document) -> str:
    lines = [
        f"- {time_text(entry.at, entry.precision) or 'no time'}{' UTC' if entry.at else ''}"
        f" ({entry.kind}{', ' + entry.publisher if entry.publisher else ''}): {one_line(entry.text)}"
        for entry in document.timeline
    ]
    return "\n".join([GENERATED, "", "## Timeline", "", *lines, ""])


def escape(body: str) -> str:
    return ESCAPED.sub(lambda found: f"<!-- \\{found[1]}{MARK}:", body)


def unescape(body: str) -> str:
    return re.sub(rf"^<!-- \\(\\*){MARK}:", lambda found: f"<!-- {found[1]}{MARK}:", body, flags=re.MULTILINE)


def one_line(text: str) -> str:
    return " ".join(text.split())
