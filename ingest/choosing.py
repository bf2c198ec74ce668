"""The feeds that a command is about: those named, else all."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import CommandError

from ingest.models import Feed


def add_slugs(parser: ArgumentParser) -> None:
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="these sources only; else all")


def feeds_named(slugs: list[str]) -> list[Feed]:
    feeds = Feed.objects.select_related("source__provider", "source__organisation").order_by("source__slug")
    if not slugs:
        return list(feeds)
    found = list(feeds.filter(source__slug__in=slugs))
    if unknown := set(slugs) - {feed.source.slug for feed in found}:
        raise CommandError(f"no source is called {', '.join(sorted(unknown))}; /sources/ lists them")
    return found
