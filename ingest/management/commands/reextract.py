"""Draws stored items again with the present extractor; tells what would change before it is applied."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from incidents.models import Report
from ingest.choosing import add_slugs, feeds_named
from ingest.models import Item
from ingest.redrawing import Difference, by_field, reextract
from nlp.extraction import VERSION

SHOWN = 5


class Command(BaseCommand):
    help = "Read what stored items say once more and tell what changes; --apply keeps it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_slugs(parser)
        parser.add_argument(
            "--apply", action="store_true", help="keep the changes instead of only telling them"
        )
        parser.add_argument(
            "--resume",
            action="store_true",
            help="go on with a run that was broken off: leave out what was drawn with this version already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        items = Item.objects.all()
        if options["slugs"]:
            feeds = feeds_named(options["slugs"])
            items = items.filter(pk__in=Item.objects.filter(revisions__feed__in=feeds).values("pk"))
        if options["resume"]:
            drawn = Report.objects.filter(extractor=VERSION).values("key")
            self.stdout.write(f"version {VERSION}: {items.filter(key__in=drawn).count()} are drawn already")
            items = items.exclude(key__in=drawn)
        found = list(reextract(items, apply=options["apply"]))
        tell(self, found, items.count(), is_applied=options["apply"])


def tell(command: BaseCommand, found: list[Difference], count: int, *, is_applied: bool) -> None:
    done = "changed" if is_applied else "would change"
    command.stdout.write(f"{len(found)} of {count} reports {done}")
    for name, gained, lost in by_field(found):
        command.stdout.write(f"  {name:20} {gained:>6} claims more {lost:>6} less")
    for one in found[:SHOWN]:
        command.stdout.write(one.key)
        for sign, claims in (("+", one.gained), ("-", one.lost)):
            for claim in claims[:SHOWN]:
                command.stdout.write(f"  {sign} {claim[:160]}")
    if found and not is_applied:
        command.stdout.write("Nothing was changed: run again with --apply to keep it.")
