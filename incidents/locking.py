"""Writing alone: locks of the database, by name. They end with the transaction, also when a worker dies."""

from __future__ import annotations

from django.db import connection


def hold(name: str) -> None:
    """Until the transaction ends, whoever else asks for this name waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
