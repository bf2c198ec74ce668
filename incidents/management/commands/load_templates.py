"""The post-mortem templates that come with the product into the record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.postmortems.template_loading import load_templates


class Command(BaseCommand):
    help = "Add the post-mortem templates that are missing. May run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_templates()
        if options["verbosity"]:
            self.stdout.write(f"templates: {added} added")
