"""What stands beneath the pages that are measured: their files as they are, and their statements bare."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import connection
from django.test.utils import override_settings

PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"


def uncollected_files() -> override_settings:
    """Pages name their files as they stand in the tree: collecting them is no part of what is measured."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": PLAIN}}
    return override_settings(STORAGES=storages, ALLOWED_HOSTS=["*"])


def execute_bare(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()
