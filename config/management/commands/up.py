"""All of the product in the foreground, on one machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.up import up


class Command(BaseCommand):
    help = "Servers, a prepared record, web, worker and beat, in the foreground until Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        up(settings.FAULTLINE_URL)
