"""Who may write signs in; readers need no account. What a page asks of who opens it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache

from incidents.models import User
from incidents.permissions import may

P = ParamSpec("P")
PersonView = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def person_page(view: PersonView[P]) -> View[P]:
    """Strangers are sent to sign in, and come back."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        assert isinstance(request.user, User)
        return view(request, request.user, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # wraps() keeps the names of the parameters


def page_for(act: str) -> Callable[[PersonView[P]], View[P]]:
    """Strangers are sent to sign in; to somebody signed in who may not do this the page does not exist."""

    def guard(view: PersonView[P]) -> View[P]:
        @wraps(view)
        def guarded(
            request: HttpRequest, person: User, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if not may(person, act):
                raise Http404
            return view(request, person, *args, **kwargs)

        return person_page(guarded)  # type: ignore[arg-type]  # wraps() keeps the names of the parameters

    return guard


def analyst_page(view: PersonView[P]) -> View[P]:
    return page_for("record.judge")(view)
