"""Single sign-on, walked the whole way: button, provider, way back; and what stops on it."""

from __future__ import annotations

import re
from html import unescape
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse
from django.test import Client
from pytest_httpserver import HTTPServer

from incidents.models import User
from tests.factories import make_user
from tests.incidents.identity_provider import ADA, CALLBACK, CLIENT_ID, SECRET, IdentityProvider

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"
PASSWORD = "correct horse battery"


@pytest.fixture
def provider(httpserver: HTTPServer, settings: Any) -> IdentityProvider:
    provider = IdentityProvider(httpserver)
    set_up(settings, provider.url)
    return provider


def set_up(settings: Any, url: str) -> None:
    """As the environment's variables would."""
    app = settings.OIDC_APP
    at_provider = {"name": "Our desk", "client_id": CLIENT_ID, "secret": SECRET}
    app = app | at_provider | {"settings": app["settings"] | {"server_url": url}}
    settings.OIDC = urlsplit(url)
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
    }


@pytest.fixture
def ada() -> User:
    ada = make_user("ada", email="ada@b.example", password=make_password(PASSWORD), is_analyst=False)
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    return ada


@pytest.fixture
def connected(ada: User) -> User:
    SocialAccount.objects.create(user=ada, provider="oidc", uid=ADA["sub"])
    return ada


def press(client: Client, page: str = SIGN_IN) -> Any:
    """The button of the page."""
    found = re.search(r'action="(/accounts/oidc/[^"]+)"', client.get(page).content.decode())
    assert found is not None
    return client.post(unescape(found[1]))


def ask_provider(pressed: HttpResponse) -> str:
    """What the browser does there; the address that it is led back to."""
    assert pressed.status_code == 302
    answer = httpx.get(
        pressed["Location"], verify=False
    )  # over http: certificates are not worth their loading
    assert answer.status_code == 302, answer.text
    back: str = answer.headers["Location"]
    assert back.startswith(CALLBACK)
    return back.removeprefix("http://testserver")


def walk(client: Client, page: str = SIGN_IN) -> Any:
    return client.get(ask_provider(press(client, page)))


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def text(page: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(page.content.decode())))


class TestConnected:
    def test_who_is_connected_is_signed_in(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        assert walk(client)["Location"] == "/account/"
        assert "Signed in as ada@b.example" in text(client.get("/account/"))

    def test_it_leads_back_to_where_one_was_asked(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        assert walk(client, f"{SIGN_IN}?next=/teams/")["Location"] == "/teams/"

    def test_it_leads_to_no_other_site(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        assert walk(client, f"{SIGN_IN}?next=https://evil.example/")["Location"] == "/account/"

    def test_another_address_at_the_provider_is_still_the_same_person(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        provider.person["email"] = "lovelace@b.example"
        walk(client)
        assert "Signed in as ada@b.example" in text(client.get("/account/"))

    def test_the_second_factor_is_asked_for(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        secret = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
        Authenticator.objects.create(user=connected, type="totp", data={"secret": secret})
        assert walk(client)["Location"] == "/accounts/2fa/authenticate/"
        assert not is_signed_in(client)

    def test_who_is_locked_out_of_the_site_stays_out(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        User.objects.update(is_active=False)
        walk(client)
        assert not is_signed_in(client)


class TestConnecting:
    CONNECT = "/accounts/oidc/oidc/login/?process=connect"

    @pytest.fixture
    def signed(self, client: Client, ada: User) -> Client:
        client.post(SIGN_IN, {"login": "ada", "password": PASSWORD})
        return client

    def connect(self, signed: Client) -> str:
        """Who changes how to get in says the password again; what was begun goes on then."""
        asked = signed.get(ask_provider(signed.post(self.CONNECT)))["Location"]
        assert asked == "/accounts/reauthenticate/" and not SocialAccount.objects.filter(user__username="ada")
        answer = signed.post(asked, {"password": PASSWORD})
        return text(signed.get(answer["Location"]))

    def test_who_connects_it_signs_in_by_it_from_then_on(
        self, signed: Client, provider: IdentityProvider
    ) -> None:
        assert "/accounts/3rdparty/" in signed.get("/account/").content.decode()
        connections = unescape(signed.get("/accounts/3rdparty/").content.decode())
        assert self.CONNECT in connections
        assert "Our desk" in text(signed.get(self.CONNECT))
        assert "has been connected" in self.connect(signed)
        other = Client()
        walk(other)
        assert "Signed in as ada@b.example" in text(other.get("/account/"))

    def test_what_somebody_else_has_connected_is_not_taken(
        self, signed: Client, provider: IdentityProvider
    ) -> None:
        eve = make_user("eve")
        SocialAccount.objects.create(user=eve, provider="oidc", uid=ADA["sub"])
        assert "already connected to a different account" in self.connect(signed)
        assert SocialAccount.objects.get().user == eve


class TestNewPerson:
    def test_without_an_invitation_nobody_gets_in(self, client: Client, provider: IdentityProvider) -> None:
        page = text(walk(client))
        assert "By invitation" in page and "connect Our desk under Account" in page
        assert not User.objects.exists() and not is_signed_in(client)

    @pytest.mark.parametrize("door", ["oidc", "open"])
    def test_where_the_operator_says_so_an_account_without_rights_is_made(
        self, client: Client, provider: IdentityProvider, settings: Any, door: str
    ) -> None:
        settings.SIGN_UP = door
        walk(client)
        person = User.objects.get()
        assert (str(person), person.email) == ("Ada Lovelace", "ada@b.example")
        assert not (person.is_analyst or person.is_staff or person.is_superuser)
        assert is_signed_in(client)
        again = Client()
        walk(again)
        assert is_signed_in(again) and User.objects.count() == 1

    @pytest.mark.parametrize(
        ("stated", "counts"), [(True, True), ("true", True), (False, False), ("false", False), (None, False)]
    )
    def test_an_address_counts_as_verified_where_the_provider_says_so(
        self, client: Client, provider: IdentityProvider, settings: Any, stated: Any, counts: bool
    ) -> None:
        settings.SIGN_UP = "oidc"
        provider.person["email_verified"] = stated
        walk(client)
        assert EmailAddress.objects.get().verified is counts

    def test_who_has_no_address_there_is_asked_for_one_and_keeps_the_name(
        self, client: Client, provider: IdentityProvider, settings: Any
    ) -> None:
        settings.SIGN_UP = "oidc"
        del provider.person["email"]
        form = walk(client)["Location"]
        assert form == "/accounts/3rdparty/signup/" and 'name="email"' in client.get(form).content.decode()
        client.post(form, {"email": "countess@b.example"})
        person = User.objects.get()
        assert (str(person), person.email) == ("Ada Lovelace", "countess@b.example")
        assert not EmailAddress.objects.get().verified


class TestSameAddress:
    @pytest.mark.parametrize("is_verified", [True, False])
    @pytest.mark.parametrize("door", ["invited", "oidc", "open"])
    def test_an_account_is_never_opened_because_an_address_is_the_same(
        self,
        client: Client,
        provider: IdentityProvider,
        ada: User,
        settings: Any,
        door: str,
        is_verified: bool,
    ) -> None:
        settings.SIGN_UP = door
        provider.person |= {"email": "Ada@B.example", "email_verified": is_verified}
        page = walk(client)
        assert ("There is an account" if door != "invited" else "By invitation") in text(page)
        assert "Sign in to it by its password, then connect Our desk" in text(page)
        assert not is_signed_in(client)
        assert not SocialAccount.objects.exists() and User.objects.get() == ada


class TestState:
    """A way back that this browser did not begin is refused."""

    def refused(self, client: Client, back: str) -> None:
        page = client.get(back)
        assert page.status_code == 401
        assert "Not signed in" in text(page) and "Nobody was signed in" in text(page)
        assert not is_signed_in(client)

    @pytest.mark.parametrize("state", ["", "made-up"])
    def test_that_nobody_gave(
        self, client: Client, provider: IdentityProvider, connected: User, state: str
    ) -> None:
        back = ask_provider(press(client))
        code = parse_qs(urlsplit(back).query)["code"][0]
        self.refused(client, f"{urlsplit(back).path}?{urlencode({'code': code, 'state': state})}")

    def test_of_another_browser(self, client: Client, provider: IdentityProvider, connected: User) -> None:
        self.refused(Client(), ask_provider(press(client)))

    def test_that_was_used(self, client: Client, provider: IdentityProvider, connected: User) -> None:
        back = ask_provider(press(client))
        client.get(back)
        client.post("/accounts/logout/")
        self.refused(client, back)

    def test_with_the_code_of_another_sign_in(
        self, client: Client, provider: IdentityProvider, connected: User
    ) -> None:
        """An attacker's code, put into a sign-in that somebody else began: PKCE and nonce both bar it."""
        code = parse_qs(urlsplit(ask_provider(press(Client()))).query)["code"][0]
        own = urlsplit(ask_provider(press(client)))
        state = parse_qs(own.query)["state"][0]
        self.refused(client, f"{own.path}?{urlencode({'code': code, 'state': state})}")


UNBELIEVABLE: dict[str, dict[str, Any]] = {
    "signed by another key under the published name": {"signed_by": "other"},
    "signed by a key that is not published": {"signed_by": "other", "signing": {"headers": {"kid": "other"}}},
    "signed by another key, unnamed": {"signed_by": "other", "signing": {"headers": {}}},
    "not signed": {"signing": {"key": None, "algorithm": "none"}},
    "signed by the secret that both hold": {"signing": {"key": SECRET, "algorithm": "HS256"}},
    "for another sign-in": {"claims": {"nonce": "another"}},
    "for no sign-in": {"claims": {"nonce": None}},
    "for another client": {"claims": {"aud": "another"}},
    "for several, given to another": {"claims": {"aud": [CLIENT_ID, "another"], "azp": "another"}},
    "of another issuer": {"claims": {"iss": "https://evil.example"}},
    "ended": {"claims": {"iat": int(time()) - 900, "exp": int(time()) - 600}},
    "without an end": {"claims": {"exp": None}},
    "about nobody": {"claims": {"sub": None}},
    "about somebody else than userinfo": {"userinfo": {"sub": "person-18"}},
    "no token": {"tokens": {"id_token": "hello"}},
    "a number": {"tokens": {"id_token": 7}},
    "missing": {"tokens": {"id_token": None}},
    "missing, as the access token is": {"tokens": {"access_token": None}},
}


@pytest.mark.parametrize("wrong", UNBELIEVABLE)
def test_an_id_token_is_refused_that_is(
    client: Client,
    provider: IdentityProvider,
    connected: User,
    caplog: pytest.LogCaptureFixture,
    wrong: str,
) -> None:
    for what, fields in UNBELIEVABLE[wrong].items():
        setattr(provider, what, fields)
    page = walk(client)
    assert page.status_code == 401 and "could not be verified" in text(page)
    assert "single sign-on failed" in caplog.text
    assert not is_signed_in(client)


@pytest.mark.parametrize("headers", [{"kid": "published"}, {}])
def test_an_id_token_may_leave_the_only_key_unnamed(
    client: Client, provider: IdentityProvider, connected: User, headers: dict[str, str]
) -> None:
    provider.signing = {"headers": headers}
    walk(client)
    assert is_signed_in(client)


class TestAway:
    def told(self, page: Any) -> None:
        assert page.status_code == 503
        assert "Our desk does not answer" in text(page) and "a password of this site works" in text(page)

    def test_the_button_says_that_nothing_listens(self, client: Client, settings: Any) -> None:
        set_up(settings, "http://127.0.0.1:9")  # discard: never ours
        self.told(press(client))

    def test_the_button_says_that_the_provider_is_broken(
        self, client: Client, provider: IdentityProvider
    ) -> None:
        provider.down = {"/.well-known/openid-configuration"}
        self.told(press(client))

    @pytest.mark.parametrize("body", ["", "<html>", "[]", "{}", '{"issuer": "https://id.example"}'])
    def test_the_button_says_that_it_is_no_provider(
        self, client: Client, httpserver: HTTPServer, settings: Any, body: str
    ) -> None:
        httpserver.expect_request("/.well-known/openid-configuration").respond_with_data(body)
        set_up(settings, httpserver.url_for("").rstrip("/"))
        self.told(press(client))

    @pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/userinfo"])
    def test_the_way_back_says_so_too(
        self, client: Client, provider: IdentityProvider, connected: User, path: str
    ) -> None:
        back = ask_provider(press(client))
        provider.down = {path}
        self.told(client.get(back))
        assert not is_signed_in(client)

    def test_a_password_works_meanwhile(self, client: Client, settings: Any, ada: User) -> None:
        set_up(settings, "http://127.0.0.1:9")
        client.post(SIGN_IN, {"login": "ada", "password": PASSWORD})
        assert is_signed_in(client)


def test_a_code_that_the_provider_does_not_take_is_refused(
    client: Client, provider: IdentityProvider, connected: User
) -> None:
    back = ask_provider(press(client))
    provider.grants.clear()
    assert client.get(back).status_code == 401
    assert not is_signed_in(client)


def test_who_breaks_off_there_is_told_that_nothing_happened(
    client: Client, provider: IdentityProvider
) -> None:
    state = parse_qs(urlsplit(press(client)["Location"]).query)["state"][0]
    query = urlencode({"error": "access_denied", "state": state})
    page = client.get(f"{urlsplit(CALLBACK).path}?{query}", follow=True)
    assert page.status_code == 200 and "broken off" in text(page)


def test_where_no_provider_is_set_up_there_is_no_way_back(client: Client) -> None:
    assert client.get(urlsplit(CALLBACK).path).status_code == 404
