"""Preparing a record: once, by one at a time, and again for what changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config import embedded, preparing

COUNT = "from incidents.models import Source; print('sources', Source.objects.count())"


def manage(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "FAULTLINE_DATA_DIR": str(data)}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=embedded.PROJECT, env=environment, capture_output=True, text=True)


def test_first_command_prepares_an_empty_folder_and_the_next_has_nothing_to_do(data: Path) -> None:
    first = manage(data, "shell", "--verbosity", "0", "--command", COUNT)
    assert first.returncode == 0, first.stderr
    assert "load_catalogue" in first.stderr
    again = manage(data, "shell", "--verbosity", "0", "--command", COUNT)
    assert again.stdout == first.stdout
    assert again.stderr == ""
    count = int(first.stdout.split()[-1])
    assert count > 50

    # What is undone is done again by whichever command comes next.
    assert manage(data, "migrate", "ingest", "zero", "--verbosity", "0").returncode == 0
    mended = manage(data, "shell", "--verbosity", "0", "--command", COUNT)
    assert "migrate" in mended.stderr
    assert mended.stdout == first.stdout


def test_two_preparations_at_once_are_one(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "STEPS", ())
    with embedded.lent(data):
        url = os.environ["DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as database:
            database.execute("CREATE TABLE django_migrations (app text, name text)")
            for name in preparing.on_disk():
                database.execute("INSERT INTO django_migrations VALUES (%s, %s)", name.split("."))
        assert preparing.prepare(url)
        assert not preparing.prepare(url)


def test_changed_data_file_is_loaded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "PROJECT", tmp_path)
    file = tmp_path / "nlp" / "vocabulary" / "aws.jsonl"
    file.parent.mkdir(parents=True)
    file.write_text("{}")
    before = preparing.fingerprint()
    assert preparing.fingerprint() == before
    file.write_text('{"slug": "aws:us-east-1"}')
    assert preparing.fingerprint() != before


def test_patterns_find_what_a_preparation_loads() -> None:
    for pattern in preparing.MADE_FROM:
        assert list(embedded.PROJECT.glob(pattern)), pattern
