"""Measures how fast the product is, as ratios to floors of the same run. `make bench`."""

from __future__ import annotations

import json
import logging
import resource
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from ingest.bench import ROUNDS, Fact, Measured, all_groups, measure

MOST_MEMORY = 700  # MiB, of this process at its peak


class Command(BaseCommand):
    help = "Measure: each row is a share of its floor's speed. Uses a database of its own, gone afterwards."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "groups", nargs="*", metavar="GROUP", help=f"of {', '.join(all_groups())}; else all"
        )
        parser.add_argument("--rounds", type=int, default=ROUNDS)
        parser.add_argument(
            "--strict", action="store_true", help="end with status 1 if a row is below its bar"
        )
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / "bench.json")

    def handle(self, *args: Any, **options: Any) -> None:
        groups = all_groups()
        if unknown := set(options["groups"]) - groups.keys():
            raise CommandError(f"no group is called {', '.join(sorted(unknown))}: {', '.join(groups)}")
        found: dict[str, list[Measured | Fact]] = {}
        with quiet(), own_database():
            for name in options["groups"] or groups:
                self.stdout.write(heading(name))
                found[name] = []
                for row in groups[name]():
                    told = row if isinstance(row, Fact) else measure(row, options["rounds"])
                    found[name].append(told)
                    self.stdout.write(fact_line(told) if isinstance(told, Fact) else line(told))
                    self.stdout.flush()
        memory = peak_memory()
        self.stdout.write(f"\npeak memory of this process: {memory} MiB (at most {MOST_MEMORY})")
        options["output"].write_text(json.dumps(as_json(found, memory), indent=1) + "\n")
        missed = [row.name for rows in found.values() for row in rows if not row.is_met]
        if memory > MOST_MEMORY:
            missed.append("peak memory")
        for name in missed:
            self.stdout.write(f"below the bar: {name}")
        if missed and options["strict"]:
            raise CommandError(f"{len(missed)} below the bar", returncode=1)


@contextmanager
def quiet() -> Iterator[None]:
    """What is printed is the table, not each request."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def heading(name: str) -> str:
    columns = f"{'':48}{'seconds':>10}{'floor':>10}{'ratio':>8}{'worst':>8}{'bar':>7}  floor"
    return f"\n{name}\n{columns}"


def line(row: Measured) -> str:
    bar = "" if row.least is None else f"{row.least:g}{'' if row.is_met else ' !'}"
    return (
        f"{row.name:48}{row.seconds:>10.4f}{row.floor_seconds:>10.4f}{row.ratio:>8.2f}{row.worst:>8.2f}"
        f"{bar:>7}  {row.floor_name}"
    )


def fact_line(fact: Fact) -> str:
    return f"{fact.name:48}{fact.value:>10.1f} {fact.unit:<27}{fact.most:g}{'' if fact.is_met else ' !'}"


@contextmanager
def own_database() -> Iterator[None]:
    """An empty database beside the one that is configured: what is measured is in nobody's way."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def peak_memory() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1 << 20 if sys.platform == "darwin" else 1 << 10)


def as_json(found: dict[str, list[Measured | Fact]], memory: int) -> dict[str, Any]:
    return {
        "measured_at": timezone.now().isoformat(timespec="seconds"),
        "peak_memory_mib": memory,
        "groups": {name: [asdict(row) for row in rows] for name, rows in found.items()},
    }
