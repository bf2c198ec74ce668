"""Adds a source without a code change, or changes one: run again with what is to be other."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from django.db import transaction
from django.forms import ValidationError

from incidents.choices import PublisherKind, SourceState
from incidents.models import Organisation, Provider, Source
from ingest.kinds import all_kinds
from ingest.models import USUAL_INTERVAL, Feed

LIST_ONLY_OPEN = frozenset({"aws-health-json", "azure-rss"})


class Command(BaseCommand):
    help = "Add a source, or change one. Without an address it is an archive that is only backfilled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--kind", required=True, choices=sorted(all_kinds()))
        parser.add_argument("--url", default="")
        parser.add_argument("--provider", default="", help="slug of the provider whose own record this is")
        parser.add_argument("--organisation", default="", help="slug of the organisation, likewise")
        parser.add_argument("--name", default="")
        parser.add_argument("--publisher", default="", help="what independence is counted by")
        parser.add_argument("--interval", type=int, help="seconds between two readings")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        slug, kind, url = options["slug"], options["kind"], options["url"]
        try:
            validate_slug(slug)
        except ValidationError as error:
            raise CommandError(f"{slug!r} is no slug: letters, digits, - and _") from error
        provider = named(Provider, options["provider"])
        organisation = named(Organisation, options["organisation"])
        owner = organisation or provider
        interval = timedelta(seconds=options["interval"]) if options["interval"] else USUAL_INTERVAL
        source, is_new = Source.objects.update_or_create(
            slug=slug,
            defaults={
                "name": options["name"] or slug,
                "publisher": options["publisher"] or (owner.name if owner else slug),
                "publisher_kind": publisher_kind(kind, provider, organisation),
                "provider": provider,
                "organisation": organisation,
                "url": url,
                "lists_only_open": kind in LIST_ONLY_OPEN,
                "interval": interval if url else None,
                "state": SourceState.NEVER_READ if url else SourceState.ARCHIVE,
            },
        )
        Feed.objects.update_or_create(
            source=source,
            defaults={"kind": kind, "url": url, "due_at": None, "is_enabled": True}
            | {"etag": "", "last_modified": "", "body_hash": ""},
        )
        done = "added" if is_new else "changed"
        where = url or "an archive: fill it with `backfill`"
        self.stdout.write(f"{done} {slug} ({kind}): {where}")


def named(model: type[Provider] | type[Organisation], slug: str) -> Any:
    """The row of that slug; None where none was asked for."""
    if not slug:
        return None
    found = model.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(model.objects.values_list("slug", flat=True)) or "none: run `load_catalogue`"
        raise CommandError(f"no {model._meta.verbose_name} is called {slug!r}. Known: {known}")
    return found


def publisher_kind(kind: str, provider: Provider | None, organisation: Organisation | None) -> PublisherKind:
    if organisation:
        return PublisherKind.ORGANISATION
    if provider:
        return PublisherKind.PROVIDER
    return PublisherKind.PRESS if kind == "news-feed" else PublisherKind.ORGANISATION
