"""Bring the record up to date with the catalogue that the project ships."""

from typing import Any

from django.core.management.base import BaseCommand

from incidents.refreshing import refresh
from ingest.catalogue.loading import load


class Command(BaseCommand):
    help = "Loads outages, organisations, dependencies and sources of the project's own catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load()
        refresh()
        if options["verbosity"]:
            self.stdout.write(
                f"catalogue: {loaded.outages} outages citing {loaded.pages} pages, "
                f"{loaded.organisations} organisations, {loaded.dependencies} dependencies, "
                f"{loaded.sources} sources"
            )
