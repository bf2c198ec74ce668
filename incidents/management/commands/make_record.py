"""A large record for measurements, made from the outages that the present one holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from incidents.making import make_record
from incidents.refreshing import refresh


class Command(BaseCommand):
    help = "Fill a record that nobody uses with copies of its outages at other times, to measure with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--incidents", type=int, default=100_000)
        parser.add_argument("--posts", type=int, default=1_000_000)
        parser.add_argument("--into", required=True, help="the name of the database, to be sure")

    def handle(self, *args: Any, incidents: int, posts: int, into: str, **options: Any) -> None:
        name = connection.settings_dict["NAME"]
        if into != name:
            raise CommandError(
                f"the database is {name}, not {into}: its record would be full of outages that never were"
            )
        try:
            made = make_record(incidents, posts)
        except ValueError as error:
            raise CommandError(str(error)) from error
        refresh()
        self.stdout.write(f"{made.incidents} incidents, {made.posts} posts")
