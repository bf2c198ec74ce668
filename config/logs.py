"""Logs of all processes in one shape: lines for people at a terminal, JSON for everything else."""

from __future__ import annotations

import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

# Whoever reads the log could otherwise open a link before the person whom it was made for.
SECRETS = re.compile(
    r"(/(?:accounts/link|accounts/password/reset/key|accounts/confirm-email|teams/invitations|watches/stop)/)"
    r"[^/\s\"'?]+"
)


def without_secrets(logger: Any, method: str, event: EventDict) -> EventDict:
    """Links that open something are written without what opens it."""
    for key, value in event.items():
        # Django's own lines carry the request itself.
        text = repr(value) if key == "request" and not isinstance(value, str) else value
        if isinstance(text, str):
            event[key] = SECRETS.sub(r"\1…", text)
    return event


SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    without_secrets,
]


def usual_format() -> str:
    return "lines" if sys.stderr.isatty() else "json"


def logging_settings(level: str, form: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "main": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending(form)],
            }
        },
        "handlers": {"main": {"class": "logging.StreamHandler", "formatter": "main"}},
        "root": {"handlers": ["main"], "level": level},
        "loggers": {
            # Each request is logged once, by django-structlog.
            "django.server": {"handlers": ["main"], "level": "WARNING", "propagate": False},
            "django_structlog": {"level": level},
            # Beat and worker tell of each start and end of a task; every 15 seconds that is noise.
            "django_structlog.celery": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING"},
            # Each sign-in would be five lines; what an operator acts on is in the table of tries.
            "axes": {"level": "WARNING"},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }


def ending(form: str) -> list[Processor]:
    if form == "json":
        # Without the variables: among them are passwords as they are typed.
        frames = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(frames), structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(colors=False)]


def configure() -> None:
    """Have structlog's own loggers go the way of the standard library's."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
