"""Who gets in. To whoever may not see a post-mortem each of its addresses is one that does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.db.models import TextField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from incidents.models import Postmortem, User
from incidents.permissions import may
from incidents.postmortems.transitions import NotYours, Refused
from incidents.prepared import Given, Prepared

P = ParamSpec("P")
READING = Prepared(
    lambda: Postmortem.objects.for_reading().filter(slug=Given("slug", TextField())).order_by()
)
WorkView = Callable[Concatenate[HttpRequest, User, Postmortem, P], HttpResponse]


def team_page(act: str) -> Callable[[WorkView[P]], Callable[Concatenate[HttpRequest, str, P], HttpResponse]]:
    """A page of the team's own work, for whoever may do the act. A post-mortem that somebody may not work on
    does not exist for them; whoever works on it and may not do this is told so.
    """

    def decorate(view: WorkView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = request.user
            postmortem = found(slug)
            if not isinstance(person, User) or not may(person, "postmortem.work", postmortem):
                raise Http404
            if not may(person, f"postmortem.{act}", postmortem):
                return refused(request, postmortem, "That is not yours to do here.", status=403)
            try:
                return view(request, person, postmortem, *args, **kwargs)
            except Refused as reason:
                status = 403 if isinstance(reason, NotYours) else 409
                return refused(request, postmortem, f"{reason}.", status=status)

        return guarded  # type: ignore[return-value]  # wraps() keeps the names of the parameters

    return decorate


def found(slug: str) -> Postmortem:
    """With all that its writers need."""
    rows = Postmortem.objects.select_related("team", "incident", "publication", "template")
    postmortem: Postmortem = get_object_or_404(rows, slug=slug)
    return postmortem


def readable(request: HttpRequest, slug: str) -> Postmortem:
    """The post-mortem at this address, for whoever may read it."""
    postmortem: Postmortem | None = READING.first(slug=slug)
    if postmortem is None or not may(request.user, "postmortem.read", postmortem):
        raise Http404
    return postmortem


def refused(request: HttpRequest, postmortem: Postmortem, told: str, *, status: int) -> HttpResponse:
    context = {"postmortem": postmortem, "told": told}
    return render(request, "postmortems/refused.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Asked by the script that saves while somebody writes."""
    return request.headers.get("Accept", "").startswith("application/json")
