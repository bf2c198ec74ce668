"""Brings a database up to date before the programs of a version start on it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import preparing


class Command(BaseCommand):
    help = "Bring the database up to date: migrations, vocabulary, catalogue. Does nothing when it is."

    def handle(self, *args: Any, **options: Any) -> None:
        changed = preparing.prepare(settings.DATABASE_URL)
        if options["verbosity"]:
            self.stdout.write("The record is prepared." if changed else "The record was up to date.")
