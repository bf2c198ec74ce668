"""A box that moves sideways is no trap: the keyboard reaches it, and it has a name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
BOX = re.compile(r'<\w+ class="(?:[^"]* )?scroll(?: [^"]*)?"[^>]*>')
BOXES = [
    (str(path.relative_to(TEMPLATES)), box)
    for path in sorted(TEMPLATES.rglob("*.html"))
    for box in BOX.findall(path.read_text())
]


@pytest.mark.parametrize(("template", "box"), BOXES)
def test_each_is_reached_by_keyboard_and_named(template: str, box: str) -> None:
    assert 'tabindex="0"' in box
    assert re.search(r'role="(?:group|region)"', box)
    assert re.search(r'aria-label(?:ledby)?="[^"]+"', box)


def test_they_are_found() -> None:
    assert len(BOXES) > 15
