"""Which commands get servers and a record, and which touch neither."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from config import providing
from config.embedded import PROJECT


@pytest.fixture
def manage(tmp_path: Path):
    environment = {
        **os.environ,
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "FAULTLINE_DATA_DIR": str(tmp_path / "var"),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True)

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ("help",),
        ("check",),
        ("makemigrations", "--check", "--dry-run"),
        ("doctor",),
        ("down",),
        ("poll", "--help"),
        (),
    ],
    ids=" ".join,
)
def test_what_needs_no_record_starts_nothing(manage, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = manage(*arguments)
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "var").exists()


def test_what_needs_no_record_cannot_touch_one(manage) -> None:
    program = (
        "from config.providing import provided; from incidents.models import Source; Source.objects.count()"
    )
    failed = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(); {program}"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )
    assert "settings.DATABASES is improperly configured" in failed.stderr


def test_commands_of_ours_that_are_listed_exist() -> None:
    ours = {name for name, app in get_commands().items() if app in {"config", "ingest", "incidents"}}
    listed = providing.WITHOUT_SERVERS | providing.WITHOUT_RECORD | providing.IN_SCRATCH
    assert {"doctor", "down", "predict", "prepare", "ready", "run", "up"} <= listed & ours
    assert listed - ours - set(get_commands()) == {"help", "version"}


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("poll aws", "poll"),
        ("poll --help", "help"),
        ("", "help"),
        ("--version", "help"),
        ("predict a b", "predict"),
    ],
)
def test_reads_the_command_of_a_line(line: str, command: str) -> None:
    assert providing.command_of(["manage.py", *line.split()]) == command
