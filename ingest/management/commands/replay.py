"""Lets items that were set aside be tried again; tells what was wrong with each."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ingest.choosing import add_slugs, feeds_named
from ingest.models import Item


class Command(BaseCommand):
    help = "Try again the items that could not be read in three attempts; --dry-run only tells of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_slugs(parser)
        parser.add_argument("--dry-run", action="store_true", help="tell what is set aside, and why")

    def handle(self, *args: Any, **options: Any) -> None:
        items = Item.objects.set_aside()
        if options["slugs"]:
            feeds = feeds_named(options["slugs"])
            items = items.filter(pk__in=Item.objects.filter(revisions__feed__in=feeds).values("pk"))
        for item in items:
            self.stdout.write(f"{item.key}: {item.complaint}")
        if options["dry_run"]:
            self.stdout.write(f"{items.count()} items are set aside")
        else:
            self.stdout.write(f"{items.replay()} items will be tried again")
