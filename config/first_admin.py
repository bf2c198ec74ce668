"""A new site has no admin, and no password that somebody else chose: its start prints a one-time link."""

from __future__ import annotations

import subprocess
import sys

import psycopg

from config.embedded import PROJECT

ADMIN = "SELECT EXISTS (SELECT FROM incidents_user WHERE is_superuser AND is_active)"


def offer_link(url: str) -> None:
    """Print the link while the record of this URL has no admin. Where it has one this costs one query."""
    with psycopg.connect(url) as database:
        if database.execute(ADMIN).fetchone() == (True,):
            return
    subprocess.run([sys.executable, "manage.py", "admin_link"], cwd=PROJECT, check=False)
