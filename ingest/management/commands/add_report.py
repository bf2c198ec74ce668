"""Brings one page into the record by hand: many exchanges have no feed."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import URLValidator
from django.forms import ValidationError

from ingest.archives import instant
from ingest.by_hand import Page, add
from ingest.errors import ParseError
from nlp.document import DocumentKind


class Command(BaseCommand):
    help = "Add a report by hand. Again with the same address: a revision of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--publisher", required=True, help="slug of a provider or organisation, else a name"
        )
        parser.add_argument("--url", required=True)
        parser.add_argument("--published-at", required=True, metavar="TIME", help="2025-10-20T07:11:00Z")
        parser.add_argument("--title", default="", help="else the first line")
        parser.add_argument(
            "--kind", choices=[kind.value for kind in DocumentKind], help="else by the publisher"
        )
        parser.add_argument("file", type=Path, metavar="FILE", help="text or HTML")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            URLValidator(schemes=["http", "https"])(options["url"])
            page = Page(
                publisher=options["publisher"],
                url=options["url"],
                published_at=instant("--published-at", options["published_at"]),
                text=options["file"].read_bytes().decode("utf-8", "replace"),
                title=options["title"],
                kind=options["kind"] or "",
            )
            added = add(page)
        except (ValidationError, ParseError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{added.what}: {added.report} ({added.report.key})")
