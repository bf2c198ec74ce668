"""The brake of the read API: a bucket of tokens an address, in Redis, where all web processes count."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

PREFIX = "/api/v1/"
MINUTE = 60.0
# A token runs in every 60 / size seconds, up to `size`; a request takes one. Told back: whether there was
# one, and how many are left.
TAKE = """
local size, now = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(kept[1] or size), tonumber(kept[2] or now)
left = math.min(size, left + math.max(0, now - at) * size / 60)
local is_free = left >= 1
if is_free then left = left - 1 end
redis.call('HSET', KEYS[1], 'left', left, 'at', now)
redis.call('EXPIRE', KEYS[1], 60)
return {is_free and 1 or 0, tostring(left)}
"""


@dataclass(frozen=True, slots=True)
class Taken:
    is_free: bool
    left: float
    size: int

    @property
    def wait(self) -> int:
        """Seconds until there is a token again."""
        return max(0, math.ceil((1 - self.left) * MINUTE / self.size))

    @property
    def full_again(self) -> int:
        return math.ceil((self.size - self.left) * MINUTE / self.size)


class BrakeMiddleware:
    """Answers 429 to an address that asks too fast. Without Redis it lets everybody through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        taken = take(request.META.get("REMOTE_ADDR", "")) if request.path.startswith(PREFIX) else None
        if taken is None:
            return self.get_response(request)
        response = self.get_response(request) if taken.is_free else refusal(taken)
        response["RateLimit-Limit"] = str(taken.size)
        response["RateLimit-Remaining"] = str(int(taken.left))
        response["RateLimit-Reset"] = str(taken.full_again)
        return response


def refusal(taken: Taken) -> HttpResponse:
    told = f"More than {taken.size} requests a minute. Try again in {taken.wait} s."
    return JsonResponse({"detail": told}, status=429, headers={"Retry-After": str(taken.wait)})


def take(address: str) -> Taken | None:
    """None where nothing is counted. Who asks from the machine itself is a tool of the operator's."""
    size = settings.API_RATE
    if not size or not settings.REDIS_URL or is_loopback(address):
        return None
    try:
        is_free, left = client(settings.REDIS_URL).eval(
            TAKE, 1, f"faultline:api:{block(address)}", size, time.time()
        )
    except RedisError:
        return None
    return Taken(bool(is_free), float(left), size)


@cache
def client(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)


def is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return True


def block(address: str) -> str:
    """A household has 2^64 addresses of IPv6: they count as one."""
    ip = ipaddress.ip_address(address)
    return str(ip) if ip.version == 4 else str(ipaddress.ip_network(f"{ip}/64", strict=False).network_address)
