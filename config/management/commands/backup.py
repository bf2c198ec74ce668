"""The whole record into one file, while everybody goes on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups.backing_up import back_up
from config.backups.errors import BackupTrouble


class Command(BaseCommand):
    help = "The whole record as it stands now in one file, with counts and checksums; everybody may work on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        began = time.monotonic()
        try:
            manifest = back_up(settings.DATABASE_URL, file)
        except BackupTrouble as trouble:
            raise CommandError(str(trouble)) from trouble
        size = file.stat().st_size / 1e6
        self.stdout.write(
            f"{file}: {len(manifest.tables)} tables, {manifest.rows} rows, {size:.1f} MB,"
            f" as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC, in {time.monotonic() - began:.1f} s."
            " It holds password hashes: keep it like the record itself."
        )
