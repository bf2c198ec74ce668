"""`accuracy`: measure the extraction on annotated texts, tell what changed, and write the page about it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ingest.accuracy import ScorerFailed, as_json, as_page, changed, in_rows, measure
from ingest.backtesting import in_rows as in_rows_of_backtest
from ingest.backtesting import measured

SHOWN = 40


class Command(BaseCommand):
    help = "Measure the extraction on annotated texts and write docs/accuracy.md."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        base = Path(settings.BASE_DIR)
        parser.add_argument("--gold", type=Path, default=base.parent / "shared" / "gold")
        parser.add_argument("--docs", type=Path, default=base / "docs")

    def handle(self, *args: Any, **options: Any) -> None:
        gold, docs = options["gold"], options["docs"]
        self.stdout.write("\n".join(in_rows_of_backtest(measured())) + "\n")
        if not gold.is_dir():
            self.stdout.write(f"No annotated texts at {gold}: nothing measured.")
            return
        kept, notes = docs / "accuracy.json", docs / "accuracy-notes.md"
        before = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
        try:
            now = measure(gold)
        except ScorerFailed as error:
            raise CommandError(str(error)) from error
        for table in now.tables:
            self.stdout.write(f"{table.title}\n\n{in_rows(table, {})}")
        for name in now.missing:
            self.stdout.write(f"Not measured, for it is missing: {name}")
        different = list(changed(before.get("answers", {}), now.answers))
        self.stdout.write(f"{len(different)} texts are answered differently since the last run.")
        for line in different[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(different) > SHOWN:
            self.stdout.write(f"  and {len(different) - SHOWN} more")
        store = as_json(now, before)
        words = notes.read_text(encoding="utf-8") if notes.is_file() else ""
        kept.write_text(json.dumps(store, indent=0) + "\n", encoding="utf-8")
        (docs / "accuracy.md").write_text(as_page(now, store["before"], words), encoding="utf-8")
