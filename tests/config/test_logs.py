"""What stands in the log, and what must not: secrets of links, and the variables of a failed sign-in."""

from __future__ import annotations

import json
import logging
import logging.config
import sys
from typing import Any

import pytest
from django.test import RequestFactory

from config.logs import logging_settings


@pytest.fixture
def written() -> Any:
    """Formats a record as the JSON log does."""
    made = logging_settings("INFO", "json")["formatters"]["main"]
    formatter = logging.config.DictConfigurator({}).configure_formatter(made)

    def line(message: Any, **fields: Any) -> dict[str, Any]:
        record = logging.makeLogRecord({"msg": message, "levelname": "INFO", "name": "test"} | fields)
        told: dict[str, Any] = json.loads(formatter.format(record))
        return told

    return line


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/link/{}/",
        "/accounts/password/reset/key/{}/",
        "/accounts/confirm-email/{}/",
        "/teams/invitations/{}/",
        "/watches/stop/{}/",
    ],
)
def test_a_link_is_logged_without_what_opens_it(written: Any, path: str) -> None:
    address = path.format("aB3-dEf_9:xyz")
    told = written(f"Not Found: {address}", request=RequestFactory().get(address), path=f"{address}?next=/")
    assert "aB3" not in json.dumps(told)
    assert told["path"] == f"{path.format('…')}?next=/"


def test_other_addresses_are_logged_as_they_are(written: Any) -> None:
    assert written("started", request="GET /teams/matching-k3x9/edit/")["request"].endswith("k3x9/edit/")


def test_an_error_is_logged_without_its_variables(written: Any) -> None:
    def sign_in(password: str) -> None:
        raise ValueError("the form broke")

    try:
        sign_in("hunter2hunter2")
    except ValueError:
        told = written("failed", exc_info=sys.exc_info())
    assert told["exception"][0]["exc_value"] == "the form broke"
    assert told["exception"][0]["frames"][-1]["name"] == "sign_in"
    assert "hunter2" not in json.dumps(told)
