"""Ends what runs for the data folder, but for servers that others use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import leftovers


class Command(BaseCommand):
    help = "End a running `up` and all that a crash left behind. Servers that another command uses stay."

    def handle(self, *args: Any, **options: Any) -> None:
        data = Path(settings.DATA_DIR)
        if leftovers.end_supervisor(data):
            self.stdout.write("Ended make up")
        for each in [*leftovers.end_programs(data), *leftovers.end_servers(data)]:
            self.stdout.write(f"Ended {each.name}, process {each.process.pid}")
        if leftovers.are_used(data) and (running := leftovers.servers(data)):
            names = " and ".join(each.name for each in running)
            users = ", ".join(map(str, sorted(leftovers.users(data)))) or "unknown"
            self.stdout.write(f"{names} stay: another command uses them (process {users})")
        self.stdout.write("Nothing is left.")
