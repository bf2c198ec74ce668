"""Who may write signs in; readers need no account. Django's own views with our page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from incidents.models import User

P = ParamSpec("P")
AnalystView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]

sign_in = LoginView.as_view(template_name="review/sign_in.html")
sign_out = LogoutView.as_view()


def analyst_page(view: AnalystView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Strangers are sent to sign in; to somebody signed in who is no analyst the page does not exist."""

    @never_cache
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        person = request.user
        if not isinstance(person, User) or not person.may_judge:
            raise Http404
        return view(request, person, *args, **kwargs)

    return guarded  # type: ignore[return-value]  # wraps() keeps the names of the parameters
