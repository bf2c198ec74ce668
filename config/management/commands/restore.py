"""The record of a backup in place of the present one."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backups.errors import BackupTrouble
from config.backups.restoring import restore


class Command(BaseCommand):
    help = "The record of a backup in place of the present one, compared by counts and checksums."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="also where the record is in use")

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        began = time.monotonic()
        try:
            manifest = restore(settings.DATABASE_URL, file, replace=replace)
        except BackupTrouble as trouble:
            raise CommandError(f"{trouble}. The record is as it was.") from trouble
        age = timedelta(seconds=int((datetime.now(UTC) - manifest.made_at).total_seconds()))
        self.stdout.write(
            f"{file}: {len(manifest.tables)} tables, {manifest.rows} rows restored and compared, as of"
            f" {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC ({age} ago), in {time.monotonic() - began:.1f} s."
        )
