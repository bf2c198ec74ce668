"""Becomes one program of three, as a container or a service wants it."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from config.env import ConfigurationError
from config.programs import PROGRAMS


class Command(BaseCommand):
    help = "Become one of the programs, on servers that DATABASE_URL and REDIS_URL name (as in a container)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", choices=sorted(PROGRAMS))

    def handle(self, *args: Any, program: str, **options: Any) -> None:
        if not (settings.DATABASE_URL and settings.REDIS_URL):
            raise ConfigurationError(
                "`run` needs DATABASE_URL and REDIS_URL; `make up` has servers of its own"
            )
        chosen = PROGRAMS[program]()
        os.execve(chosen.command[0], chosen.command, {**os.environ, **chosen.environment})
