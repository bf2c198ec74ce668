"""Sends a message to an address that a stranger named: with the refusals of `fetching`, by the same door."""

from __future__ import annotations

import httpcore
import httpx

from ingest.addresses import checked_url
from ingest.dialling import Budget, Transport
from ingest.errors import Failure, FetchError
from ingest.fetching import REDIRECTS, Rules, refusal

LARGEST_ANSWER = 64 * 1024
"""An answer's body is nobody's interest; what is larger is not even read."""


def post(url: str, body: bytes, headers: dict[str, str], rules: Rules) -> None:
    """Deliver once; raises FetchError for all but a 2xx. A redirect is not followed, so it is no delivery."""
    target = checked_url(url, allow_private=rules.allow_private, ports=rules.ports)
    budget = Budget(seconds=rules.seconds, wire=LARGEST_ANSWER)
    told = {"User-Agent": rules.user_agent, "Connection": "close", **headers}
    request = httpx.Request("POST", target, headers=told, content=body)
    try:
        with Transport(budget, allow_private=rules.allow_private) as transport:
            response = transport.handle_request(request)
            response.close()
    except (httpcore.TimeoutException, httpx.TimeoutException) as error:
        raise FetchError(f"took longer than {rules.seconds:g} s", Failure.TIMED_OUT) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpx.TransportError) as error:
        raise FetchError(f"no answer: {error or type(error).__name__}") from error
    if response.status_code in REDIRECTS:
        raise FetchError(f"answered {response.status_code}: redirects are not followed", Failure.REDIRECT)
    if not response.is_success:
        raise refusal(response)
