"""What the frame of every page needs: where one can go, who is signed in, which colours they chose.

An entry is shown once there is a page at its address, so a part that is not installed leaves no dead link.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from incidents.desk.waiting import counts
from incidents.models import User

NAMED = (
    ("Timeline", "/timeline/"),
    ("Incidents", "/incidents/"),
    ("Exchanges", "/exchanges/"),
    ("Graph", "/graph/"),
    ("Post-mortems", "/postmortems/"),
    ("Insights", "/insights/"),
    ("Sources", "/sources/"),
    ("About", "/about/"),
)
REVIEW = ("Review", "/review/")
SEARCHES = ("/search/", "/incidents/")
"""Where words are sent: the search page, else the list that can be narrowed by words."""
THEMES = frozenset({"light", "dark"})
THEME_COOKIE = "theme"
MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    url: str
    is_here: bool
    count: str = ""


def is_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


@cache
def pages() -> tuple[tuple[str, str], ...]:
    """The entries that have a page; asked once a process."""
    return tuple((name, url) for name, url in NAMED if is_page(url))


@cache
def search_page() -> str:
    return next(url for url in SEARCHES if is_page(url))


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context processor of `base.html`."""
    return {
        "navigation": entries(request),
        "search_page": search_page(),
        "theme": theme_of(request),
        "site": settings.FAULTLINE_URL,
    }


def theme_of(request: HttpRequest) -> str:
    """Empty: as the reader's system has it."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def entries(request: HttpRequest) -> list[Entry]:
    listed = [Entry(name, url, request.path.startswith(url)) for name, url in pages()]
    if may_judge(request):
        name, url = REVIEW
        listed.append(Entry(name, url, request.path.startswith(url), count_of(waiting())))
    return listed


def may_judge(request: HttpRequest) -> bool:
    # A request that failed early has not met the middleware that tells who it is.
    person = getattr(request, "user", None)
    return isinstance(person, User) and person.may_judge


def waiting() -> int:
    """How many questions wait for an answer, as far as it is worth counting."""
    return sum(counts("", MOST_COUNTED + 1).values())


def count_of(number: int) -> str:
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or "")
