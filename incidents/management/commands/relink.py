"""The whole record drawn from scratch: the differences, and with --apply their taking effect."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from incidents.refreshing import refresh
from incidents.relinking import Difference, relink


class Command(BaseCommand):
    help = "Draw all incidents from scratch and tell what would join, part or change; --apply keeps it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="keep the new drawing")

    def handle(self, *args: Any, **options: Any) -> None:
        difference = relink(apply=options["apply"])
        if options["apply"]:
            refresh()
        for line in lines(difference):
            self.stdout.write(line)
        self.stdout.write("Applied." if options["apply"] else "Nothing was changed: run again with --apply.")


def lines(difference: Difference) -> list[str]:
    return [
        *(f"joined  {slug} is now {home}" for slug, home in difference.joined.items()),
        *(
            f"parted  {slug} gave accounts to {', '.join(others)}"
            for slug, others in difference.parted.items()
        ),
        *(
            f"changed {slug} {name}: {old} -> {new}"
            for (slug, name), (old, new) in difference.changed.items()
        ),
        f"{len(difference.joined)} joined, {len(difference.parted)} parted, "
        f"{len(difference.changed)} values changed",
    ]
