"""Signing in: who gets in, what is told, how often it may be tried, and where it leads."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.socialaccount.models import SocialLogin
from axes.models import AccessAttempt
from django.conf import settings as configured
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from config.settings import PASSWORD_HASHERS
from incidents.models import User
from incidents.teams.adapters import ProviderAdapter
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
PASSWORD = "correct horse battery"


@pytest.fixture
def ada() -> User:
    return make_user("ada", email="ada@b.example", password=make_password(PASSWORD), is_analyst=False)


def sign_in(client: Client, login: str = "ada", password: str = PASSWORD, **sent: Any) -> Any:
    return client.post(SIGN_IN, {"login": login, "password": password} | sent)


@pytest.mark.parametrize("login", ["ada", "ada@b.example", "ADA@b.example"])
def test_a_name_or_an_email_and_the_password_open_the_account(client: Client, ada: User, login: str) -> None:
    assert sign_in(client, login)["Location"] == "/account/"
    assert "ada@b.example" in client.get("/account/").content.decode()


def test_the_session_is_another_one_than_before(client: Client, ada: User) -> None:
    session = client.session
    session["kept"] = "yes"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = session.session_key
    sign_in(client)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


@pytest.mark.parametrize(
    "evil",
    ["//evil.example", "https://evil.example/", "https:evil.example", "/\\evil.example", "javascript:x"],
)
def test_signing_in_leads_to_no_other_site(client: Client, ada: User, evil: str) -> None:
    assert sign_in(client, next=evil)["Location"] == "/account/"


def test_signing_in_leads_back_to_where_one_was_asked(client: Client, ada: User) -> None:
    assert client.get("/teams/")["Location"] == "/accounts/login/?next=/teams/"
    assert sign_in(client, next="/teams/")["Location"] == "/teams/"


def test_who_has_no_account_and_who_mistypes_are_told_the_same(client: Client, ada: User) -> None:
    told = [errors(sign_in(client, login, "guess")) for login in ("ada", "nobody")]
    assert told[0] == told[1] and told[0]


def test_who_is_locked_out_of_the_site_stays_out(client: Client, ada: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client)
    assert client.get("/account/").status_code == 302


def sign_in_twice(client: Client) -> None:
    """Who changes how to get in says the password again."""
    sign_in(client)
    assert client.get("/accounts/email/")["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})


def errors(page: Any) -> list[str]:
    return re.findall(r'class="error"[^>]*>([^<]+)', page.content.decode())


def test_five_wrong_tries_close_the_name_to_the_address_for_a_time(client: Client, ada: User) -> None:
    for _ in range(5):
        page = sign_in(client, password="guess")
    assert page.status_code == 429 and 0 < int(page["Retry-After"]) <= 900
    assert "15 minutes" in page.content.decode()
    assert sign_in(client).status_code == 429, "the right password does not open it either"
    assert sign_in(client, "ADA").status_code == 429, "nor another spelling"
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client).status_code == 302


def test_tries_while_it_is_closed_do_not_keep_it_closed(client: Client, ada: User) -> None:
    began = timezone.now()
    for minute in range(0, 15, 3):
        with time_machine.travel(began + timedelta(seconds=minute)):
            sign_in(client, password="guess")
    with time_machine.travel(began + timedelta(minutes=14)):
        assert sign_in(client, password="guess").status_code == 429
    with time_machine.travel(began + timedelta(minutes=16)):
        assert sign_in(client).status_code == 302


def test_of_a_thousand_tries_from_one_address_few_are_looked_at(client: Client, ada: User) -> None:
    statuses = [sign_in(client, f"name{number}", "guess").status_code for number in range(1000)]
    assert statuses.count(200) <= 30
    assert AccessAttempt.objects.count() <= 30


def test_what_is_kept_of_a_try_holds_no_password(client: Client, ada: User) -> None:
    sign_in(client, password="hunter2hunter2")
    assert "hunter2" not in str(list(AccessAttempt.objects.values_list()))


def test_a_form_from_elsewhere_signs_nobody_in(ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403


def test_a_password_is_kept_by_argon2() -> None:
    assert PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_operators_sign_in_where_everybody_does(client: Client) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"].startswith(SIGN_IN)


class TestSecondFactor:
    @pytest.fixture
    def secret(self, ada: User) -> str:
        secret = "JBSWY3DPEHPK3PXP"
        Authenticator.objects.create(
            user=ada, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
        )
        return secret

    def code(self, secret: str) -> str:
        counter = next(iter(yield_hotp_counters_from_time()))
        return format_hotp_value(hotp_value(secret, counter))

    def test_the_password_alone_opens_nothing(self, client: Client, secret: str) -> None:
        assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/account/").status_code == 302
        assert "recovery codes" in client.get("/accounts/2fa/authenticate/").content.decode()

    def test_the_code_opens_it_and_works_once(self, client: Client, secret: str) -> None:
        sign_in(client)
        code = self.code(secret)
        assert client.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/account/"
        again = Client()
        sign_in(again)
        assert again.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200

    def test_codes_are_not_guessed(self, client: Client, secret: str) -> None:
        sign_in(client)
        told = [
            errors(client.post("/accounts/2fa/authenticate/", {"code": f"{number:06}"}))
            for number in range(100, 140)
        ]
        assert "Too many" in told[-1][0]

    def test_it_is_set_up_with_a_picture_that_the_policy_allows(self, client: Client, ada: User) -> None:
        sign_in_twice(client)
        page = client.get("/accounts/2fa/totp/activate/")
        text = page.content.decode()
        secret = re.search(r'id="key"[^>]*value="([A-Z2-7]+)"', text)
        assert 'src="data:image/svg+xml;base64,' in text and secret is not None
        assert "style=" not in text and "onclick" not in text
        told = client.post("/accounts/2fa/totp/activate/", {"code": self.code(secret[1])}, follow=True)
        codes = re.findall(r"[0-9a-f]{8}", told.content.decode())
        assert len(codes) >= 10

    def test_a_recovery_code_replaces_the_app(self, client: Client, ada: User, secret: str) -> None:
        Authenticator.objects.create(
            user=ada,
            type=Authenticator.Type.RECOVERY_CODES,
            data={"migrated_codes": ["12345678"], "used_mask": 0},
        )
        sign_in(client)
        opened = client.post("/accounts/2fa/authenticate/", {"code": "12345678"})
        assert opened["Location"] == "/account/"


class TestForgotten:
    @pytest.fixture
    def with_mail(self, settings: Any) -> None:
        settings.EMAIL_HOST = "mail.example"
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    def test_without_a_mail_server_the_page_says_who_helps(self, client: Client, ada: User) -> None:
        page = client.post("/accounts/password/reset/", {"email": "ada@b.example"})
        assert "sends no mail" in page.content.decode()

    @pytest.mark.usefixtures("with_mail")
    def test_the_mailed_link_leads_to_our_address_whatever_the_host(self, client: Client, ada: User) -> None:
        client.post("/accounts/password/reset/", {"email": "ada@b.example"}, HTTP_HOST="localhost:9999")
        (sent,) = mail.outbox
        assert f"{configured.FAULTLINE_URL}/accounts/password/reset/key/" in str(sent.body)
        assert "localhost:9999/accounts" not in str(sent.body)

    @pytest.mark.usefixtures("with_mail")
    def test_nobody_learns_whether_there_is_an_account(self, client: Client, ada: User) -> None:
        answers = [
            client.post("/accounts/password/reset/", {"email": f"{name}@b.example"})
            for name in ("ada", "eve")
        ]
        assert {(answer.status_code, answer["Location"]) for answer in answers} == {
            (302, "/accounts/password/reset/done/")
        }

    def test_another_host_than_ours_is_answered_nothing(self, client: Client) -> None:
        assert client.get(SIGN_IN, HTTP_HOST="evil.example").status_code == 400


class TestSigningUp:
    def test_it_is_closed_by_default(self, client: Client) -> None:
        sent = {"name": "Eve", "email": "eve@b.example", "password1": PASSWORD}
        page = client.post("/accounts/signup/", sent)
        assert "By invitation" in page.content.decode()
        assert not User.objects.exists()

    def test_the_operator_may_open_it(self, client: Client, settings: Any) -> None:
        settings.SIGN_UP = "open"
        assert "Make an account" in client.get("/accounts/signup/").content.decode()
        sent = {"name": "Eve Adams", "email": "eve@b.example", "password1": PASSWORD}
        assert client.post("/accounts/signup/", sent).status_code == 302
        eve = User.objects.get()
        assert (str(eve), eve.email, eve.is_analyst, eve.is_staff) == (
            "Eve Adams",
            "eve@b.example",
            False,
            False,
        )

    @pytest.mark.parametrize("password", ["short", "passwordpassword", "eveadams12"])
    def test_a_weak_password_is_refused(self, client: Client, settings: Any, password: str) -> None:
        settings.SIGN_UP = "open"
        sent = {"name": "Eve Adams", "email": "eveadams12@b.example", "password1": password}
        if password == "passwordpassword":
            sent["password1"] = "password123"
        assert errors(client.post("/accounts/signup/", sent))
        assert not User.objects.exists()


class TestOwnAccount:
    def test_the_name_is_changed(self, client: Client, ada: User) -> None:
        sign_in(client)
        client.post("/account/", {"name": "Ada Lovelace"})
        assert str(User.objects.get()) == "Ada Lovelace"

    def test_the_password_is_changed_by_who_knows_the_old_one(self, client: Client, ada: User) -> None:
        sign_in(client)
        sent = {"oldpassword": "guess", "password1": "another long one", "password2": "another long one"}
        assert errors(client.post("/accounts/password/change/", sent))
        client.post("/accounts/password/change/", sent | {"oldpassword": PASSWORD})
        assert sign_in(Client(), password="another long one").status_code == 302

    def test_the_other_sessions_are_ended(self, client: Client, ada: User) -> None:
        other = Client()
        sign_in(client)
        sign_in(other)
        assert "End the others" in client.get("/accounts/sessions/").content.decode()
        client.post("/accounts/sessions/")
        assert client.get("/account/").status_code == 200
        assert other.get("/account/").status_code == 302

    def test_without_a_mail_server_an_email_counts_at_once(self, client: Client, ada: User) -> None:
        sign_in_twice(client)
        client.post("/accounts/email/", {"email": "lovelace@b.example"})
        assert sign_in(Client(), "lovelace@b.example").status_code == 302

    def test_an_address_of_somebody_else_is_refused(self, client: Client, ada: User) -> None:
        make_user("bob", email="bob@b.example")
        sign_in_twice(client)
        assert errors(client.post("/accounts/email/", {"email": "BOB@b.example"}))

    def test_with_a_mail_server_it_counts_once_it_is_confirmed(
        self, client: Client, ada: User, settings: Any
    ) -> None:
        settings.EMAIL_HOST = "mail.example"
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        sign_in_twice(client)
        client.post("/accounts/email/", {"email": "lovelace@b.example"})
        assert User.objects.get().email == "ada@b.example"
        link = re.search(
            rf"{configured.FAULTLINE_URL}(/accounts/confirm-email/\S+)", str(mail.outbox[0].body)
        )
        assert link is not None
        client.post(link[1])
        assert User.objects.get().email == "lovelace@b.example"


class TestSingleSignOn:
    @pytest.fixture(autouse=True)
    def provider(self, settings: Any) -> None:
        app = {"provider_id": "oidc", "name": "Our desk", "client_id": "1", "secret": "2"}
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"APPS": [app | {"settings": {"server_url": "https://id.example"}}]}
        }

    def test_it_is_offered_where_there_is_a_provider(self, client: Client, settings: Any) -> None:
        page = client.get(SIGN_IN).content.decode()
        assert "Sign in with Our desk" in page and 'action="/accounts/oidc/oidc/login/' in page
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
        assert "Sign in with" not in client.get(SIGN_IN).content.decode()

    @pytest.mark.parametrize(("door", "is_open"), [("invited", False), ("oidc", True), ("open", True)])
    def test_it_makes_accounts_where_the_operator_says_so(
        self, settings: Any, door: str, is_open: bool
    ) -> None:
        settings.SIGN_UP = door
        assert ProviderAdapter().is_open_for_signup(RequestFactory().get("/"), SocialLogin()) == is_open
