"""Django's settings for a `postgresql://` URL."""

from __future__ import annotations

from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from config.env import ConfigurationError

DJANGO_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
# A page that takes longer is broken, and must not hold up the others.
PAGE_LIMITS = "-c statement_timeout=20s -c idle_in_transaction_session_timeout=60s"


def database(url: str, *, pool: int = 0) -> dict[str, Any]:
    """Settings for this URL, with a pool of so many connections for the web, and none for other programs."""
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except ProgrammingError as error:
        raise ConfigurationError("DATABASE_URL cannot be used: write postgresql://user@host/name") from error
    options: dict[str, Any] = {name: value for name, value in parts.items() if name not in DJANGO_NAMES}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": pool, "timeout": 5}
        options["options"] = f"{options.get('options', '')} {PAGE_LIMITS}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{django: parts.get(name, "") for name, django in DJANGO_NAMES.items()},
        "OPTIONS": options,
        # Measured: with these two no request fails when the server restarts, and the pool stays usable.
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }
