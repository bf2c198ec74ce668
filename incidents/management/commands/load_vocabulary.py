"""The vocabulary's names into the record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.vocabulary_loading import load_vocabulary


class Command(BaseCommand):
    help = "Bring the names of the vocabulary into the record. May run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        for kind, count in load_vocabulary().items():
            self.stdout.write(f"{kind}: {count}")
