"""What `make bench` measures with: ratios to a floor of the same run, on bodies in the true shape."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from incidents.graphing.loading import record_graph
from ingest import bench
from ingest.bench import Measured, Row, bodies, flow, graph, measure
from ingest.kinds import all_kinds
from ingest.management.commands import bench as command
from ingest.models import Item


def test_a_ratio_is_the_share_of_the_floors_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter([9.0, 9.0, 2.0, 1.0, 4.0, 1.0, 2.0, 1.0])
    monkeypatch.setattr(bench, "seconds", lambda run: next(seconds))
    found = measure(Row("subject", "floor", bench.nothing, bench.nothing, least=0.6), rounds=3)
    assert (found.seconds, found.floor_seconds, found.ratio, found.worst) == (2.0, 1.0, 0.5, 0.25)
    assert not found.is_met


def test_subject_and_floor_are_run_in_turn_after_a_warm_up() -> None:
    runs: list[str] = []
    row = Row(
        "subject",
        "floor",
        subject=lambda: runs.append("subject"),
        floor=lambda: runs.append("floor"),
        before=lambda: runs.append("before"),
    )
    measure(row, rounds=2)
    assert runs == ["before", "subject", "floor"] * 3


def test_bodies_are_in_the_true_shape_and_the_same_each_time() -> None:
    kinds = all_kinds()
    assert len(kinds["gcp-incidents-json"].read(bodies.google_list(7)).entries) == 7
    assert len(kinds["news-feed"].read(bodies.news(7)).entries) == 7
    assert bodies.google_list(3) == bodies.google_list(3)


@pytest.mark.django_db
def test_the_flow_is_measured_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "INCIDENTS", 2)
    monkeypatch.setattr(flow, "ARTICLES", 8)
    found = [measure(row, rounds=1) for row in flow.rows()]
    assert len(found) == 9
    assert all(one.seconds > 0 and one.floor_seconds > 0 for one in found)
    assert not Item.objects.exists(), "what was measured is gone"


@pytest.mark.django_db
def test_the_graph_has_its_size_and_nothing_in_it_stands_on_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"PROVIDERS": 2, "REGIONS": 4, "SERVICES": 4, "ORGANISATIONS": 30, "EDGES": 60, "VENDORS": 5}
    for name, size in sizes.items():
        monkeypatch.setattr(graph, name, size)
    graph.fill(random.Random(graph.SEED))
    record = record_graph()
    vendors = [edge for edge in record.proven if edge.target.startswith("organisation:")]
    assert len(record.proven) == 60
    assert vendors and all(edge.target < edge.source for edge in vendors)
    graph.clear()
    assert not record_graph().edges


@pytest.fixture
def one_row(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    def rows() -> Iterator[Row]:
        yield Row("subject", "floor", bench.nothing, bench.nothing, least=10**9)

    monkeypatch.setattr(command, "all_groups", lambda: {"group": rows})
    monkeypatch.setattr(command, "own_database", nullcontext)
    return tmp_path / "bench.json"


def run(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command("bench", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_a_table_and_keeps_it_as_json(one_row: Path) -> None:
    printed = run("--output", str(one_row))
    assert "below the bar: subject" in printed
    kept = json.loads(one_row.read_text())
    assert kept["peak_memory_mib"] > 10
    assert Measured(**kept["groups"]["group"][0]).name == "subject"


def test_the_command_fails_below_a_bar_when_it_is_strict(one_row: Path) -> None:
    with pytest.raises(CommandError, match="1 below the bar"):
        run("--strict", "--output", str(one_row))
    with pytest.raises(CommandError, match="no group is called nothing"):
        run("nothing", "--output", str(one_row))
