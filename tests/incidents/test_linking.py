"""link(keys): which accounts are one incident, under which number, in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.linking import link
from incidents.models import Account, Incident, Pair, Report
from incidents.verdicts import judge_pair
from nlp.document import Field
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_account,
    make_fact,
    make_organisation,
    make_report,
    make_time,
    make_user,
)

pytestmark = pytest.mark.django_db


def tell(*reports: object) -> set[int]:
    return link(keep(*reports))  # type: ignore[arg-type]


def slugs_of(*keys: str) -> list[str]:
    rows = dict(Account.objects.values_list("key", "incident__slug"))
    return [rows[key] for key in keys]


def ec2(key: str, **fields: object) -> object:
    return make_report(key, make_fact(Field.SERVICE, "aws:ec2"), **fields)


def test_a_report_opens_an_incident_with_a_number_of_its_year() -> None:
    tell(ec2("aws-rss:1"))
    incident = Incident.objects.get()
    assert (incident.slug, incident.anchor, incident.owner) == ("INC-2025-0001", "aws-rss:1", "provider:aws")
    assert incident.provider.slug == "aws"
    assert incident.regions == ["aws:us-east-1"]


def test_later_report_of_the_same_outage_joins_it() -> None:
    tell(ec2("aws-rss:1"))
    tell(ec2("aws-rss:2", said_at=NOON + HOUR))
    assert slugs_of("aws-rss:1", "aws-rss:2") == ["INC-2025-0001", "INC-2025-0001"]


def test_an_outage_of_the_same_region_ten_days_later_is_another() -> None:
    tell(ec2("aws-rss:1"))
    tell(ec2("aws-rss:2", said_at=NOON + 8 * DAY))
    assert slugs_of("aws-rss:1", "aws-rss:2") == ["INC-2025-0001", "INC-2025-0002"]


def test_linking_again_changes_nothing_and_writes_nothing() -> None:
    keys = keep(ec2("aws-rss:1"), ec2("aws-rss:2", said_at=NOON + HOUR))
    link(keys)
    before = Incident.objects.values()[0]
    assert link(keys) == set()
    assert Incident.objects.values()[0] == before


def test_a_report_that_ties_two_incidents_makes_one_and_the_other_number_redirects() -> None:
    s3 = make_report("aws-rss:2", make_fact(Field.SERVICE, "aws:s3"), said_at=NOON + HOUR / 2)
    tell(ec2("aws-rss:1"), s3)
    assert Incident.objects.live().count() == 2
    both = [make_fact(Field.SERVICE, "aws:s3"), make_fact(Field.SERVICE, "aws:ec2")]
    tell(make_report("aws-rss:3", *both, make_time(Field.ENDED_AT, NOON + HOUR)))
    first, second = Incident.objects.order_by("slug")
    assert (first.is_live, second.shown_as) == (True, first)


def test_when_the_tie_is_gone_the_numbers_return() -> None:
    test_a_report_that_ties_two_incidents_makes_one_and_the_other_number_redirects()
    tell(make_report("aws-rss:3", said_at=NOON + 30 * DAY))
    assert slugs_of("aws-rss:1", "aws-rss:2") == ["INC-2025-0001", "INC-2025-0002"]
    assert Incident.objects.live().count() == 3


def test_an_incident_without_an_account_is_withdrawn_and_returns_with_it() -> None:
    report = ec2("aws-rss:1")
    tell(report)
    empty = replace(report, accounts=(), captured_at=NOON + HOUR)
    link(Report.objects.keep([empty]))
    incident = Incident.objects.get()
    assert (incident.is_withdrawn, incident.status, Account.objects.count()) == (True, "withdrawn", 0)
    link(Report.objects.keep([empty, replace(report, captured_at=NOON + 2 * HOUR)]))
    incident.refresh_from_db()
    assert (incident.is_withdrawn, incident.status) == (False, "unknown")


def test_the_number_stays_with_those_that_are_left_when_its_anchor_goes() -> None:
    first = ec2("aws-rss:1")
    tell(first, ec2("aws-rss:2", said_at=NOON + HOUR))
    link(Report.objects.keep([replace(first, accounts=(), captured_at=NOON + HOUR)]))
    assert slugs_of("aws-rss:2") == ["INC-2025-0001"]
    assert Incident.objects.get().anchor == "aws-rss:2"


def test_an_incident_that_loses_an_account_shows_what_the_others_say() -> None:
    tell(ec2("aws-rss:1", said_at=NOON + HOUR))
    earlier = ec2("aws-rss:2")
    tell(earlier)
    assert Incident.objects.get().first_public_at == NOON
    link(Report.objects.keep([replace(earlier, accounts=(), captured_at=NOON + DAY)]))
    incident = Incident.objects.get()
    assert (incident.report_count, incident.first_public_at) == (1, NOON + HOUR)


def test_an_account_of_somebody_unknown_waits_until_the_catalogue_knows_them() -> None:
    keys = keep(make_report("web:1", accounts=(make_account(organisation="nobody"),)))
    link(keys)
    assert not Incident.objects.exists()
    make_organisation("nobody")
    link(keys)
    assert Incident.objects.get().organisation.slug == "nobody"


def test_a_round_up_s_undated_part_opens_no_incident_and_waits_for_a_person() -> None:
    tell(ec2("aws-rss:1"))
    undated = make_account(is_strong=False, slot="aws/eu-north-1")
    tell(make_report("web:1", accounts=(undated,)))
    assert Incident.objects.count() == 1
    assert Account.objects.unplaced().get().key == "web:1#aws/eu-north-1"
    judge_pair("aws-rss:1", "web:1#aws/eu-north-1", same=True, person=make_user())
    assert not Account.objects.unplaced().exists()
    assert slugs_of("web:1#aws/eu-north-1") == ["INC-2025-0001"]


def test_pairs_that_cannot_be_decided_wait_for_a_person() -> None:
    lambda_ = make_report("aws-rss:2", make_fact(Field.SERVICE, "aws:lambda"), said_at=NOON + HOUR / 2)
    tell(ec2("aws-rss:1"), lambda_)
    long = make_time(Field.ENDED_AT, NOON + 3 * HOUR)
    tell(make_report("aws-rss:1", make_fact(Field.SERVICE, "aws:ec2"), long))
    pair = Pair.objects.undecided().get()
    assert (pair.a.key, pair.b.key) == ("aws-rss:1", "aws-rss:2")
    assert "nothing ties the two" in pair.reasons


def test_linking_many_takes_no_more_queries_than_linking_a_few() -> None:
    def queries(count: int) -> int:
        keys = keep(
            *(ec2(f"aws-rss:{count}-{n}", said_at=NOON + 5 * DAY * (n + count)) for n in range(count))
        )
        with CaptureQueriesContext(connection) as captured:
            link(keys)
        return len(captured)

    assert queries(30) <= queries(3) + 2
