"""Where allauth asks us: who may sign up, where links lead, what a new person is called."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import Provider
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from incidents.models import User

log = logging.getLogger(__name__)


def public(url: str) -> str:
    """The same page at our public address, whatever Host the request named."""
    parts = urlsplit(url)
    return f"{settings.FAULTLINE_URL}{parts.path}{'?' if parts.query else ''}{parts.query}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGN_UP == "open"

    def is_safe_url(self, url: str | None) -> bool:
        """Only pages of ours are led to, by their path."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        person = request.user
        is_judge = isinstance(person, User) and person.may_judge
        return reverse("incidents:review" if is_judge else "accounts:home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        return public(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return public(super().get_email_confirmation_url(request, emailconfirmation))

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data.get("name", user.name)
        saved: User = super().save_user(request, user, form, commit)
        return saved


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The operator's identity provider. Nobody takes over an account by an email that it states."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return settings.SIGN_UP in {"oidc", "open"}

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """The form would ask for an address of somebody who has stated one that is taken."""
        addresses = [address.email for address in sociallogin.email_addresses]
        if any(filter_users_by_email(address) for address in addresses):
            page = render(
                request, "socialaccount/address_taken.html", {"provider": sociallogin.provider}, status=409
            )
            raise ImmediateHttpResponse(page)
        is_allowed: bool = super().is_auto_signup_allowed(request, sociallogin)
        return is_allowed

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Provider,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> None:
        reason = exception or request.GET.get("error") or "no such sign-in was begun in this session"
        log.warning("single sign-on failed: %.300r", reason)
        if isinstance(exception, OSError):  # those of requests are
            page = render(request, "socialaccount/provider_away.html", {"provider": provider}, status=503)
            raise ImmediateHttpResponse(page)

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        user.name = data.get("name") or " ".join(part for part in parts if part)
        return user
