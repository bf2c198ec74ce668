"""The record to standard output: a line an incident."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from incidents.export import write_csv, write_jsonl

WRITERS = {"jsonl": write_jsonl, "csv": write_csv}


class Command(BaseCommand):
    help = "Write the record to standard output: a line an incident, with all that it rests on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", choices=sorted(WRITERS), default="jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        count = WRITERS[options["format"]](self.stdout)  # type: ignore[arg-type]  # writes like a file
        self.stderr.write(f"{count} incidents")
