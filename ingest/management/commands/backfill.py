"""Reads saved payloads into the record, by the steps of a poll but without a network's limits."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from incidents.refreshing import refresh
from ingest.archives import count_payloads, instant
from ingest.backfilling import Told, draw_waiting, store_file, waiting_ids
from ingest.errors import ParseError
from ingest.models import Feed, Item

SHOWN = 20  # of what could not be read; the rest is counted


class Command(BaseCommand):
    help = (
        "Read saved payloads. A .jsonl file holds a payload a line: an object with `captured_at` or "
        "`fetched_at`, and its `body`, `html`, `changed` or other fields. May run again and be interrupted."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--captured-at", metavar="TIME", help="else the newest stamp inside")

    def handle(self, *args: Any, **options: Any) -> None:
        feed = feed_of(options["slug"])
        captured_at = captured(options["captured_at"])
        missing = [str(path) for path in options["files"] if not path.is_file()]
        if missing:
            raise CommandError(f"no such file: {', '.join(missing)}")
        told = self.store(feed, options["files"], captured_at)
        waiting = waiting_ids(feed)
        self.draw(waiting)
        refresh()
        self.summarise(told, waiting)

    def store(self, feed: Feed, files: list[Path], captured_at: Any) -> list[Told]:
        told: list[Told] = []
        with bar(sum(map(count_payloads, files)), "stored", " payloads") as progress:
            for path in files:
                for one in store_file(feed, path, captured_at):
                    told.append(one)
                    progress.update()
        return told

    def draw(self, ids: list[int]) -> None:
        with bar(len(ids), "drawn", " reports") as progress:
            for batch in draw_waiting(ids):
                progress.update(batch.done + batch.failed)

    def summarise(self, told: list[Told], ids: list[int]) -> None:
        stored = [one.stored for one in told if one.stored]
        new, changed, unchanged = (
            sum(getattr(one, name) for one in stored) for name in ("new", "changed", "unchanged")
        )
        troubles = [(one.name, one.trouble) for one in told if one.trouble]
        unusable = [(f"{one.name} {item.where}", item.reason) for one in told for item in one.unusable]
        undrawn = [
            (item.key, item.complaint or "not drawn yet")
            for item in Item.objects.filter(pk__in=ids).exclude(state="done")
        ]
        self.stdout.write(
            f"{len(stored)} payloads: {new} new, {changed} changed, {unchanged} unchanged; "
            f"{len(ids) - len(undrawn)} reports drawn"
        )
        if undated := sum(one.is_undated for one in told):
            self.stdout.write(f"{undated} payloads tell no time: taken as captured now, else --captured-at")
        self.list_troubles("items could not be read or were left out", unusable)
        self.list_troubles("reports could not be drawn", undrawn)
        self.list_troubles("payloads could not be read", troubles)
        if troubles or undrawn:
            raise CommandError("not all was read; what is named above is not in the record", returncode=1)

    def list_troubles(self, what: str, named: list[tuple[str, str]]) -> None:
        if not named:
            return
        self.stdout.write(f"{len(named)} {what}:")
        for name, reason in named[:SHOWN]:
            self.stdout.write(f"  {name}: {reason}")
        if len(named) > SHOWN:
            self.stdout.write(f"  and {len(named) - SHOWN} more")


def feed_of(slug: str) -> Feed:
    feeds = Feed.objects.select_related("source__provider", "source__organisation")
    found = feeds.filter(source__slug=slug).first()
    if found is None:
        raise CommandError(f"no source is called {slug!r}: add it with `add_source {slug} --kind …`")
    return found


def captured(text: str | None) -> Any:
    if text is None:
        return None
    try:
        return instant("--captured-at", text)
    except ParseError as error:
        raise CommandError(str(error)) from error


def bar(total: int, what: str, unit: str) -> Any:
    # None: no bar where nobody watches.
    return tqdm(total=total, desc=what, unit=unit, file=sys.stderr, disable=None, leave=False)
