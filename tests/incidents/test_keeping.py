"""Report.objects.keep: what sources said, as a function of the states, whatever their order."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from incidents.histories import tell
from incidents.models import Account, Claim, Post, Report
from incidents.reports import NewReport
from nlp.document import Evidence, Field, Origin
from tests.factories import (
    HOUR,
    NOON,
    keep,
    make_account,
    make_fact,
    make_post,
    make_report,
    make_source,
)

pytestmark = pytest.mark.django_db

TEXT = "Errors rise in N. Virginia. We are looking into it."


def region(start: int = 0, end: int = 27, **fields: Any) -> Any:
    evidence = Evidence(passage=0, start=start, end=end)
    return make_fact(Field.REGION, "aws:us-east-1", evidence=evidence, origin=Origin.TEXT, **fields)


def state(hour: int, text: str = TEXT, *more: str, **fields: Any) -> NewReport:
    posts = [make_post(text, said_at=NOON, ref="1")]
    posts += [make_post(said, said_at=NOON + HOUR * n, ref=str(n + 1)) for n, said in enumerate(more, 1)]
    settings = {
        "posts": tuple(posts),
        "captured_at": NOON + HOUR * hour,
        "accounts": (make_account(region()),),
    }
    return make_report("aws-data:ec2:1", **settings | fields)


def rows() -> list[tuple[Any, ...]]:
    posts = Post.objects.order_by("ref", "revision").values_list(
        "ref", "revision", "position", "text", "said_at", "seen_at", "gone_at"
    )
    claims = Claim.objects.order_by("field", "key", "post__ref", "post__revision", "seen_at").values_list(
        "account__key",
        "field",
        "key",
        "post__ref",
        "post__revision",
        "start",
        "end",
        "path",
        "seen_at",
        "gone_at",
    )
    reports = Report.objects.values_list("key", "title", "first_seen_at", "captured_at")
    return [*posts, *claims, *reports]


def keep_states(*states: NewReport) -> set[str]:
    make_source("aws-status")
    return Report.objects.keep(states)


def test_the_sentence_of_a_claim_stands_at_its_offsets_in_the_very_wording() -> None:
    keep_states(state(0), state(1, "Errors rise in N. Virginia! Nothing else."))
    for claim in Claim.objects.select_related("post"):
        assert claim.post.text[claim.start : claim.end].startswith("Errors rise in N. Virginia")
    assert {claim.post.revision for claim in Claim.objects.select_related("post")} == {1, 2}


def test_a_reworded_post_is_a_new_revision_and_the_earlier_one_is_gone() -> None:
    keep_states(state(0), state(2, "Errors fall in N. Virginia. Done."))
    first, second = Post.objects.order_by("revision")
    assert (first.gone_at, second.gone_at) == (NOON + 2 * HOUR, None)
    assert second.seen_at == NOON + 2 * HOUR


def test_a_post_that_vanishes_and_returns_is_not_doubled() -> None:
    keep_states(state(0, TEXT, "Second."), state(1), state(2, TEXT, "Second."))
    assert list(Post.objects.order_by("ref").values_list("ref", "revision", "gone_at")) == [
        ("1", 1, None),
        ("2", 1, None),
    ]


def test_a_claim_that_a_later_state_no_longer_makes_is_gone_since_then() -> None:
    keep_states(state(0), state(3, accounts=(make_account(),)))
    assert Claim.objects.get().gone_at == NOON + 3 * HOUR


def test_a_claim_is_public_when_its_post_was_said_else_when_it_was_captured() -> None:
    severity = make_fact(Field.SEVERITY, "major")
    keep_states(state(5, accounts=(make_account(region(), severity),)))
    assert Claim.objects.get(field="region").seen_at == NOON
    assert Claim.objects.get(field="severity").seen_at == NOON + 5 * HOUR


def test_the_stamp_of_a_post_does_not_speak_for_its_later_wording() -> None:
    keep_states(state(1), state(6, "Errors rise in N. Virginia, and elsewhere."))
    assert Claim.objects.get(gone_at=None).seen_at == NOON + 6 * HOUR


def test_the_source_s_own_stamp_orders_states_before_capture_does() -> None:
    newer = state(1, "Errors fall in N. Virginia. Done.", modified_at=NOON + HOUR)
    older = state(9, modified_at=NOON)
    keep_states(newer, older)
    assert Post.objects.get(gone_at=None).text.startswith("Errors fall")


def test_states_in_any_order_leave_the_same_rows() -> None:
    states = [
        state(0),
        state(1, TEXT, "Second."),
        state(2, "Errors rise in N. Virginia, it seems.", "Second."),
    ]
    found = []
    for order in permutations(states):
        for number in range(len(order)):
            keep_states(*order[: number + 1])
        found.append(rows())
        Report.objects.all().delete()
    assert all(later == found[0] for later in found)


def test_unchanged_states_write_nothing() -> None:
    keep_states(state(0), state(1, TEXT, "Second."))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert keep_states(state(1, TEXT, "Second."), state(0)) == set()
    assert not [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_many_reports_take_no_more_queries_than_a_few() -> None:
    def queries(count: int) -> int:
        reports = [make_report(f"aws-rss:{count}-{number}", region()) for number in range(count)]
        make_source("aws-status")
        with CaptureQueriesContext(connection) as captured:
            keep(*reports)
        return len(captured)

    assert queries(40) == queries(2)


def test_an_account_that_is_told_no_more_is_marked_and_loses_its_claims() -> None:
    two = (make_account(region()), make_account(region(), slot="aws/2025-10-28", is_strong=False))
    keep_states(state(0, accounts=two))
    touched = keep_states(state(0, accounts=two), state(1))
    assert touched == {"aws-data:ec2:1", "aws-data:ec2:1#aws/2025-10-28"}
    assert list(Account.objects.filter(is_gone=True).values_list("slot", flat=True)) == ["aws/2025-10-28"]
    assert Claim.objects.filter(account__is_gone=True).count() == 0


def test_a_claim_from_a_title_that_stands_no_more_keeps_no_offsets_into_the_new_one() -> None:
    named = make_fact(Field.REGION, "aws:us-east-1", evidence=Evidence(start=0, end=4), origin=Origin.TEXT)
    first = state(0, title="Ohio is down", accounts=(make_account(named),))
    keep_states(first, replace(first, title="All is well", captured_at=NOON + HOUR))
    old, new = Claim.objects.order_by("seen_at")
    assert (old.start, old.path, new.start) == (None, "title", 0)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5), st.integers(0, 3), st.sampled_from([TEXT, "Errors. More."]), st.booleans()
        ),
        min_size=1,
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_a_history_is_a_function_of_the_set_of_states(steps: list[Any], rnd: Any) -> None:
    states = [
        state(
            captured,
            text,
            *(["Second."] if two else []),
            modified_at=NOON + HOUR * modified if modified else None,
        )
        for captured, modified, text, two in steps
    ]
    shuffled = states[:]
    rnd.shuffle(shuffled)
    first, second = tell(states), tell(shuffled)
    assert set(map(repr, first.posts)) == set(map(repr, second.posts))
    assert set(map(repr, first.claims)) == set(map(repr, second.claims))
    assert all(claim.gone_at is None or claim.seen_at <= claim.gone_at for claim in first.claims)
