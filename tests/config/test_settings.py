"""Settings as the environment makes them, each read in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from config.embedded import PROJECT


def environment(**given: str) -> dict[str, str]:
    """What is given and nothing else: a machine's own variables are no part of these tests."""
    return {"PATH": os.environ["PATH"], "FAULTLINE_DATA_DIR": "/nonexistent/data", **given}


def settings(**given: str) -> dict[str, Any]:
    program = "import json; from config import settings as s; "
    program += "print(json.dumps({name: getattr(s, name) for name in dir(s) if name.isupper()}, default=str))"
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, cwd=PROJECT, env=environment(**given), stdout=subprocess.PIPE, check=True)
    return json.loads(told.stdout)


def manage(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=PROJECT, env=environment(**given), capture_output=True, text=True)


def test_plain_http_on_loopback_keeps_cookies_usable() -> None:
    found = settings(PORT="8123")
    assert found["CSRF_TRUSTED_ORIGINS"] == ["http://127.0.0.1:8123"]
    assert not found["SESSION_COOKIE_SECURE"]
    assert not found["SECURE_SSL_REDIRECT"]
    assert found["SECURE_HSTS_SECONDS"] == 0


def test_https_address_makes_cookies_secure_and_browsers_insist() -> None:
    found = settings(FAULTLINE_URL="https://faultline.example/")
    assert "faultline.example" in found["ALLOWED_HOSTS"]
    assert "*" not in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://faultline.example"]
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] >= 180 * 24 * 3600


def test_nothing_is_open_by_default() -> None:
    found = settings()
    assert not found["DEBUG"]
    assert not found["ALLOW_PRIVATE_SOURCES"]
    assert found["EMAIL_BACKEND"].endswith("dummy.EmailBackend")
    assert not found["DATABASES"]


def test_mail_url_is_taken_apart() -> None:
    found = settings(
        FAULTLINE_MAIL_URL="smtp://me:p%40ss@mail.example", FAULTLINE_MAIL_FROM="us@faultline.example"
    )
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"]) == (
        "mail.example",
        587,
        "p@ss",
    )
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (True, False)
    assert found["DEFAULT_FROM_EMAIL"] == "us@faultline.example"
    assert settings(FAULTLINE_MAIL_URL="smtps://mail.example")["EMAIL_PORT"] == 465


def test_secret_key_of_the_environment_is_used() -> None:
    assert settings(FAULTLINE_SECRET_KEY="from outside")["SECRET_KEY"] == "from outside"


@pytest.mark.parametrize("url", ["https://faultline.example", ""])
def test_checks_for_deployment_find_nothing(url: str) -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", FAULTLINE_URL=url)
    assert checked.returncode == 0, checked.stderr


def test_plain_http_on_another_address_is_told() -> None:
    checked = manage("check", "--deploy", "--fail-level", "WARNING", FAULTLINE_URL="http://faultline.example")
    assert "security.W012" in checked.stderr


@pytest.mark.parametrize(
    "name", ["PORT", "FAULTLINE_URL", "FAULTLINE_DEBUG", "FAULTLINE_LOG_FORMAT", "DATABASE_URL"]
)
def test_bad_setting_is_one_line_with_its_name(name: str) -> None:
    failed = manage("check", **{name: "nonsense"})
    assert failed.returncode == 1
    assert name in failed.stderr
    assert failed.stderr.count("\n") == 1
