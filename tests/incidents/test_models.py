"""What can never be true, the database refuses; and what rows say of themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from incidents.linking import link, redraw, redraw_ongoing
from incidents.models import Account, Claim, Dependency, Incident, Pair, Report, User, Verdict
from nlp.document import Field
from tests.factories import (
    HOUR,
    NOON,
    keep,
    make_fact,
    make_organisation,
    make_provider,
    make_report,
    make_source,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db


def incident(**fields: Any) -> Incident:
    return Incident.objects.create(**{"slug": f"INC-2025-{Incident.objects.count():04d}"} | fields)


def dependency(**fields: Any) -> Dependency:
    organisation = make_organisation()
    return Dependency.objects.create(
        **{"organisation": organisation, "relation": "hosted-on", "target": "x"} | fields
    )


def claim(**fields: Any) -> Claim:
    settings = {"field": "cause", "value": "dns", "key": "dns", "origin": "person", "rule": "person"}
    return Claim.objects.create(**settings | {"seen_at": NOON} | fields)


def verdict(**fields: Any) -> Verdict:
    return Verdict.objects.create(person=make_user(), **fields)


IMPOSSIBLE = {
    "an end before the start": lambda: incident(started_at=NOON, ended_at=NOON - HOUR, end_state="known"),
    "an end that is known without a time": lambda: incident(end_state="known"),
    "a time of an end that is unknown": lambda: incident(ended_at=NOON, end_state="unknown"),
    "a second incident of a number": lambda: (incident(slug="INC-1"), incident(slug="INC-1")),
    "a dependency on nothing": lambda: dependency(),
    "a dependency on two things": lambda: dependency(
        on_provider=make_provider(), on_organisation=make_organisation("kraken")
    ),
    "a dependency on oneself": lambda: dependency(on_organisation=make_organisation()),
    "a claim of nobody": lambda: claim(),
    "a claim of a person about nothing": lambda: claim(person=make_user()),
    "a claim that was gone before it was seen": lambda: claim(
        person=make_user(), incident=incident(), gone_at=NOON - HOUR
    ),
    "a confidence above one": lambda: claim(person=make_user(), incident=incident(), confidence=1.5),
    "a verdict on a pair in the wrong order": lambda: verdict(kind="same", a="b", b="a"),
    "a verdict on a hit of no incident": lambda: verdict(kind="hit", organisation=make_organisation()),
    "two users of one address": lambda: [
        User.objects.create(username=name, email=email)
        for name, email in (("a", "A@x.org"), ("b", "a@X.org"))
    ],
}


@pytest.mark.parametrize("make", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_the_database_refuses(make: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make()


def test_a_pair_is_of_two_accounts() -> None:
    keep(make_report("aws-rss:1"))
    account = Account.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Pair.objects.create(a=account, b=account, answer="yes", score=1)


def test_only_an_active_analyst_may_judge() -> None:
    assert make_user("ada").may_judge
    assert not make_user("rita", is_analyst=False).may_judge
    assert not make_user("ben", is_active=False).may_judge
    assert make_user("root", is_analyst=False, is_superuser=True).may_judge


def test_an_incident_that_redirects_or_is_withdrawn_is_not_live() -> None:
    first = incident()
    assert first.is_live
    assert not incident(shown_as=first).is_live
    assert not incident(is_withdrawn=True).is_live
    assert list(Incident.objects.live()) == [first]


def ongoing() -> Incident:
    """An incident that its source listed an hour ago, when it was read last."""
    read_at = NOON + HOUR
    make_source("aws-status", interval=timedelta(minutes=5), last_read_at=read_at, lists_only_open=True)
    report = make_report(
        "aws-health:1", make_time(Field.STARTED_AT, NOON), make_fact(Field.PHASE, "identified")
    )
    keys = keep(report)
    Report.objects.update(last_listed_at=read_at)
    link(keys, now=read_at)
    return Incident.objects.get()


def test_goes_on_while_listed_and_its_end_is_unknown_once_the_source_is_blind() -> None:
    found = ongoing()
    assert (found.end_state, found.status, found.window.upper) == ("ongoing", "identified", None)
    assert list(Incident.objects.ongoing()) == [found]
    assert redraw_ongoing(NOON + HOUR + timedelta(minutes=15)) == set()
    assert redraw_ongoing(NOON + HOUR + timedelta(minutes=16)) == {found.pk}
    found.refresh_from_db()
    assert (found.end_state, found.status, found.ended_at) == ("unknown", "unknown", None)


def test_was_over_by_the_time_that_it_was_listed_no_more() -> None:
    found = ongoing()
    Report.objects.update(unlisted_at=NOON + 2 * HOUR)
    redraw({found.pk}, NOON + 2 * HOUR)
    found.refresh_from_db()
    assert (found.end_state, found.ended_at, found.status) == ("bounded", NOON + 2 * HOUR, "resolved")
