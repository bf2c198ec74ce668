"""The layers, read from the imports: config -> ingest -> incidents -> nlp, and no way back."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["config", "ingest", "incidents", "nlp"]
NO_NAMES = {"utils", "helpers", "common", "services", "misc"}


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {
    name_of(file): file
    for layer in LAYERS
    for file in sorted((ROOT / layer).rglob("*.py"))
    if "migrations" not in file.parts
}


def imports(name: str) -> Iterator[str]:
    """Full names of all that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(FILES[name].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(imported: str) -> str | None:
    """The module of ours that an imported name is, or is in."""
    parent = imported.rpartition(".")[0]
    return next((name for name in (imported, parent) if name in FILES), None)


def of_ours(name: str) -> set[str]:
    return {module for imported in imports(name) if (module := module_of(imported))} - {name}


@pytest.mark.parametrize("name", FILES)
def test_imports_point_to_the_right(name: str) -> None:
    allowed = set(LAYERS[LAYERS.index(name.split(".")[0]) :])
    assert {module.split(".")[0] for module in of_ours(name)} <= allowed


def test_no_module_imports_itself_by_way_of_others() -> None:
    order = TopologicalSorter({name: of_ours(name) for name in FILES})
    try:
        order.prepare()
    except CycleError as cycle:
        pytest.fail(" -> ".join(cycle.args[1]))


@pytest.mark.parametrize("name", [name for name in FILES if name.split(".")[0] == "nlp"])
def test_nlp_knows_no_web(name: str) -> None:
    foreign = {imported.split(".")[0] for imported in imports(name)} - set(sys.stdlib_module_names)
    assert not foreign & {"django", "celery", "psycopg", "httpx", "feedparser"}


def test_querysets_import_no_models() -> None:
    for name in FILES:
        if name.endswith(".querysets"):
            models = {module for module in of_ours(name) if ".models" in module}
            assert not models, f"{name} imports {models}"


def test_models_call_no_tasks_and_no_pages() -> None:
    for name in FILES:
        if ".models" in name:
            above = {
                module for module in of_ours(name) if {"tasks", "views", "forms"} & set(module.split("."))
            }
            assert not above, f"{name} imports {above}"


def test_every_file_has_a_name_of_its_own() -> None:
    assert not [name for name in FILES if name.split(".")[-1] in NO_NAMES]


def test_every_file_opens_with_its_place() -> None:
    assert not [name for name, file in FILES.items() if (text := file.read_text()) and text[:3] != '"""']


def test_no_module_holds_two_subjects() -> None:
    long = {name: count for name, file in FILES.items() if (count := file.read_text().count("\n")) > 400}
    assert not long
