"""A person's own account, and the links that open one. What allauth does itself, it does under /accounts/."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.account.views import PasswordResetView
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from incidents.models import AccountLink, User
from incidents.teams import links
from incidents.teams.forms import EmailChangeForm, FirstAdminForm, NewPasswordForm, ProfileForm
from incidents.teams.mailing import has_mail
from incidents.teams.single_sign_on import ProviderClient
from incidents.views.signing_in import person_page


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
def home(request: HttpRequest, person: User) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return redirect("accounts:home")
    memberships = person.memberships.select_related("team").order_by("team__name")
    context = {"form": form, "memberships": memberships, "has_provider": bool(settings.OIDC.hostname)}
    return render(request, "account/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_page
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth has no types
def email(request: HttpRequest, person: User) -> HttpResponse:
    """With a mail server the new address counts once a link sent there is opened; without one, at once."""
    form = EmailChangeForm(request.POST or None, person=person, initial={"email": person.email})
    if form.is_valid():
        address = form.cleaned_data["email"]
        if has_mail():
            EmailAddress.objects.add_new_email(request, person, address)
            messages.success(request, f"Open the link sent to {address}; until then the old one holds.")
        else:
            person.email = address
            person.save(update_fields=["email"])
            links.vouch_for(person, address)
            messages.success(request, "Saved.")
        return redirect("accounts:home")
    return render(request, "account/email.html", {"form": form, "has_mail": has_mail()})


class ResetView(PasswordResetView):  # type: ignore[misc]  # allauth has no types
    """Without a mail server nobody is told that a mail is on its way."""

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not has_mail():
            return render(request, "account/password_reset_by_hand.html")
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


reset = ResetView.as_view()


@require_GET
@never_cache
def from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The way back from the identity provider."""
    try:
        take = OAuth2CallbackView.adapter_view(ProviderClient(request, provider_id))
        response: HttpResponse = take(request)
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A link that works once: a new password, or the first admin's account."""
    try:
        opened = links.open_account_link(token)
        return first_admin(request, token) if opened.person is None else new_password(request, token, opened)
    except links.LinkSpent:
        return render(request, "account/link_spent.html", status=404)


def first_admin(request: HttpRequest, token: str) -> HttpResponse:
    form = FirstAdminForm(request.POST or None)
    if form.is_valid():
        admin = links.make_first_admin(token, **form.cleaned_data)
        return signed_in(request, admin)
    return render(request, "account/first_admin.html", {"form": form})


def new_password(request: HttpRequest, token: str, opened: AccountLink) -> HttpResponse:
    person = opened.person
    form = NewPasswordForm(request.POST or None, person=person)
    if form.is_valid():
        links.set_password(token, form.cleaned_data["password"])
        messages.success(request, "The new password holds. Sign in with it.")
        return redirect("account_login")
    return render(request, "account/new_password.html", {"form": form, "person": person})


def signed_in(request: HttpRequest, person: User, to: str | None = None) -> HttpResponse:
    response: HttpResponse = perform_login(request, person, email_verification="none", redirect_url=to)
    return response
