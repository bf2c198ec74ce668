"""What runs for the data folder, and what a crash left behind."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config import leftovers
from config.leftovers import Running


class Command(BaseCommand):
    help = "Tell what runs for the data folder, and what a crash left behind (then the exit status is 1)."

    def handle(self, *args: Any, **options: Any) -> None:
        data = Path(settings.DATA_DIR)
        self.stdout.write(f"Data folder: {data}{'' if data.exists() else ' (not there yet)'}")
        if supervisor := leftovers.supervisor(data):
            self.stdout.write(f"make up: process {supervisor.pid}")
        for each in [*leftovers.programs(data), *leftovers.servers(data)]:
            self.stdout.write(line(each))
        if users := leftovers.users(data):
            self.stdout.write(f"The servers are used by process {', '.join(map(str, sorted(users)))}")
        if left := leftovers.left_behind(data):
            pids = ", ".join(str(each.process.pid) for each in left)
            self.stdout.write(
                f"Left behind by a crash: {pids}. `make down` ends them; `make up` goes on with them."
            )
            sys.exit(1)
        self.stdout.write("Nothing is left behind.")


def line(each: Running) -> str:
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(each.process.create_time()))
    return f"  {each.name}: process {each.process.pid} since {since} UTC"
