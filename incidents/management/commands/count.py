"""Draws the figures that pages show: how many, how long, how often, by provider, region and the rest."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.refreshing import refresh


class Command(BaseCommand):
    help = "Count the record anew. A worker does it by itself whenever the record has changed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{refresh()} scopes counted")
