"""Makes a large record out of a small one, for measurements: each outage many times, at other times.

What is copied are the shapes of real outages: their posts, claims, places, lengths and hits. All ids of a
copy lie the same distance from those of its model, so that a whole table is copied by one statement.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model

from incidents.models import Account, Claim, Impact, Incident, Post, Report

APART = 10_000_000
"""Between the ids of two copies; a model's own ids are lower."""
HIGHEST = 1_000_000 * APART
"""Posts that copy no other get ids from here on."""
HOURS = 31
"""From one copy to the next: copies of one outage fall on other days and hours."""
FIRST_NUMBER = 100_000
"""Copies are numbered from here, far above what a year brings."""
# Columns that point to a copied table; all others that end in `_id` stay as they are.
MOVED = frozenset({"id", "report_id", "post_id", "account_id", "incident_id", "own_incident_id"})
# What names a row. A claim has a key too, but that is its value.
MADE = {
    "slug": f"'INC-' || coalesce(extract(year FROM started_at), 2020) || '-' || (id + copy * {FIRST_NUMBER})",
    "key": "key || '/copy-' || copy",
    "anchor": "anchor || '/copy-' || copy",
}
WHERE: dict[type[Model], str] = {
    Incident: "shown_as_id IS NULL AND NOT is_withdrawn",
    Claim: "account_id IS NOT NULL",
    Account: "NOT is_gone AND incident_id IS NOT NULL",
}
TYPES = "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s"
MODEL_POSTS = f"""
    CREATE TEMPORARY TABLE model ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY id) - 1 AS place, text
    FROM incidents_post WHERE id < {APART} AND text <> ''
"""
MORE_POSTS = """
    INSERT INTO incidents_post
        (id, report_id, ref, revision, position, text, status, said_at, precision, seen_at)
    SELECT id, report_id, 'made-' || id, 1, 1000 + number, text, '', at, 'minute', at
    FROM (
        SELECT (SELECT greatest(%s, max(id)) FROM incidents_post) + row_number() OVER () AS id,
            told.report_id, number, model.text, told.started_at + number * interval '7 minutes' AS at
        FROM (
            SELECT DISTINCT ON (i.id) a.report_id, i.id, coalesce(i.started_at, i.opened_at) AS started_at
            FROM incidents_incident i JOIN incidents_account a ON a.incident_id = i.id
            ORDER BY i.id, a.report_id
        ) AS told
        CROSS JOIN generate_series(1, %s) AS number
        JOIN model ON model.place = (told.id / 7 + number * 31) %% (SELECT count(*) FROM model)
    ) AS made
"""


@dataclass(frozen=True, slots=True)
class Made:
    incidents: int
    posts: int


@transaction.atomic
def make_record(incidents: int, posts: int) -> Made:
    """Bring the record to about so many live incidents and posts. ValueError if none is to copy."""
    models = Incident.objects.live().filter(pk__lt=APART).count()
    if not models:
        raise ValueError("there is no incident to copy: prepare the record first")
    done = Incident.objects.order_by("-pk").values_list("pk", flat=True)[0] // APART
    copies = range(done + 1, -(-incidents // models))
    for model in (Incident, Report, Account, Post, Claim, Impact) if copies else ():
        copy(model, copies)
    live = Incident.objects.live().count()
    if (missing := posts - Post.objects.count()) > 0:
        add_posts(-(-missing // live))
    return Made(live, Post.objects.count())


def add_posts(each: int) -> None:
    """So many more posts about every incident, in words of the models' own."""
    with connection.cursor() as cursor:
        cursor.execute(MODEL_POSTS)
        # Without statistics of what was just copied the join would go through all models for each post.
        cursor.execute("ANALYZE model, incidents_incident, incidents_account")
        cursor.execute(MORE_POSTS, [HIGHEST, each])
        cursor.execute("DROP TABLE model")


def copy(model: type[Model], copies: range) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(TYPES, [table])
        columns = {name: moved(model, name, kind) for name, kind in cursor.fetchall()}
        names = ", ".join(f'"{name}"' for name in columns)
        condition = WHERE.get(model, "true")
        cursor.execute(
            f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {', '.join(columns.values())}"
            f" FROM {table} CROSS JOIN generate_series(%s::bigint, %s::bigint) AS copy"
            f" WHERE id < {APART} AND {condition}",
            [copies.start, copies.stop - 1],
        )


def moved(model: type[Model], name: str, kind: str) -> str:
    """A column's value in a copy."""
    quoted = f'"{name}"'
    if name in MOVED:
        return f"{quoted} + copy * {APART}"
    if name in MADE and model is not Claim:
        return MADE[name]
    if kind == "timestamptz":
        return f"{quoted} - copy * interval '{HOURS} hours'"
    if kind == "tstzrange":
        shift = f"copy * interval '{HOURS} hours'"
        return f"tstzrange(lower({quoted}) - {shift}, upper({quoted}) - {shift}, '[]')"
    return quoted
