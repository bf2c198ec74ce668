"""What /readyz tells, for a shell or a container without the web."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from config import health


class Command(BaseCommand):
    help = "What /readyz tells, without the web; exit status 1 when something is amiss."

    def handle(self, *args: Any, **options: Any) -> None:
        reasons = health.reasons()
        for name, reason in reasons.items():
            self.stdout.write(f"{name}: {reason}")
        if not health.are_fine(reasons):
            sys.exit(1)
