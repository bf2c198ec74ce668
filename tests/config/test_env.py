"""Settings from the environment: typed, and named where they cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import env
from config.databases import database
from config.env import ConfigurationError


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> object:
    return lambda text: monkeypatch.setenv("SETTING", text)


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("off", False), ("", False)]
)
def test_reads_a_flag(say, text: str, value: bool) -> None:
    say(text)
    assert env.flag("SETTING") is value


def test_empty_setting_counts_as_unset(say) -> None:
    say("  ")
    assert env.text("SETTING", "default") == "default"
    assert env.number("SETTING", 3) == 3
    assert env.flag("SETTING", True) is True
    assert env.folder("SETTING", Path("here")) == Path("here")


@pytest.mark.parametrize("text", ["two", "-1", "0", "1.5", "²"])
def test_number_that_is_none_says_its_name_and_what_is_right(say, text: str) -> None:
    say(text)
    with pytest.raises(ConfigurationError, match=r"SETTING is .* from 1 up"):
        env.number("SETTING", 2, least=1)


def test_flag_that_is_none_says_its_name(say) -> None:
    say("maybe")
    with pytest.raises(ConfigurationError, match="SETTING is 'maybe': write 1 or 0"):
        env.flag("SETTING")


def test_folder_is_absolute_and_may_name_the_home(say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    say("~/data")
    assert env.folder("SETTING", Path("here")) == Path("/home/somebody/data")


@pytest.mark.parametrize(
    "text", ["faultline.example", "ftp://faultline.example", "https://", "http://h:99999", "http://[::1"]
)
def test_address_that_cannot_be_used_says_what_would_be(say, text: str) -> None:
    say(text)
    with pytest.raises(ConfigurationError, match="SETTING cannot be used: write http or https://host"):
        env.address("SETTING", "", {"http", "https"})


def test_choice_lists_the_choices(say) -> None:
    say("xml")
    with pytest.raises(ConfigurationError, match="write one of json, lines"):
        env.choice("SETTING", "json", {"json", "lines"})


def test_database_url_keeps_signs_options_and_the_socket_folder() -> None:
    settings = database("postgresql://us%40er:p%2Fw@db.example:6543/record?sslmode=verify-full")
    assert (settings["USER"], settings["PASSWORD"], settings["PORT"]) == ("us@er", "p/w", "6543")
    assert settings["OPTIONS"] == {"sslmode": "verify-full"}
    assert database("postgresql://faultline@/record?host=/run/a%20b&port=5432")["HOST"] == "/run/a b"


def test_only_the_web_has_a_pool_and_limits() -> None:
    assert database("postgresql:///record")["OPTIONS"] == {}
    options = database("postgresql:///record", pool=6)["OPTIONS"]
    assert options["pool"]["max_size"] == 6
    assert "statement_timeout" in options["options"]


def test_database_url_of_another_kind_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="write postgresql://"):
        database("sqlite:///record")
