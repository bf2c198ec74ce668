"""The list, a page and the board in a record of 10,000 post-mortems with 50 revisions each, nothing cached.

The floor is the same template with rows that are ready, and the same SQL without objects: what is left
between the two is what our own code costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from incidents.models import (
    ActionItem,
    Membership,
    Postmortem,
    Publication,
    Revision,
    Section,
    Step,
    Team,
    User,
)
from incidents.postmortems.documents import Document, DocumentAction, DocumentEntry, DocumentSection
from incidents.postmortems.moving import columns_of
from incidents.views.postmortems import board, lists, reading
from incidents.views.postmortems.board import board_context
from incidents.views.postmortems.lists import index_context
from incidents.views.postmortems.reading import article_context
from ingest.bench import Row
from ingest.bench.floors import execute_bare, uncollected_files

POSTMORTEMS, REVISIONS, ACTIONS = 10_000, 50, 3
LEAST = 1 / 1.5
BATCH = 500
FIRST = datetime(2015, 1, 1, tzinfo=UTC)
KINDS = ("summary", "impact", "trigger", "root-cause", "detection", "recovery", "went-badly", "lessons")
CAUSES = ("dns", "network", "power", "software-bug", "deployment", "configuration-change")
SENTENCE = "The queue of orders grew until no worker had memory left, and [the gateway](/about/) gave up. "


def rows() -> Iterator[Row]:
    with uncollected_files():
        person, newest = fill()
        nobody = AnonymousUser()
        yield row(
            "the list, to a stranger", asked("/postmortems/", nobody), lists.index, "index", index_context
        )
        yield row(
            "the list, to a member", asked("/postmortems/", person), lists.index, "index", index_context
        )
        yield row(
            "a page",
            asked(newest.get_absolute_url(), nobody),
            lambda request: reading.read(request, slug=newest.slug),
            "read",
            lambda _: page_context(newest),
        )
        yield row(
            "the board",
            asked("/postmortems/actions/", person),
            board.board,
            "board",
            lambda request: board_context(request, person),
        )
        empty()


def asked(address: str, person: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory(SERVER_NAME="127.0.0.1").get(address)
    request.user = person
    return request


def row(
    name: str,
    request: HttpRequest,
    view: Callable[[HttpRequest], object],
    template: str,
    context: Callable[[HttpRequest], dict[str, Any]],
) -> Row:
    """What stands before every view is in neither: the view against its template and its SQL."""
    with CaptureQueriesContext(connection) as told:
        view(request)
    queries = [query["sql"] for query in told.captured_queries]
    ready = context(request)
    return Row(
        name,
        "the template with ready rows, and bare SQL",
        lambda: view(request),
        lambda: floor(f"postmortems/{template}.html", ready, queries, request),
        least=LEAST,
    )


def page_context(postmortem: Postmortem) -> dict[str, Any]:
    publication = Publication.objects.get(current_of=postmortem)
    return {"postmortem": postmortem, "is_team": False} | article_context(publication)


def floor(template: str, ready: dict[str, Any], sql: list[str], request: HttpRequest) -> str:
    execute_bare(sql)
    return render_to_string(template, ready, request)


def fill() -> tuple[User, Postmortem]:
    team = Team.objects.create(slug="bench", name="Bench")
    person = User.objects.create(username="bench")
    Membership.objects.create(team=team, user=person, role="lead")
    for first in range(0, POSTMORTEMS, BATCH):
        add(team, person, range(first, first + BATCH))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE incidents_postmortem p SET publication_id = u.id, state = 'published'"
            " FROM incidents_publication u WHERE u.postmortem_id = p.id"
        )
        cursor.execute(
            "INSERT INTO incidents_revision"
            " (postmortem_id, part, label, version, text, is_gone, is_merged, person_id, at)"
            " SELECT s.postmortem_id, 'section:' || s.id, s.heading, n, s.body || n, false, false, %s,"
            " %s::timestamptz + n * interval '1 minute'"
            " FROM incidents_section s, generate_series(1, %s) n WHERE s.position = 0",
            [person.pk, FIRST, REVISIONS],
        )
        for table in (Postmortem, Publication, Section, ActionItem, Revision):
            cursor.execute(f"ANALYZE {table._meta.db_table}")
    return person, Postmortem.objects.select_related("team").latest("started_at")


def add(team: Team, person: User, numbers: range) -> None:
    made = Postmortem.objects.bulk_create(
        Postmortem(
            slug=f"bench-{number}",
            title=f"Orders stood still, number {number}",
            team=team,
            visibility="public",
            started_at=FIRST + number * timedelta(hours=9),
            filed_by=person,
        )
        for number in numbers
    )
    told = document(0)
    columns = columns_of(told)
    Publication.objects.bulk_create(
        Publication(
            postmortem=row,
            number=1,
            published_at=FIRST,
            published_by=person,
            **columns
            | {
                "title": row.title,
                "started_at": row.started_at,
                "cause": CAUSES[row.pk % len(CAUSES)],
                "severity": ("critical", "major", "minor")[row.pk % 3],
            },
        )
        for row in made
    )
    Section.objects.bulk_create(
        Section(postmortem=row, position=place, kind=one.kind, heading=one.heading, body=one.body)
        for row in made
        for place, one in enumerate(told.sections)
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            postmortem=row,
            text=f"Fail over to a second region, {place}",
            owner=person,
            due=(FIRST + timedelta(days=(row.pk * 7 + place) % 5_000)).date(),
            state="open" if (row.pk + place) % 2 else "done",
        )
        for row in made
        for place in range(ACTIONS)
    )


def document(number: int) -> Document:
    return Document(
        uid="5f0cbb4e-7a35-4e3b-9d53-0a4c2f4ad001",
        title=f"Orders stood still, number {number}",
        severity="major",
        started_at=FIRST,
        sections=tuple(DocumentSection(kind, kind.capitalize(), SENTENCE * 6) for kind in KINDS),
        timeline=tuple(
            DocumentEntry(SENTENCE, at=FIRST + minute * timedelta(minutes=7), kind="event")
            for minute in range(24)
        ),
        actions=tuple(DocumentAction(SENTENCE, owner="Ada") for _ in range(ACTIONS)),
    )


def empty() -> None:
    """Leave nothing for the groups that follow."""
    Postmortem.objects.update(publication=None, state="draft")
    with connection.cursor() as cursor:
        tables = (Revision, Publication, Section, ActionItem, Step)
        for table in tables:
            cursor.execute(f"DELETE FROM {table._meta.db_table}")
    Postmortem.objects.all().delete()
    Team.objects.all().delete()
    User.objects.all().delete()
