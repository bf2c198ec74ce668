"""What an invitation's link opens: the team joins who is signed in, or who makes an account."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from incidents.models import Invitation, User
from incidents.teams import links
from incidents.teams.forms import JoinForm
from incidents.views.account import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    try:
        opened = links.open_invitation(token)
        if isinstance(request.user, User):
            return join(request, request.user, token, opened)
        return join_as_new(request, token, opened)
    except links.LinkSpent:
        return render(request, "account/link_spent.html", status=404)


def join(request: HttpRequest, person: User, token: str, opened: Invitation) -> HttpResponse:
    if request.method == "POST":
        team = links.accept(token, person)
        messages.success(request, f"You are in {team}.")
        return redirect("teams:team", team.slug)
    return render(request, "teams/invitation.html", {"invitation": opened})


def join_as_new(request: HttpRequest, token: str, opened: Invitation) -> HttpResponse:
    """Who has an account under the invited address signs in and comes back here."""
    has_account = User.objects.filter(email__iexact=opened.email).exists()
    form = JoinForm(request.POST or None, person=User(email=opened.email))
    if not has_account and form.is_valid():
        person, team = links.join_as_new(token, **form.cleaned_data)
        return signed_in(request, person, to=team.get_absolute_url())
    context = {"invitation": opened, "form": None if has_account else form}
    return render(request, "teams/invitation.html", context)
