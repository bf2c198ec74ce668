"""same_outage: what ties two accounts, what keeps them apart, and what is left to a person."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.choices import PairAnswer
from incidents.profiles import Profile, event_page, from_json, profile_of, to_json
from incidents.same import LONE, answers, same_outage
from nlp.document import DocumentKind, Field, Origin, Precision, Relevance
from tests.factories import DAY, HOUR, NOON, make_account, make_fact, make_post, make_report, make_time

MINUTE = timedelta(minutes=1)
TEXT = "We are investigating increased error rates for requests in the Region. The issue is resolved."


def profile(key: str = "aws-data:a", **fields: Any) -> Profile:
    settings: dict[str, Any] = {
        "report": key,
        "owner": "provider:aws",
        "is_strong": True,
        "start": NOON,
        "is_exact": True,
        "earliest": NOON,
        "latest": NOON + 2 * HOUR,
        "regions": frozenset({"aws:us-east-1"}),
    }
    return Profile(key, **settings | fields)


def record(key: str, service: str, *, start: Any = NOON, end: Any = None, **fields: Any) -> Profile:
    """A provider's own record, filed under a service; with a text of its own."""
    settings: dict[str, Any] = {
        "services": frozenset({service}),
        "headline": frozenset({service}),
        "words": frozenset({f"word-of-{key}"}),
    }
    return profile(key, start=start, earliest=start, latest=end or start + 2 * HOUR, **settings | fields)


def press(key: str = "web:1", **fields: Any) -> Profile:
    settings: dict[str, Any] = {
        "is_strong": False,
        "is_exact": False,
        "earliest": NOON.replace(hour=0),
        "latest": NOON.replace(hour=0) + DAY,
        "regions": frozenset(),
    }
    return profile(key, **settings | fields)


YES, NO, CANNOT = PairAnswer.YES, PairAnswer.NO, PairAnswer.CANNOT_DECIDE
EC2, S3 = record("aws-data:ec2", "aws:ec2"), record("aws-data:s3", "aws:s3", start=NOON + HOUR)

CASES: list[tuple[str, Profile, Profile, PairAnswer, str]] = [
    (
        "a native id that both carry",
        profile("azure:1", ids=frozenset({"azure:XYZ"}), latest=NOON),
        profile("azure-rss:1", ids=frozenset({"azure:XYZ"}), earliest=NOON + 9 * DAY, latest=NOON + 9 * DAY),
        YES,
        "both carry azure:XYZ",
    ),
    (
        "a page about one event that both point to",
        record("aws-data:ec2", "aws:ec2", links=frozenset({"https://aws.example/message/12721/"})),
        record("aws-data:s3", "aws:s3", links=frozenset({"https://aws.example/message/12721/"})),
        YES,
        "both point to https://aws.example/message/12721/",
    ),
    (
        "press that links to the provider's page",
        press(links=frozenset({"https://status.example/incidents/abc123"})),
        profile("gcp:abc", address="https://status.example/incidents/abc123"),
        YES,
        "both point to",
    ),
    ("another provider", EC2, profile("gcp:1", owner="provider:gcp"), NO, "another provider"),
    (
        "maintenance and an outage",
        EC2,
        record("aws-data:m", "aws:ec2", is_maintenance=True),
        NO,
        "maintenance",
    ),
    (
        "two parts of one round-up",
        press("web:1#a", report="web:1"),
        press("web:1#b", report="web:1"),
        NO,
        "one report tells of them as two",
    ),
    (
        "the same title months apart",
        record("aws-rss:1", "aws:ec2", title=frozenset({"connectivity"})),
        record("aws-rss:2", "aws:ec2", start=NOON + 90 * DAY, title=frozenset({"connectivity"})),
        NO,
        "90 days apart",
    ),
    (
        "two outages of one region in ten days",
        record("aws-rss:1", "aws:ec2"),
        record("aws-rss:2", "aws:ec2", start=NOON + 8 * DAY),
        NO,
        "8 days apart",
    ),
    (
        "one text posted for two regions at once",
        profile("gcp:1", words=frozenset(TEXT.split()), regions=frozenset({"gcp:us-east1"})),
        profile(
            "gcp:2",
            words=frozenset(TEXT.split()),
            regions=frozenset({"gcp:us-west1"}),
            start=NOON + 9 * MINUTE,
        ),
        YES,
        "near-identical text",
    ),
    (
        "one text posted for two regions an hour apart",
        profile("aws-data:1", words=frozenset(TEXT.split()), regions=frozenset({"aws:us-east-2"})),
        profile("aws-data:2", words=frozenset(TEXT.split()), start=NOON + HOUR),
        NO,
        "other regions",
    ),
    (
        "two numbers of a publisher that numbers its incidents",
        record("gcp:1", "aws:ec2", numbering="gcp:"),
        record("gcp:2", "aws:ec2", numbering="gcp:"),
        NO,
        "the publisher numbers them as two",
    ),
    (
        "two numbers that point to one page",
        record("gcp:1", "aws:ec2", numbering="gcp:", address="status.example/incidents/abc123"),
        record("gcp:2", "aws:ec2", numbering="gcp:", links=frozenset({"status.example/incidents/abc123"})),
        CANNOT,
        "numbers them as two",
    ),
    (
        "one text under two numbers for two services",
        record("gcp:1", "gcp:bigtable", numbering="gcp:", words=frozenset(TEXT.split())),
        record("gcp:2", "gcp:pubsub", numbering="gcp:", words=frozenset(TEXT.split())),
        CANNOT,
        "numbers them as two",
    ),
    (
        "one text under two numbers for one service",
        record("gcp:1", "gcp:bigtable", numbering="gcp:", words=frozenset(TEXT.split())),
        record("gcp:2", "gcp:bigtable", numbering="gcp:", words=frozenset(TEXT.split())),
        YES,
        "near-identical text",
    ),
    (
        "other causes in one hour and region",
        record("aws-data:1", "aws:ec2", causes=frozenset({"power"})),
        record("aws-data:2", "aws:ec2", causes=frozenset({"dns"}), start=NOON + HOUR / 2),
        NO,
        "other causes: power and dns",
    ),
    (
        "other symptoms in one hour and region",
        record("aws-data:1", "aws:ec2", symptoms=frozenset({"delay"})),
        record("aws-data:2", "aws:s3", symptoms=frozenset({"unavailable"}), start=NOON + HOUR / 2),
        NO,
        "other symptoms",
    ),
    (
        "a record that names the other's service in the same region while both go on",
        record("aws-data:kinesis", "aws:kinesis", services=frozenset({"aws:kinesis", "aws:cognito"})),
        record("aws-data:cognito", "aws:cognito", start=NOON + HOUR),
        YES,
        "both name aws:cognito",
    ),
    (
        "a record that names a service which fails elsewhere",
        record("aws-data:kinesis", "aws:kinesis", services=frozenset({"aws:kinesis", "aws:cognito"})),
        record("aws-data:cognito", "aws:cognito", regions=frozenset({"aws:eu-west-1"})),
        NO,
        "other regions",
    ),
    (
        "the next post of one item a post",
        record("aws-rss:1", "aws:ec2", end=NOON, title=frozenset({"connectivity"})),
        record("aws-rss:2", "aws:ec2", start=NOON + 2 * HOUR, title=frozenset({"connectivity"})),
        YES,
        "titles share connectivity",
    ),
    (
        "services of one region stated to fail in the same minute",
        record("aws-data:1", "aws:ec2"),
        record("aws-data:2", "aws:s3"),
        YES,
        "the same minute",
    ),
    ("services of one region that fail within the hour", EC2, S3, CANNOT, "nothing ties the two"),
    (
        "press of the day that names the region",
        press(regions=frozenset({"aws:us-east-1"})),
        EC2,
        YES,
        "same region: aws:us-east-1",
    ),
    (
        "press of the day that names another region",
        press(regions=frozenset({"aws:eu-west-1"})),
        EC2,
        NO,
        "other regions",
    ),
    ("press of the day that names none", press(), EC2, YES, "the same time"),
    (
        "press of the day that names none, and a record of something minor",
        press(),
        record("aws-data:ec2", "aws:ec2", severity="minor"),
        CANNOT,
        "a minor one, by its own word",
    ),
    (
        "press without a date that names the service",
        press(is_vague=True, services=frozenset({"aws:ec2"}), earliest=NOON, latest=NOON + 3 * DAY),
        EC2,
        YES,
        "told in the days after",
    ),
    (
        "press without a date that names nothing",
        press(is_vague=True, earliest=NOON, latest=NOON + 3 * DAY),
        EC2,
        CANNOT,
        "told in the days after",
    ),
    ("press of another week", press(earliest=NOON + 6 * DAY, latest=NOON + 7 * DAY), EC2, NO, "days apart"),
    (
        "two texts of the press of one day with the same victims",
        press("web:1", organisations=frozenset({"coinbase"})),
        press("web:2", organisations=frozenset({"coinbase"})),
        YES,
        "same organisations hit: coinbase",
    ),
    ("an account without a date", press(earliest=None, latest=None), EC2, NO, "gives no date"),
]


@pytest.mark.parametrize(
    ("a", "b", "expected", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_judges(a: Profile, b: Profile, expected: PairAnswer, reason: str) -> None:
    answer = same_outage(a, b)
    assert answer.answer == expected, answer
    assert reason in "; ".join(answer.reasons)


@pytest.mark.parametrize(("a", "b"), [case[1:3] for case in CASES], ids=[case[0] for case in CASES])
def test_is_symmetric(a: Profile, b: Profile) -> None:
    assert same_outage(a, b) == same_outage(b, a)


slugs = st.frozensets(st.sampled_from(["aws:a", "aws:b", "aws:c"]), max_size=2)
spans = st.tuples(st.integers(0, 96), st.integers(0, 30))


@st.composite
def profiles(draw: st.DrawFn, key: str = "") -> Profile:
    start, width = draw(spans)
    earliest = NOON + start * HOUR
    return Profile(
        key or draw(st.sampled_from(["k1", "k2", "k3"])),
        report=draw(st.sampled_from(["r1", "r2", "r3"])),
        owner=draw(st.sampled_from(["provider:aws", "provider:aws", ""])),
        is_strong=draw(st.booleans()),
        is_maintenance=draw(st.sampled_from([False, False, True])),
        numbering=draw(st.sampled_from(["", "gcp:"])),
        start=earliest,
        is_exact=draw(st.booleans()),
        is_vague=draw(st.booleans()),
        earliest=earliest if draw(st.integers(0, 9)) else None,
        latest=earliest + width * HOUR,
        regions=draw(slugs),
        services=draw(slugs),
        headline=draw(slugs),
        causes=draw(slugs),
        title=draw(slugs),
        words=draw(slugs),
        links=draw(slugs),
        ids=draw(slugs),
    )


@given(profiles(key="one"), profiles(key="other"))
def test_any_two_are_judged_alike_from_both_sides(a: Profile, b: Profile) -> None:
    assert same_outage(a, b) == same_outage(b, a)
    assert 0 <= same_outage(a, b).score <= 1


@given(
    st.lists(
        st.integers(0, 5).flatmap(lambda n: profiles(key=f"k{n}")), max_size=6, unique_by=lambda p: p.key
    )
)
def test_asking_neighbours_only_misses_no_answer(found: list[Profile]) -> None:
    every = {(a.key, b.key): same_outage(a, b) for a in found for b in found if a.key < b.key}
    assert answers(found) == {pair: given for pair, given in every.items() if given.answer != NO}


@given(profiles())
def test_a_profile_survives_being_stored(found: Profile) -> None:
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


def test_a_profile_tells_what_the_account_says() -> None:
    report = make_report(
        "aws-data:ec2:1",
        make_fact(Field.SERVICE, "aws:ec2"),
        make_fact(Field.SERVICE, "aws:ebs", origin=Origin.TEXT),
        make_fact(Field.CAUSE, "dependency"),
        make_time(Field.ENDED_AT, NOON + 2 * HOUR),
        title="[RESOLVED] Increased API Error Rates",
        posts=(make_post("10:01 AM PDT Errors in US-EAST-1 and us-east-2b."),),
    )
    found = profile_of(report, report.accounts[0])
    assert (found.earliest, found.latest) == (NOON, NOON + 2 * HOUR + MINUTE)
    assert (found.headline, found.services) == ({"aws:ec2"}, {"aws:ec2", "aws:ebs"})
    assert found.causes == frozenset()
    assert found.title == {"increased", "api", "error", "rates"}
    assert found.words == {"am", "pdt", "errors", "in", "and"}


def test_the_posting_time_of_a_review_does_not_widen_its_span() -> None:
    said = make_post(said_at=NOON + 20 * DAY)
    report = make_report("azure:1", kind=DocumentKind.PIR, posts=(said,))
    assert profile_of(report, report.accounts[0]).latest == NOON + DAY


def test_press_without_a_date_tells_of_the_days_before() -> None:
    account = make_account(is_strong=False)
    report = make_report("web:1", accounts=(account,), kind=DocumentKind.NEWS, published_at=NOON)
    found = profile_of(report, account)
    assert (found.earliest, found.latest, found.is_vague) == (NOON - 3 * DAY, NOON, True)


def test_a_part_of_a_round_up_without_a_date_has_none() -> None:
    account = make_account(is_strong=False, slot="aws/eu-north-1")
    found = profile_of(make_report("web:1", accounts=(account,)), account)
    assert (found.earliest, found.latest) == (None, None)


def test_what_is_no_outage_is_nobody_s() -> None:
    account = make_account(relevance=Relevance.NOT_AN_OUTAGE)
    assert profile_of(make_report("web:1", accounts=(account,)), account).owner == ""


def test_a_stated_day_covers_the_day() -> None:
    report = make_report("web:1", make_time(Field.STARTED_AT, NOON.replace(hour=0), Precision.DAY))
    found = profile_of(report, report.accounts[0])
    assert (found.latest, found.is_exact) == (NOON.replace(hour=0) + DAY, False)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://status.aws.example/", ""),
        ("https://status.aws.example/rss/all.rss", ""),
        ("https://azure.example/en-us/status/history/", ""),
        ("https://docs.aws.example/ec2/latest/choosing-an-instance-type", ""),
        ("https://support.example/answer/1047213", ""),
        (
            "https://azure.example/status/history/?trackingId=PSM0-BQ8",
            "azure.example/status/history/?trackingId=PSM0-BQ8",
        ),
        ("https://AWS.example/message/12721/", "aws.example/message/12721"),
        ("http://www.aws.example/message/12721.", "aws.example/message/12721"),
        (
            "https://status.example/incidents/ow5i3PPK96RduMcb1SsW",
            "status.example/incidents/ow5i3PPK96RduMcb1SsW",
        ),
        ("https://news.example/2025/10/20/down", "news.example/2025/10/20/down"),
    ],
)
def test_knows_an_address_of_one_event(url: str, expected: str) -> None:
    assert event_page(url) == expected


def test_a_day_counted_from_another_event_is_about_that_day() -> None:
    dated = profile("catalogue:a", start=NOON, latest=NOON + 2 * HOUR)
    start = NOON + 34 * HOUR
    counted = press("web:1#aws/2025-10-22", is_counted=True, start=start, earliest=start, latest=start + DAY)
    answer = same_outage(dated, counted)
    assert (answer.answer, answer.score) == (PairAnswer.YES, LONE)
    assert answer.reasons[-1] == "the day of one is only counted from another event"


def test_a_stated_day_further_off_is_another_outage() -> None:
    start = NOON + 34 * HOUR
    stated = press("web:1#aws/2025-10-22", start=start, earliest=start, latest=start + DAY)
    assert same_outage(profile(), stated).answer == PairAnswer.NO


def test_a_counted_day_never_means_a_minor_outage() -> None:
    start = NOON + 34 * HOUR
    counted = press(is_counted=True, start=start, earliest=start, latest=start + DAY)
    assert same_outage(profile(severity="minor"), counted).answer == PairAnswer.NO
