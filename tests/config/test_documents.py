"""Lists in the documents are whole: settings, commands, decisions, targets."""

from __future__ import annotations

import ast
import re

import pytest
from django.core.management import get_commands

from config import embedded
from config.embedded import PROJECT

READERS = {"text", "flag", "number", "folder", "choice", "address"}
# Set by us for our own processes, never by a person.
OUR_OWN = {"DJANGO_SETTINGS_MODULE"}


def settings_read() -> set[str]:
    """Every variable that the code reads from the environment."""
    found = set(embedded.ADDRESSES.values())
    for file in sorted(PROJECT.glob("[cin]*/**/*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and is_reader(node.func) and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found - OUR_OWN


def is_reader(function: ast.expr) -> bool:
    if not isinstance(function, ast.Attribute):
        return False
    owner = ast.unparse(function.value)
    return (owner == "env" and function.attr in READERS) or (
        owner in {"os", "os.environ"} and function.attr in {"getenv", "get", "setdefault"}
    )


def test_the_reader_of_settings_finds_them() -> None:
    assert {"DATABASE_URL", "PORT", "FAULTLINE_SERVER_USER", "FAULTLINE_DATABASE_POOL"} <= settings_read()


@pytest.mark.parametrize("name", sorted(settings_read()))
def test_setting_is_explained_for_operators(name: str) -> None:
    assert re.search(rf"^#?{name}=", (PROJECT / ".env.example").read_text(), re.MULTILINE)
    assert f"| `{name}` |" in (PROJECT / "docs" / "operations.md").read_text()


def test_example_holds_no_setting_that_nobody_reads() -> None:
    named = set(re.findall(r"^#?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))
    compose = set(re.findall(r"\$\{(\w+)", (PROJECT / "docker-compose.yml").read_text()))
    assert named <= settings_read() | compose
    assert compose <= named


@pytest.mark.parametrize("name", sorted(name for name, app in get_commands().items() if app == "config"))
def test_command_of_operation_is_explained(name: str) -> None:
    assert f"manage.py {name}" in (PROJECT / "docs" / "operations.md").read_text()


@pytest.mark.parametrize(
    "name", sorted(name for name, app in get_commands().items() if app in {"incidents", "ingest"})
)
def test_command_of_the_record_is_explained(name: str) -> None:
    listed = re.findall(r"^\| (`.*?) \|", (PROJECT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert any(re.search(rf"`(python manage\.py )?{name}\b", cell) for cell in listed)


def test_each_decision_stands_in_the_index() -> None:
    folder = PROJECT / "docs" / "decisions"
    linked = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert linked == sorted(file.name for file in folder.glob("0*.md"))


def test_targets_that_make_lists_are_those_it_has() -> None:
    text = (PROJECT / "Makefile").read_text()
    (phony,) = re.findall(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert set(re.findall(r"^([a-z]+):.*##", text, re.MULTILINE)) == set(phony.split())
