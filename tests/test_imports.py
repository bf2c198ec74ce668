"""The layers, read from the imports: config -> ingest -> incidents -> nlp, without circles."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("config", "ingest", "incidents", "nlp")
"""Each imports itself and what stands to its right."""
NAMES_NOT_YET_FOUND = {"utils", "helpers", "common", "services", "misc"}


@cache
def modules() -> dict[str, Path]:
    found = {}
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*.py"):
            if "migrations" not in path.parts:
                found[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


@cache
def imported(name: str) -> tuple[ast.Import | ast.ImportFrom, ...]:
    tree = ast.parse(modules()[name].read_text())
    return tuple(node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))


def named_by(node: ast.Import | ast.ImportFrom) -> set[str]:
    """What an import names, in full: a module, or a module and something in it."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    return {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}


def names_in(name: str) -> set[str]:
    return {full for node in imported(name) for full in named_by(node)}


def edges() -> dict[str, set[str]]:
    """Which of our modules each of our modules imports; of a package and a module in it, the module."""
    graph: dict[str, set[str]] = {}
    for name in modules():
        targets: set[str] = set()
        for node in imported(name):
            found = named_by(node) & modules().keys()
            deepest = {one for one in found if not any(other.startswith(f"{one}.") for other in found)}
            targets |= deepest
        graph[name] = targets - {name}
    return graph


def circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle in order; empty where there is none."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return path[path.index(name) :]
        if name in done:
            return []
        for target in sorted(graph[name]):
            if found := follow(target, [*path, name]):
                return found
        done.add(name)
        return []

    return next((found for name in sorted(graph) if (found := follow(name, []))), [])


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_imports_only_what_lies_to_its_right(layer: str) -> None:
    left = LAYERS[: LAYERS.index(layer)]
    wrong = {
        f"{name} imports {full}"
        for name in modules()
        if name.split(".")[0] == layer
        for full in names_in(name)
        if full.split(".")[0] in left
    }
    assert wrong == set()


def test_no_module_imports_itself_by_a_detour() -> None:
    assert circle(edges()) == []


def test_a_circle_would_be_found() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def test_language_knows_no_django() -> None:
    wrong = {
        name for name in modules() if name.split(".")[0] == "nlp" and "django" in " ".join(names_in(name))
    }
    assert wrong == set()


@pytest.mark.parametrize(
    "name",
    [
        "incidents.same",
        "incidents.clustering",
        "incidents.concluding",
        "incidents.graph",
        "incidents.querysets",
    ],
)
def test_what_decides_imports_no_models(name: str) -> None:
    assert not {full for full in names_in(name) if full.startswith("incidents.models")}


def test_no_relative_imports() -> None:
    wrong = {
        name
        for name in modules()
        for node in imported(name)
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert wrong == set()


def test_every_module_has_found_its_name() -> None:
    assert not {name for name in modules() if name.split(".")[-1] in NAMES_NOT_YET_FOUND}


def test_no_module_has_grown_past_ease() -> None:
    """A file of more than 400 lines usually holds two subjects."""
    grown = {name: lines for name, path in modules().items() if (lines := path.read_text().count("\n")) > 400}
    assert grown == {}
