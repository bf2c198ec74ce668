"""The vocabulary's names into the record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.vocabulary_loading import load_vocabulary


class Command(BaseCommand):
    help = "Bring the names of the vocabulary into the record. May run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_vocabulary()
        if options["verbosity"]:
            self.stdout.write(
                "vocabulary: " + ", ".join(f"{count} {kind}s" for kind, count in counts.items())
            )
