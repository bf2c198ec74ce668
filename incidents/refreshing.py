"""What pages read and a worker draws beside the flow: figures, insights, and the words of the search."""

from __future__ import annotations

from incidents.counting import count_all, count_if_due
from incidents.insights.drawing import draw_insights
from incidents.searching.indexing import index_changed


def refresh() -> int:
    """Draw all of it now; the number of scopes counted. For commands that changed much at once."""
    scopes = count_all()
    draw_insights()
    index_changed()
    return scopes


def refresh_if_due() -> None:
    """Draw what changed; the figures not so often that a worker does little else."""
    index_changed()
    if count_if_due():
        draw_insights()
