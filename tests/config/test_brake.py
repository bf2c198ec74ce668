"""The brake of the read API: so many requests a minute from one address, told in headers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory

from config import brake
from config.brake import BrakeMiddleware


@pytest.fixture(autouse=True)
def five_a_minute(settings: Any, broker: str) -> Iterator[None]:
    settings.API_RATE, settings.REDIS_URL = 5, broker
    redis = brake.client(broker)
    yield
    for key in redis.scan_iter("faultline:api:*"):
        redis.delete(key)


def ask(address: str = "203.0.113.9", path: str = "/api/v1/incidents") -> HttpResponse:
    return BrakeMiddleware(lambda request: HttpResponse())(RequestFactory().get(path, REMOTE_ADDR=address))


def test_more_than_the_rate_is_refused_with_the_time_to_wait() -> None:
    answers = [ask() for _ in range(7)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
    assert [answer["RateLimit-Remaining"] for answer in answers] == ["4", "3", "2", "1", "0", "0", "0"]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 12
    assert b"5 requests a minute" in answers[-1].content


def test_tokens_run_in_again() -> None:
    now = time.time()
    with time_machine.travel(now, tick=False):
        assert [ask().status_code for _ in range(6)][-1] == 429
    with time_machine.travel(now + 12.5, tick=False):
        assert [ask().status_code for _ in range(2)] == [200, 429]
    with time_machine.travel(now - 3600, tick=False):
        assert ask().status_code == 429, "a clock that goes back fills nothing"


def test_each_address_has_a_bucket_of_its_own_and_a_network_of_version_six_one() -> None:
    for _ in range(6):
        ask()
    assert ask("198.51.100.1").status_code == 200
    assert [ask(f"2001:db8::{number}").status_code for number in range(1, 7)][-1] == 429
    assert ask("2001:db8:0:1::1").status_code == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_tools_on_the_machine_itself_are_not_counted(address: str) -> None:
    assert {ask(address).status_code for _ in range(9)} == {200}


def test_pages_are_not_counted() -> None:
    assert {ask(path="/incidents/").status_code for _ in range(9)} == {200}


def test_without_redis_everybody_is_let_through(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    assert {ask().status_code for _ in range(9)} == {200}


def test_the_operator_may_take_it_away(settings: Any) -> None:
    settings.API_RATE = 0
    assert "RateLimit-Limit" not in ask()
