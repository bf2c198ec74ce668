"""As known at a moment: header, facts, hits and story together, and never anything that came later."""

from __future__ import annotations

import html
import json
import random
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incidents.dossier import load
from incidents.impacts import declared
from incidents.knowing import impacts_at, incident_at, moments
from incidents.linking import link
from incidents.models import Incident, Organisation, Report
from incidents.reports import NewReport
from incidents.verdicts import judge_hit
from nlp.document import DocumentKind, Evidence, Field, Origin, Phase, Relevance
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_account,
    make_fact,
    make_impact,
    make_incident,
    make_organisation,
    make_post,
    make_report,
    make_source,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db
BLAME = "AWS is down, and so are we."
NAMES = Evidence(passage=0, start=0, end=len(BLAME))
FIRST, LAST = "We see errors.", "All is well again."


def record(*facts: Any, at: datetime, posts: int) -> NewReport:
    """AWS's item as it stood then: with the posts that it had."""
    told = (make_post(FIRST, NOON, ref="1"), make_post(LAST, NOON + 3 * HOUR, ref="2", status="Resolved"))
    return make_report(
        "aws-rss:1", *facts, posts=told[:posts], captured_at=at, modified_at=at, title="Errors in Virginia"
    )


def own_words() -> NewReport:
    said = NOON + 5 * HOUR
    told = make_account(
        make_time(Field.STARTED_AT, NOON + timedelta(minutes=9)),
        make_fact(Field.PROVIDER, "aws", origin=Origin.TEXT, evidence=NAMES),
        make_impact("coinbase", origin=Origin.TEXT, evidence=NAMES),
        organisation="coinbase",
    )
    return make_report(
        "statuspage:coinbase:1",
        source="coinbase-status",
        kind=DocumentKind.EXCHANGE_STATUS,
        posts=(make_post(BLAME, said),),
        accounts=(told,),
        captured_at=said,
        published_at=said,
        title="Coinbase is down",
    )


def press(at: datetime) -> NewReport:
    told = make_account(
        make_time(Field.STARTED_AT, NOON),
        make_fact(Field.REGION, "aws:us-east-1"),
        make_fact(Field.CAUSE, "power", origin=Origin.TEXT),
        make_impact("kraken", origin=Origin.TEXT),
        is_strong=False,
        relevance=Relevance.PROVIDER_INCIDENT,
    )
    return make_report(
        "web:gazette",
        source="gazette",
        kind=DocumentKind.NEWS,
        title="Kraken hit by the cloud",
        posts=(make_post("Prose of the paper.", at),),
        accounts=(told,),
        captured_at=at,
        published_at=at,
    )


@pytest.fixture
def incident() -> Incident:
    """Noon: AWS speaks. Three hours on: over, with a cause. Five: an exchange names AWS. A day: press."""
    make_organisation("kraken")
    make_source("coinbase-status", publisher_kind="organisation", organisation="coinbase")
    make_source("gazette", publisher_kind="press", publisher="The Gazette")
    start = make_time(Field.STARTED_AT, NOON - HOUR)
    opened = record(start, make_fact(Field.PHASE, Phase.INVESTIGATING), at=NOON, posts=1)
    over = (
        make_time(Field.ENDED_AT, NOON + 2 * HOUR),
        make_fact(Field.CAUSE, "dns"),
        make_fact(Field.PHASE, Phase.RESOLVED),
    )
    closed = record(start, *over, at=NOON + 3 * HOUR, posts=2)
    keep(opened)
    link(Report.objects.keep_all([[opened, closed]]) | keep(own_words(), press(NOON + DAY)))
    return Incident.objects.live().get(owner="provider:aws")


def page_at(client: Client, incident: Incident, at: datetime) -> str:
    response = client.get(incident.get_absolute_url(), {"at": f"{at:%Y-%m-%dT%H:%MZ}"})
    assert response.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def test_header_facts_hits_and_story_are_those_of_the_moment(client: Client, incident: Incident) -> None:
    page = page_at(client, incident, NOON + HOUR)
    assert FIRST in page
    assert "As known at <strong>20 October 2025, 13:00 UTC</strong>" in page
    for later in (LAST, "Coinbase", "Kraken", "dns", "power", "14:00", "The Gazette"):
        assert later not in page[page.index("<article") :], later


def test_what_came_later_shows_up_when_it_came(client: Client, incident: Incident) -> None:
    over = page_at(client, incident, NOON + 4 * HOUR)
    assert "2025-10-20 14:00" in over
    assert "Coinbase" not in over
    named = page_at(client, incident, NOON + 6 * HOUR)
    assert "stated by the organisation" in named
    hits = named[named.index("Whom it reached") : named.index("What was said")]
    assert f"<mark>{BLAME}</mark>" in hits
    assert f'<mark title="proves: who was hit">{BLAME}</mark>' in named
    assert "Kraken" not in named
    assert "reported by press" in page_at(client, incident, NOON + 2 * DAY)


def test_before_anybody_spoke_not_even_the_title_is_told(client: Client, incident: Incident) -> None:
    page = page_at(client, incident, NOON - DAY)
    assert "Not public yet" in page
    assert "Errors in Virginia" not in page


def test_as_known_now_is_what_is_stored(incident: Incident) -> None:
    for row in Incident.objects.live():
        now = timezone.now()
        dossier = load(row, now)
        drawn = incident_at(dossier, row, now)
        names = [field.attname for field in Incident._meta.fields if field.name != "window"]
        assert {n: getattr(drawn, n) for n in names} == {n: getattr(row, n) for n in names}
        then = impacts_at(dossier, drawn, now, declared())
        stored = row.impacts.order_by("organisation__slug")
        assert [(one.grade, one.status, one.own_incident_id) for one in then] == [
            (one.grade, one.status, one.own_incident_id) for one in stored
        ]


def test_at_no_moment_is_anything_shown_that_was_not_public_by_then(incident: Incident) -> None:
    chance = random.Random(7)
    for _ in range(40):
        at = NOON - HOUR + timedelta(minutes=chance.randrange(60 * 30))
        dossier = load(incident, at)
        row = incident_at(dossier, incident, at)
        public = {(claim.field, claim.key) for claim in dossier.all_claims if claim.seen_at <= at}
        told = {
            (one["field"], one["key"]) for one in row.shown["values"] if one["rule"] != "from start to end"
        }
        assert {one for one in told if one[0] != Field.DURATION} <= public
        assert all(post.seen_at <= at for post in dossier.posts)
        hits = impacts_at(dossier, row, at, declared())
        assert bool(hits) == (at >= NOON + 5 * HOUR)


def test_a_verdict_is_part_of_what_is_known_from_when_it_was_given(
    client: Client, incident: Incident
) -> None:
    judge_hit(incident, Organisation.objects.get(slug="kraken"), accepts=False, person=make_user())
    before = page_at(client, incident, NOON + 2 * DAY)
    assert "Kraken" in before[before.index("Whom it reached") : before.index("What was said")]
    now = client.get(incident.get_absolute_url()).content.decode()
    assert re.search(r"What speaks against.*Kraken.*rejected", now, re.DOTALL)


def test_the_slider_steps_through_the_moments_at_which_the_record_changed(
    client: Client, incident: Incident
) -> None:
    changes = moments(load(incident))
    assert changes[0] == NOON
    page = client.get(incident.get_absolute_url()).content.decode()
    assert f'max="{len(changes)}"' in page
    answer = client.get(incident.get_absolute_url(), {"moment": "0"})
    assert answer["Location"] == f"{incident.get_absolute_url()}?at=2025-10-20T12:00Z"
    last = client.get(incident.get_absolute_url(), {"moment": str(len(changes))})
    assert last["Location"] == incident.get_absolute_url()


@pytest.mark.parametrize("asked", ["yesterday", "2025-13-01", "9999999", "0001-01-01T00:00+23:59"])
def test_what_is_no_time_is_refused(client: Client, asked: str) -> None:
    make_incident()
    assert client.get("/incidents/INC-2025-0001/", {"at": asked}).status_code == 400


def test_a_time_yet_to_come_is_now(client: Client) -> None:
    make_incident()
    page = client.get("/incidents/INC-2025-0001/", {"at": "2999-01-01T00:00Z"}).content.decode()
    assert "As known <strong>now</strong>" in page


def test_what_was_written_afterwards_is_not_offered_for_a_moment(client: Client, incident: Incident) -> None:
    assert "Post-mortems</h2>" in client.get(incident.get_absolute_url()).content.decode()
    assert "Post-mortems</h2>" not in page_at(client, incident, NOON + DAY)


def test_twins_tell_the_same_moment(client: Client, incident: Incident) -> None:
    told = json.loads(client.get(f"/incidents/{incident.slug}.json", {"at": "2025-10-20T13:00Z"}).content)
    assert (told["cause"], told["ended_at"], told["impacts"]) == ("unknown", None, [])
    now = json.loads(client.get(f"/incidents/{incident.slug}.json").content)
    assert (now["cause"], now["hit"]) == ("dns", ["coinbase", "kraken"])
    assert [one["station"] for one in now["milestones"]] == [
        "impact start",
        "first public post",
        "impact end",
        "said to be resolved",
        "first exchange post",
    ]
    text = client.get(f"/incidents/{incident.slug}.md").content.decode()
    assert f"# {incident.slug}: Errors in Virginia" in text
    assert "- Coinbase (stated by the organisation, shown)" in text
    assert "Prose of the paper" not in text


def test_a_calendar_entry_holds_the_window_and_folds_its_lines(client: Client) -> None:
    make_incident(title="Müll, Fälle; und\nmehr " * 8)
    answer = client.get("/incidents/INC-2025-0001.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert {"DTSTART:20251020T120000Z", "DTEND:20251020T140000Z"} <= set(lines)
    whole = answer.content.decode().replace("\r\n ", "")
    assert "SUMMARY:Müll\\, Fälle\\; und\\nmehr" in whole


def test_twins_of_a_merged_number_lead_on(client: Client) -> None:
    live = make_incident("INC-2025-0001")
    make_incident("INC-2025-0002", shown_as=live)
    for form in ("json", "md", "ics"):
        assert (
            client.get(f"/incidents/INC-2025-0002.{form}")["Location"] == f"/incidents/INC-2025-0001.{form}"
        )


def test_a_withdrawn_number_leads_to_its_neighbours(client: Client) -> None:
    make_incident("INC-2025-0001")
    make_incident("INC-2025-0002", is_withdrawn=True)
    make_incident("INC-2025-0003")
    page = client.get("/incidents/INC-2025-0002/").content.decode()
    assert 'rel="prev" href="/incidents/INC-2025-0001/"' in page
    assert 'rel="next" href="/incidents/INC-2025-0003/"' in page
