"""What a backup says of itself: how much each table held, so that a restore can be compared with it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from config.backups.errors import BackupTrouble

FORMAT = 1
# A row's text is the same on every server that writes times and numbers in these ways.
SAME_TEXT = (
    "SET timezone = 'UTC'",
    "SET datestyle = 'ISO, YMD'",
    "SET intervalstyle = 'postgres'",
    "SET extra_float_digits = 1",
    "SET bytea_output = 'hex'",
)
TABLES = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
# The sum does not depend on the order of rows; 64 bits of each row's digest are enough to tell a change.
CONTENT = """
    SELECT count(*), coalesce(sum(('x' || left(md5(row::text), 16))::bit(64)::bigint::numeric), 0)::text
    FROM {} AS row
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1"
# A few words of titles with what is found by them: full text search has dictionaries of the server's own.
WORDS = """
    SELECT DISTINCT lower(word) FROM (
        SELECT (regexp_match(title, '[[:alpha:]]{{6,}}'))[1] AS word FROM {} ORDER BY md5(slug) LIMIT 20
    ) AS titles WHERE word IS NOT NULL ORDER BY 1
"""
FOUND = """
    SELECT slug FROM {} WHERE to_tsvector('english', title) @@ plainto_tsquery('english', %s) ORDER BY slug
"""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"


@dataclass(frozen=True, slots=True)
class Content:
    """A table's rows: how many, and a sum over them that no order changes."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`sequences` holds the last value given (None: none yet), `migrations` full names,
    `searches` the incidents that a few words find.
    """

    made_at: datetime
    server: str
    migrations: tuple[str, ...]
    tables: dict[str, Content]
    sequences: dict[str, int | None]
    searches: dict[str, list[str]]

    @property
    def rows(self) -> int:
        return sum(content.rows for content in self.tables.values())

    def as_json(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self), "made_at": self.made_at.isoformat()}, indent=1)

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Raises BackupTrouble for what no `backup` wrote, or a later one."""
        try:
            told: dict[str, Any] = json.loads(text)
            if told["format"] > FORMAT:
                raise BackupTrouble("the backup is of a later Faultline: restore it with that one")
            return cls(
                made_at=datetime.fromisoformat(told["made_at"]),
                server=told["server"],
                migrations=tuple(told["migrations"]),
                tables={name: Content(**content) for name, content in told["tables"].items()},
                sequences=told["sequences"],
                searches=told["searches"],
            )
        except (ValueError, KeyError, TypeError) as error:
            raise BackupTrouble("the backup's manifest cannot be read: take another backup") from error


def measure(database: psycopg.Connection[TupleRow], made_at: datetime) -> Manifest:
    """What the tables hold in this transaction."""
    for setting in SAME_TEXT:
        database.execute(setting)
    return Manifest(
        made_at=made_at,
        server=str(database.info.parameter_status("server_version")),
        migrations=tuple(str(name) for (name,) in database.execute(MIGRATIONS).fetchall()),
        tables={name: content_of(database, name) for name in tables(database)},
        sequences=dict(database.execute(SEQUENCES).fetchall()),
        searches=searches(database),
    )


def tables(database: psycopg.Connection[TupleRow]) -> list[str]:
    return [str(name) for (name,) in database.execute(TABLES).fetchall()]


def content_of(database: psycopg.Connection[TupleRow], table: str) -> Content:
    row = database.execute(sql.SQL(CONTENT).format(sql.Identifier("public", table))).fetchone()
    assert row is not None  # an aggregate without groups has one row
    return Content(rows=row[0], checksum=row[1])


def searches(database: psycopg.Connection[TupleRow]) -> dict[str, list[str]]:
    incidents = sql.Identifier("public", "incidents_incident")
    words = database.execute(sql.SQL(WORDS).format(incidents)).fetchall()
    query = sql.SQL(FOUND).format(incidents)
    return {word: [slug for (slug,) in database.execute(query, [word]).fetchall()] for (word,) in words}


def differences(expected: Manifest, found: Manifest) -> list[str]:
    """In words, what a restored record has that the backup had not, and the other way round."""
    told = []
    for name in sorted(expected.tables.keys() | found.tables.keys()):
        before, after = expected.tables.get(name), found.tables.get(name)
        if before is None or after is None:
            told.append(f"table {name} is {'not in the backup' if before is None else 'missing'}")
        elif before.rows != after.rows:
            told.append(f"table {name} has {after.rows} rows, the backup says {before.rows}")
        elif before.checksum != after.checksum:
            told.append(f"table {name} has as many rows as the backup says, with other contents")
    for name, last in expected.sequences.items():
        # The dump reads a sequence a moment after the rows: it may be ahead, never behind.
        if last is not None and (found.sequences.get(name) or 0) < last:
            told.append(f"sequence {name} is behind the backup's")
    for word in sorted(expected.searches.keys() | found.searches.keys()):
        if expected.searches.get(word) != found.searches.get(word):
            told.append(f"a search for {word} finds other incidents than before")
    if expected.migrations != found.migrations:
        told.append("the migrations are not the backup's")
    return told
