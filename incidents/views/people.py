"""Everybody with an account, for admins: rights, links to choose a password, what changed."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from incidents.models import User
from incidents.teams import links
from incidents.teams.forms import NewPersonForm, PersonForm
from incidents.teams.history import person_history
from incidents.teams.mailing import mail_link
from incidents.teams.people import LastAdmin, change_rights
from incidents.views.signing_in import page_for

SHOWN = 100
reading_or_posting = require_http_methods(["GET", "HEAD", "POST"])


@reading_or_posting
@page_for("person.see")
def index(request: HttpRequest, person: User) -> HttpResponse:
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        added = links.make_person(**form.cleaned_data)
        return show_password_link(request, added, by=person)
    words = request.GET.get("q", "").replace("\0", "")[:200]
    found = User.objects.filter(
        Q(name__icontains=words) | Q(email__icontains=words) | Q(username__icontains=words)
    ).order_by("-is_active", "name", "username")
    context = {"form": form, "people": found[:SHOWN], "q": words, "count": found.count()}
    return render(request, "people/index.html", context)


@reading_or_posting
@page_for("person.change-rights")
def one(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    other = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, instance=other)
    if form.is_valid():
        try:
            change_rights(other, **form.cleaned_data)
        except LastAdmin:
            messages.error(request, "A site keeps an admin: make somebody else one first.")
        else:
            messages.success(request, "Saved.")
        return redirect("people:one", pk)
    context = {
        "other": other,
        "form": form,
        "memberships": other.memberships.select_related("team"),
        "lines": person_history(other),
    }
    return render(request, "people/one.html", context)


@require_POST
@page_for("person.make-password-link")
def password_link(request: HttpRequest, person: User, pk: int) -> HttpResponse:
    return show_password_link(request, get_object_or_404(User, pk=pk), by=person)


def show_password_link(request: HttpRequest, other: User, *, by: User) -> HttpResponse:
    link = links.account_link(other.email, person=other, by=by)
    text = f"{by} made a link for you on Faultline. It lets you choose a new password."
    is_sent = bool(other.email) and mail_link(other.email, subject="New password", text=text, link=link)
    context = {
        "link": link,
        "email": other.email,
        "is_sent": is_sent,
        "back": other,
        "lasts": links.ACCOUNT_LINK_LASTS.days,
        "what": f"lets its bearer choose the password of {other}",
    }
    return render(request, "teams/link.html", context)
