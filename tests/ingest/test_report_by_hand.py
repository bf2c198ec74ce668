"""A page brought by hand: what its title is."""

from __future__ import annotations

import pytest

from ingest.kinds.report_by_hand import headline


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Cloud down\n\nIt failed at noon.", "Cloud down"),
        ("Monday, October 20, 2025\nHome > News > The Cloud\n\nCloud down\nIt failed.", "Cloud down"),
        ("20 October 2025\nCloud down", "Cloud down"),
        ("2025-10-20\nNews » Cloud » Outages\nCloud down", "Cloud down"),
        ("October 20, 2025", "October 20, 2025"),
        ("Cloud down | The Gazette\nIt failed.", "Cloud down | The Gazette"),
        ("On 20 October 2025 the cloud fell.", "On 20 October 2025 the cloud fell."),
    ],
)
def test_the_title_is_the_first_line_that_says_something(text: str, title: str) -> None:
    assert headline(text) == title
