"""`predict IN.jsonl OUT.jsonl`: what the product reads in each text, without database, broker or network."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ingest.predicting import Given, link, read
from ingest.predictions import as_line, read_lines


class Command(BaseCommand):
    help = "Read texts (JSON lines), link them, and write what was found, a line each."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("input", type=Path)
        parser.add_argument("output", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with options["input"].open(encoding="utf-8") as lines:
                found = list(read_lines(lines))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{options['input']} cannot be read: {error}") from error
        texts = [read(given) for given in found if isinstance(given, Given)]
        linked = link(texts)
        written = (json.dumps(as_line(text, linked), ensure_ascii=False) + "\n" for text in texts)
        try:
            with options["output"].open("w", encoding="utf-8") as output:
                output.writelines(written)
        except OSError as error:
            raise CommandError(f"{options['output']} cannot be written: {error}") from error
        if bad := [line for line in found if not isinstance(line, Given)]:
            listed = "\n".join(f"  {line}" for line in bad)
            raise CommandError(f"{len(texts)} texts read, {len(bad)} lines could not be used:\n{listed}")
