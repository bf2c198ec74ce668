"""relink: the record drawn from scratch beside the present one, its differences told, then applied."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from incidents.linking import link
from incidents.models import Account, Incident, Pair
from incidents.relinking import relink
from nlp.document import Field
from tests.factories import DAY, HOUR, NOON, keep, make_fact, make_report

pytestmark = pytest.mark.django_db


def record() -> None:
    ec2 = make_fact(Field.SERVICE, "aws:ec2")
    reports = [
        make_report(f"aws-rss:{n}", ec2, said_at=NOON + (n // 2) * 8 * DAY + n * HOUR) for n in range(6)
    ]
    link(keep(*reports))


def state() -> list[object]:
    return [
        *Incident.objects.order_by("slug").values(
            "slug", "anchor", "shown_as", "title", "started_at", "shown"
        ),
        *Account.objects.order_by("key").values("key", "incident__slug"),
        *Pair.objects.order_by("a__key", "b__key").values("a__key", "b__key", "answer", "score", "reasons"),
    ]


def test_a_record_that_is_as_the_rules_draw_it_shows_no_difference() -> None:
    record()
    before = state()
    assert not relink(apply=True)
    assert state() == before


def test_tells_what_parted_joined_and_changed_and_keeps_nothing_unasked() -> None:
    record()
    wanted = state()
    first, second = Incident.objects.order_by("slug")[:2]
    # As an earlier rule might have left it: one account in the wrong place, one value wrong.
    Account.objects.filter(key="aws-rss:2").update(incident=first)
    Incident.objects.filter(pk=first.pk).update(title="Misread")
    wrong = state()
    difference = relink(apply=False)
    assert difference.parted == {first.slug: [second.slug]}
    assert difference.changed == {(first.slug, "title"): ("Misread", "Increased error rates")}
    assert state() == wrong
    relink(apply=True)
    assert state() == wanted


def test_a_number_whose_accounts_go_elsewhere_is_told_to_have_joined() -> None:
    record()
    Incident.objects.filter(slug="INC-2025-0002").update(anchor="aws-rss:0")
    Account.objects.filter(key__in=["aws-rss:2", "aws-rss:3"]).update(incident=None)
    difference = relink(apply=True)
    assert set(Account.objects.values_list("incident__slug", flat=True)) == {
        "INC-2025-0001",
        "INC-2025-0003",
        "INC-2025-0004",
    }
    assert difference.joined == {}


def test_the_command_tells_and_applies_only_when_told(capsys: pytest.CaptureFixture[str]) -> None:
    record()
    Incident.objects.filter(slug="INC-2025-0001").update(title="Misread")
    call_command("relink")
    told = capsys.readouterr().out
    assert "changed INC-2025-0001 title: Misread -> Increased error rates" in told
    assert "0 joined, 0 parted, 1 values changed" in told
    assert Incident.objects.get(slug="INC-2025-0001").title == "Misread"
    call_command("relink", "--apply")
    assert Incident.objects.get(slug="INC-2025-0001").title == "Increased error rates"
