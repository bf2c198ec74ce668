"""The operator's OpenID Connect provider, held to more of the specification than allauth holds it to.

allauth sends no nonce, reads an ID token from the token endpoint without looking at its signature (over http,
too), takes userinfo of whomever it speaks, and falls over where the provider does not answer.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

# By a key that the provider publishes: never by a shared secret (HS256), never by nothing (none).
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
CLOCKS_DIFFER_BY = 60  # seconds
ENDPOINTS = {"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"}
Answer = dict[str, Any]


def nonce_of(state: str) -> str:
    """Who began a sign-in holds its state in the session; a token made for another has another nonce."""
    return salted_hmac("single sign-on", state, algorithm="sha256").hexdigest()


class ProviderClient(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """What we ask the provider, and which of its answers we believe."""

    @property
    def openid_config(self) -> Answer:
        """Asked outside of all of allauth's nets, by the button as by the way back."""
        try:
            known: Answer = super().openid_config
            if not isinstance(known, dict) or not known.keys() >= ENDPOINTS:
                raise ValueError("an endpoint is missing")
        except (OSError, ValueError, AttributeError) as error:
            away = ConnectionError(f"no discovery document: {error!r}")
            page = render_authentication_error(self.request, self.get_provider(), exception=away)
            raise ImmediateHttpResponse(page) from error
        return known

    def get_access_token_data(
        self,
        request: HttpRequest,
        app: SocialApp,
        client: OAuth2Client,
        pkce_code_verifier: str | None = None,
    ) -> Answer:
        try:
            answer = super().get_access_token_data(request, app, client, pkce_code_verifier)
        except (LookupError, TypeError) as error:
            raise OAuth2Error("the token endpoint answers something else than tokens") from error
        if not isinstance(answer, dict) or "id_token" not in answer:
            raise OAuth2Error("the token endpoint gives no ID token")
        return answer

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self.claims(kwargs["response"]["id_token"])
        answers = {"id_token": claims}
        if "userinfo_endpoint" in self.openid_config:
            answers["userinfo"] = self._fetch_user_info(token.token)
            if not isinstance(answers["userinfo"], dict) or answers["userinfo"].get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo is about somebody else than the ID token")
        return self.get_provider().sociallogin_from_response(request, answers)

    def claims(self, id_token: str) -> Answer:
        client_id = self.get_provider().app.client_id
        try:
            claims: Answer = jwt.decode(
                id_token,
                self.key(id_token),
                algorithms=SIGNATURES,
                audience=client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER_BY,
                options={"require": ["iss", "sub", "aud", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the ID token is not to be believed: {error}") from error
        if not constant_time_compare(str(claims.get("nonce")), nonce_of(self.request.GET["state"])):
            raise OAuth2Error("the ID token was made for another sign-in")
        if claims.get("azp", client_id) != client_id:
            raise OAuth2Error("the ID token was made for another client")
        return claims

    def key(self, id_token: str) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            published = answer.json()
        if not isinstance(published, dict):
            raise OAuth2Error("the provider publishes no keys")
        keys = jwt.PyJWKSet.from_dict(published).keys
        named = jwt.get_unverified_header(id_token).get("kid")
        for key in keys:
            if key.key_id == named or (named is None and len(keys) == 1):
                return key
        raise OAuth2Error("the ID token is signed by a key that the provider does not publish")


class SingleSignOn(OpenIDConnectProvider):  # type: ignore[misc]  # allauth has no types
    oauth2_adapter_class = ProviderClient

    def redirect(self, request: HttpRequest, process: str, **kwargs: Any) -> HttpResponse:
        state = get_adapter().generate_state_param({})
        asked = kwargs.pop("auth_params", None) or self.get_auth_params()
        response: HttpResponse = super().redirect(
            request, process, state_id=state, auth_params=asked | {"nonce": nonce_of(state)}, **kwargs
        )
        return response

    def extract_email_addresses(self, data: Answer) -> list[EmailAddress]:
        """Some providers write the flag as text; "false" is not true."""
        addresses: list[EmailAddress] = super().extract_email_addresses(data)
        for address in addresses:
            address.verified = address.verified in (True, "true")
        return addresses
