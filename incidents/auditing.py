"""Who changed what: rows that triggers write beside the change, with the person and address of the request.

A model says `@audited("role", "team")`: each insert, change and deletion of those fields leaves an event,
whoever writes, also by hand in the database. Events are only ever added. Name no field that is a secret.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

import pghistory
import pgtrigger
from django.db import models
from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

M = TypeVar("M", bound=type[models.Model])


def audited(*fields: str) -> Callable[[M], M]:
    def tracked(model: M) -> M:
        track: Callable[[M], M] = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(condition=changed(model, fields)),
            pghistory.DeleteEvent(),
            fields=list(fields),
            model_name=f"{model.__name__}Event",
        )
        return track(model)

    return tracked


def changed(model: type[models.Model], fields: Collection[str]) -> pgtrigger.Condition:
    """In plain SQL: to write the library's own condition takes a database, which `make lint` does without."""
    columns = [f'"{column.attname}"' for column in model._meta.concrete_fields if column.name in fields]
    return pgtrigger.Condition(" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns))


class AuditMiddleware(HistoryMiddleware):
    """The path is left out: that of an invitation holds its secret."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"user": super().get_context(request)["user"], "address": request.META.get("REMOTE_ADDR", "")}
