"""Static files: which are served, under which names, and when they are collected again."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from pytest_django.fixtures import Settings

from config import staticfiles


@pytest.mark.parametrize("name", ["plotly/plotly.min.js", "django_htmx/htmx-2.min.js"])
def test_javascript_comes_from_the_wheels(name: str) -> None:
    found = finders.find(name)
    assert found is not None
    assert "site-packages" in found


def test_nothing_else_of_the_wheel_is_served() -> None:
    assert finders.find("plotly/widgetbundle.js") is None


@pytest.fixture
def collected(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder into which the files of the wheels alone are collected, as `up` does it."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = ["config.staticfiles.WheelFinder"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.staticfiles.HashedStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    staticfiles.mark_collected()
    return settings.STATIC_ROOT


def test_collected_files_carry_a_hash_and_are_not_collected_twice(collected: Path) -> None:
    assert staticfiles.are_collected()
    name = staticfiles_storage.stored_name("plotly/plotly.min.js")
    assert name != "plotly/plotly.min.js"
    plain = (collected / name).stat().st_size
    assert (collected / f"{name}.br").stat().st_size < plain / 3
    assert (collected / f"{name}.gz").stat().st_size < plain / 3


def test_changed_file_is_collected_again(collected: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staticfiles.WheelStorage, "size", lambda self, name: 1)
    assert not staticfiles.are_collected()
