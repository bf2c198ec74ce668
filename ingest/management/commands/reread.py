"""Reads stored bodies again with the present parser; tells what would change before it is applied."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from ingest.choosing import add_slugs, feeds_named
from ingest.management.commands.reextract import tell
from ingest.models import Item
from ingest.redrawing import Reread, reextract, reread

SHOWN = 5


class Command(BaseCommand):
    help = "Read stored payloads once more and tell what changes; --apply keeps it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_slugs(parser)
        parser.add_argument(
            "--apply", action="store_true", help="keep the changes instead of only telling them"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        feeds = feeds_named(options["slugs"])
        for feed in feeds:
            for told in reread(feed, apply=options["apply"]):
                for line in lines(told):
                    self.stdout.write(f"{feed.source.slug} {line}")
        items = Item.objects.filter(pk__in=Item.objects.filter(revisions__feed__in=feeds).values("pk"))
        found = list(reextract(items, apply=options["apply"]))
        tell(self, found, items.count(), is_applied=options["apply"])


def lines(told: Reread) -> Iterator[str]:
    """What to tell of one body; nothing where it is read as before."""
    if told.trouble:
        yield f"{told.name}: {told.trouble}"
    elif told.is_change:
        yield f"{told.name}: {len(told.gained)} revisions more, {len(told.lost)} less"
        yield from (f"  + {key}" for key in told.gained[:SHOWN])
        yield from (f"  - {key}" for key in told.lost[:SHOWN])
