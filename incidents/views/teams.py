"""Teams: who is in them, as what, who is invited, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from incidents.choices import Role
from incidents.models import Invitation, Membership, Team, User
from incidents.permissions import may
from incidents.teams import links, roles
from incidents.teams.forms import InvitationForm, RoleForm, TeamForm
from incidents.teams.history import team_history
from incidents.teams.mailing import mail_link
from incidents.views.signing_in import person_page

P = ParamSpec("P")
TeamView = Callable[Concatenate[HttpRequest, User, Team, P], HttpResponse]
reading_or_posting = require_http_methods(["GET", "HEAD", "POST"])
NO_LEAD = "A team keeps a lead: make somebody else one first."


def team_page(act: str) -> Callable[[TeamView[P]], Callable[Concatenate[HttpRequest, str, P], HttpResponse]]:
    """404 to whoever may not see the team, as if there were none; 403 to who may see it and not do this."""

    def guard(view: TeamView[P]) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            person = request.user
            team = get_object_or_404(Team.objects.seen_by(person), slug=slug)
            if not isinstance(person, User) or not may(person, "team.see", team):
                raise Http404
            if not may(person, act, team):
                raise PermissionDenied
            return view(request, person, team, *args, **kwargs)

        return guarded  # type: ignore[return-value]  # wraps() keeps the names of the parameters

    return guard


@reading_or_posting
@person_page
def index(request: HttpRequest, person: User) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if form.is_valid():
        return redirect("teams:team", roles.found(**form.cleaned_data, by=person).slug)
    teams = [
        {"team": team, "role": person.roles.get(team.pk)}
        for team in Team.objects.seen_by(person).with_counts()
    ]
    return render(request, "teams/index.html", {"form": form, "teams": teams})


@require_safe
@team_page("team.see")
def team(request: HttpRequest, person: User, team: Team) -> HttpResponse:
    memberships = team.memberships.select_related("user")
    rows = [
        {"membership": one, "is_you": one.user_id == person.pk}
        for one in sorted(memberships, key=lambda one: -links.RANKS.index(one.role))
    ]
    context = {
        "team": team,
        "members": rows,
        "roles": Role.choices,
        "may_lead": may(person, "team.change-roles", team),
        "may_leave": may(person, "team.leave", team),
        "may_see_history": may(person, "team.see-history", team),
        "invitations": team.invitations.filter(accepted_at=None).select_related("invited_by"),
        "form": InvitationForm(),
    }
    return render(request, "teams/team.html", context)


@reading_or_posting
@team_page("team.rename")
def edit(request: HttpRequest, person: User, team: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=team)
    if form.is_valid():
        form.save()
        return redirect("teams:team", team.slug)
    return render(request, "teams/edit.html", {"form": form, "team": team})


@require_safe
@team_page("team.see-history")
def history(request: HttpRequest, person: User, team: Team) -> HttpResponse:
    return render(request, "teams/history.html", {"team": team, "lines": team_history(team)})


@require_POST
@team_page("team.invite")
def invite(request: HttpRequest, person: User, team: Team) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Write an email address, and choose a role.")
        return redirect("teams:team", team.slug)
    return show_invitation(request, person, team, form.cleaned_data["email"], Role(form.cleaned_data["role"]))


@require_POST
@team_page("team.invite")
def renew(request: HttpRequest, person: User, team: Team, pk: int) -> HttpResponse:
    """Another link for the same invitation: the one before it ends."""
    old = get_object_or_404(Invitation, team=team, pk=pk, accepted_at=None)
    return show_invitation(request, person, team, old.email, Role(old.role))


def show_invitation(request: HttpRequest, person: User, team: Team, email: str, role: Role) -> HttpResponse:
    link = links.invite(team, email, role, person)
    text = f"{person} invites you to the team {team} on Faultline, as {role.label.lower()}."
    is_sent = mail_link(email, subject=f"Invitation to {team}", text=text, link=link)
    context = {
        "link": link,
        "email": email,
        "is_sent": is_sent,
        "back": team,
        "lasts": links.INVITATION_LASTS.days,
        "what": f"makes its bearer {role.label.lower()} of {team}",
    }
    return render(request, "teams/link.html", context)


@require_POST
@team_page("team.invite")
def withdraw(request: HttpRequest, person: User, team: Team, pk: int) -> HttpResponse:
    get_object_or_404(Invitation, team=team, pk=pk, accepted_at=None).delete()
    messages.success(request, "Withdrawn: the link opens nothing any more.")
    return redirect("teams:team", team.slug)


@require_POST
@team_page("team.change-roles")
def change_role(request: HttpRequest, person: User, team: Team, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership, team=team, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose a role.")
        return redirect("teams:team", team.slug)
    try:
        roles.change_role(membership, Role(form.cleaned_data["role"]))
    except roles.LastLead:
        messages.error(request, NO_LEAD)
    else:
        messages.success(request, f"{membership.user} is {form.cleaned_data['role']} now.")
    return redirect("teams:team", team.slug)


@require_POST
@team_page("team.change-roles")
def remove(request: HttpRequest, person: User, team: Team, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership, team=team, pk=pk)
    try:
        roles.remove(membership)
    except roles.LastLead:
        messages.error(request, NO_LEAD)
    else:
        messages.success(request, f"{membership.user} is in this team no more.")
    return redirect("teams:team", team.slug)


@require_POST
@team_page("team.leave")
def leave(request: HttpRequest, person: User, team: Team) -> HttpResponse:
    try:
        roles.remove(get_object_or_404(Membership, team=team, user=person))
    except roles.LastLead:
        messages.error(request, NO_LEAD)
        return redirect("teams:team", team.slug)
    messages.success(request, f"You left {team}.")
    return redirect("teams:index")
