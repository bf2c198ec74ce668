"""A small OpenID Connect provider on loopback: one client, one person who is signed in there.

It holds its client to the specification: redirect address, scope, secret, PKCE, codes that work once.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from time import time
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

CLIENT_ID = "faultline"
SECRET = "a secret that the operator was given, of any length"
CALLBACK = "http://testserver/accounts/oidc/oidc/login/callback/"
ADA = {"sub": "person-17", "email": "ada@b.example", "email_verified": True, "name": "Ada Lovelace"}


@cache
def key(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class IdentityProvider:
    server: HTTPServer
    person: dict[str, Any] = field(default_factory=ADA.copy)
    # What it does otherwise than it should: claims of the ID token (None: left out), how that is signed, ...
    claims: dict[str, Any] = field(default_factory=dict)
    signed_by: str = "published"
    signing: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    down: set[str] = field(default_factory=set)
    grants: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        pages = {
            "/.well-known/openid-configuration": self.discovery,
            "/authorize": self.authorize,
            "/token": self.token,
            "/keys": self.keys,
            "/userinfo": self.about,
        }
        for path, page in pages.items():
            self.server.expect_request(path).respond_with_handler(self.unless_down(path, page))

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    def unless_down(self, path: str, page: Any) -> Any:
        return lambda request: Response("down", 500) if path in self.down else page(request)

    def discovery(self, request: Request) -> Response:
        return answer(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
                "userinfo_endpoint": f"{self.url}/userinfo",
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            }
        )

    def authorize(self, request: Request) -> Response:
        asked = request.args
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, CALLBACK)
        assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
        assert {"openid", "email", "profile"} == set(asked["scope"].split())
        code = secrets.token_urlsafe()
        self.grants[code] = {"nonce": asked["nonce"], "challenge": asked["code_challenge"]}
        query = urlencode({"code": code, "state": asked["state"]})
        return Response(status=302, headers={"Location": f"{CALLBACK}?{query}"})

    def token(self, request: Request) -> Response:
        sent = request.form
        grant = self.grants.pop(sent["code"], None)
        verifier = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if grant is None or grant["challenge"] != urlsafe_b64encode(verifier).decode().rstrip("="):
            return answer({"error": "invalid_grant"}, 400)
        if (sent["client_id"], sent["client_secret"]) != (CLIENT_ID, SECRET):
            return answer({"error": "invalid_client"}, 401)
        assert (sent["grant_type"], sent["redirect_uri"]) == ("authorization_code", CALLBACK)
        tokens = {"access_token": "access", "token_type": "Bearer", "id_token": self.id_token(grant["nonce"])}
        return answer(kept(tokens | self.tokens))

    def id_token(self, nonce: str) -> str:
        now = int(time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        signing = {"key": key(self.signed_by), "algorithm": "RS256", "headers": {"kid": "published"}}
        return jwt.encode(kept(claims | self.person | self.claims), **signing | self.signing)

    def keys(self, request: Request) -> Response:
        public = RSAAlgorithm.to_jwk(key("published").public_key(), as_dict=True)
        return answer({"keys": [public | {"kid": "published", "alg": "RS256", "use": "sig"}]})

    def about(self, request: Request) -> Response:
        assert request.headers["Authorization"] == "Bearer access"
        return answer(self.person | self.userinfo)


def kept(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def answer(body: dict[str, Any], status: int = 200) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")
