"""Many rows in few statements. Django's `bulk_update` builds a CASE a cell: minutes, at a backfill."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connection, models

BATCH = 1_000
"""Rows in one statement."""


def upsert(
    manager: models.Manager[Any], rows: Sequence[Any], *, unique: list[str], columns: list[str]
) -> None:
    """Insert rows; those whose unique fields are there already get the columns. Sets ids."""
    manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=columns
    )


def rewrite(manager: models.Manager[Any], rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Store these columns of rows that are there, each loaded whole."""
    if rows:
        upsert(manager, rows, unique=["id"], columns=[*columns])


def point(model: type[models.Model], field: str, targets: Mapping[int, int | None]) -> None:
    """Set one foreign key: by row id, the id it points to."""
    if not targets:
        return
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(f"{field}_id")
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = given.target"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS given (id, target)"
            f" WHERE {table}.id = given.id",
            [list(targets), list(targets.values())],
        )


def columns_of(model: type[models.Model], *, but: Collection[str]) -> list[str]:
    """All stored columns except the key and these."""
    return [
        field.name for field in model._meta.concrete_fields if not field.primary_key and field.name not in but
    ]
