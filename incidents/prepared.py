"""Statements that are put into words once a process: each run only binds its values.

Django writes a statement anew from its parts whenever it is asked. On the pages that everybody reads that
costs more than the database takes to answer (decision 10).
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, Lookup, QuerySet


class Given(Expression):
    """Stands in a queryset for a value that each run gives."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        return f"%s::{self.output_field.cast_db_type(connection)}", (self,)


class IsAnyOf(Lookup):
    """`filter(IsAnyOf(F("pk"), given))`: what `__in` is to a list, this is to a list that is given later."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return f"{left} = ANY {right}", (*of_left, *of_right)


def given_list(name: str, of: Field[Any, Any]) -> Given:
    return Given(name, ArrayField(of))


@dataclass(frozen=True)
class Prepared:
    """`build` makes the queryset, with `Given` where a value differs from run to run."""

    build: Callable[[], QuerySet[Any]]

    @cached_property
    def written(self) -> tuple[QuerySet[Any], Any, str, tuple[Any, ...]]:
        queryset = self.build()
        compiler = queryset.query.get_compiler(queryset.db)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:  # of which Django knows beforehand that nothing will be found
            sql, values = "", ()
        return queryset, compiler, sql, tuple(values)

    def rows(self, **given: Any) -> list[Any]:
        """What the queryset yields with these values."""
        queryset, written, sql, values = self.written
        bound = tuple(given[one.name] if isinstance(one, Given) else one for one in values)
        # A compiler holds the connection of its thread; what it knows of the columns is the same in all.
        compiler = copy(written)
        compiler.connection = connections[queryset.db]
        compiler.as_sql = lambda *args, **options: (sql, bound)
        query = copy(queryset.query)
        query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]
        found = queryset.all()
        # The setter of `query` would forget how the rows are given.
        found._query = query  # type: ignore[attr-defined]
        return list(found)

    def first(self, **given: Any) -> Any:
        """None where there is none; the queryset itself is to stop at one."""
        return next(iter(self.rows(**given)), None)
