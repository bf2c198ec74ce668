"""Histories of reports, removals, verdicts and undos in the database, against a record drawn from scratch.

And the one writer: two processes that link at once, and one that is killed while it does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.linking import link
from incidents.models import Account, Incident, Pair, Report, User, Verdict
from incidents.relinking import relink
from incidents.reports import NewReport
from incidents.undoing import undo
from incidents.verdicts import judge_pair
from nlp.document import Field
from tests.factories import (
    HOUR,
    NOON,
    make_account,
    make_fact,
    make_report,
    make_source,
    make_time,
    make_user,
)

HISTORIES = int(os.environ.get("DATABASE_HISTORIES", "25"))
RACES = int(os.environ.get("LINKING_RACES", "20"))
KILLS = int(os.environ.get("LINKING_KILLS", "2"))
KEYS = [f"aws-rss:{number}" for number in range(7)]


def report(number: int, hour: int, service: str, *, is_strong: bool = True, captured: int = 0) -> NewReport:
    start = make_time(Field.STARTED_AT, NOON + hour * HOUR)
    facts = [start, make_fact(Field.SERVICE, service), make_fact(Field.REGION, "aws:us-east-1")]
    return make_report(
        KEYS[number],
        said_at=NOON + hour * HOUR,
        accounts=(make_account(*facts, is_strong=is_strong),),
        captured_at=NOON + timedelta(days=30, minutes=captured),
    )


steps = st.one_of(
    st.tuples(
        st.just("tell"),
        st.tuples(
            st.integers(0, len(KEYS) - 1),
            st.integers(0, 150),
            st.sampled_from(["aws:ec2", "aws:s3"]),
            st.booleans(),
        ),
    ),
    st.tuples(st.just("forget"), st.integers(0, len(KEYS) - 1)),
    st.tuples(
        st.just("judge"),
        st.tuples(st.lists(st.sampled_from(KEYS), min_size=2, max_size=2, unique=True), st.booleans()),
    ),
    st.tuples(st.just("undo"), st.integers(0, 5)),
)


class World:
    """Plays steps on the record, and remembers each report's states as ingest would."""

    def __init__(self, person: User) -> None:
        self.person = person
        self.states: dict[str, list[NewReport]] = {}
        self.clock = 0

    def play(self, step: str, what: Any) -> None:
        self.clock += 1
        getattr(self, step)(what)

    def tell(self, what: tuple[int, int, str, bool]) -> None:
        number, hour, service, is_strong = what
        self.add(report(number, hour, service, is_strong=is_strong, captured=self.clock))

    def forget(self, number: int) -> None:
        if known := self.states.get(KEYS[number]):
            empty = replace(known[-1], accounts=(), captured_at=NOON + timedelta(days=30, minutes=self.clock))
            self.add(empty)

    def add(self, state: NewReport) -> None:
        states = self.states.setdefault(state.key, [])
        states.append(state)
        link(Report.objects.keep(states))

    def judge(self, what: tuple[list[str], bool]) -> None:
        (a, b), same = what
        if Account.objects.filter(key__in=(a, b)).count() == 2:
            judge_pair(a, b, same=same, person=self.person)

    def undo(self, number: int) -> None:
        standing = list(Verdict.objects.standing())
        if standing:
            undo(standing[number % len(standing)], person=self.person)


def homes() -> dict[str, str]:
    return dict(Account.objects.values_list("key", "incident__slug"))


def groups() -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for key, slug in homes().items():
        found.setdefault(slug, set()).add(key)
    return set(map(frozenset, found.values()))


def check_record() -> None:
    live = set(Incident.objects.live().values_list("slug", flat=True))
    assert set(homes().values()) == live, "one live number a cluster, and an account in each"
    for incident in Incident.objects.all():
        end = incident.shown_as or incident
        assert end.is_live or incident.is_withdrawn, "every number leads somewhere"
    for a, b in Verdict.objects.standing().filter(kind="not-same").values_list("a", "b"):
        newer_same = Verdict.objects.standing().filter(kind="same", a=a, b=b).exists()
        if not newer_same and {a, b} <= homes().keys():
            assert homes()[a] != homes()[b], "a pair judged not the same stands together"
    assert not relink(apply=False), "incremental is from scratch"


@pytest.mark.django_db
@settings(max_examples=HISTORIES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=3, max_size=9), st.randoms(use_true_random=False))
def test_the_record_is_what_its_reports_and_verdicts_make_it(
    db: None, history: list[tuple[str, Any]], random: Random
) -> None:
    with transaction.atomic():
        make_source()
        world = World(make_user())
        for step, what in history:
            world.play(step, what)
        check_record()
        wanted = groups()
        rebuild(world.states.values(), random)
        assert groups() == wanted, "any order, the same partition"
        transaction.set_rollback(True)


def rebuild(histories: Iterable[list[NewReport]], random: Random) -> None:
    """The same reports into an emptied record, in another order; the verdicts stay."""
    Account.objects.all().delete()
    Report.objects.all().delete()
    arrivals = [states[: number + 1] for states in histories for number in range(len(states))]
    random.shuffle(arrivals)
    for states in arrivals:
        link(Report.objects.keep(states))
    for states in histories:
        link(Report.objects.keep(states))


CHILD = """
import os, signal, sys
import django
from django.db import connections
connections.settings["default"]["NAME"] = sys.argv[1]
django.setup()
import incidents.linking
from incidents.linking import link
if sys.argv[2] == "die":
    incidents.linking.draw = lambda *args: os.kill(os.getpid(), signal.SIGKILL)
print("ready", flush=True)
for line in sys.stdin:
    link(set(line.split()))
    print("done", flush=True)
"""


class Linker:
    """Another process on the test's database, which links the keys that it is told."""

    def __init__(self, fate: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(connection.settings_dict["NAME"]), fate],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=django_settings.BASE_DIR,
            env={"DJANGO_SETTINGS_MODULE": "config.settings"} | os.environ,
        )

    def __enter__(self) -> Linker:
        assert self.hear() == "ready\n"
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate(timeout=60)

    def tell(self, *keys: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(" ".join(keys) + "\n")
        self.process.stdin.flush()

    def hear(self) -> str:
        """Its next line; empty when it died."""
        assert self.process.stdout
        return self.process.stdout.readline()


def keep_two(round_number: int) -> list[str]:
    """Two reports of one outage, kept by nobody linked yet."""
    make_source()
    service = make_fact(Field.SERVICE, "aws:ec2")
    said_at = NOON + timedelta(days=9 * round_number)
    keys = [f"aws-rss:{round_number}-{side}" for side in "ab"]
    Report.objects.keep_all([make_report(key, service, said_at=said_at)] for key in keys)
    return keys


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_link_one_outage_at_once_open_it_once() -> None:
    with Linker("live") as one, Linker("live") as other:
        for round_number in range(RACES):
            first, second = keep_two(round_number)
            one.tell(first)
            other.tell(second)
            assert (one.hear(), other.hear()) == ("done\n", "done\n")
            assert homes()[first] == homes()[second] is not None
            assert Incident.objects.count() == round_number + 1


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_it_links_leaves_nothing_half_done() -> None:
    for round_number in range(KILLS):
        keys = keep_two(round_number)
        with Linker("die") as killed:
            killed.tell(*keys)
            assert killed.hear() == ""
        assert killed.process.returncode == -signal.SIGKILL
        assert {homes()[key] for key in keys} == {None}
        assert (Incident.objects.count(), Pair.objects.count()) == (round_number, round_number)
        link(set(keys))
        assert len({homes()[key] for key in keys}) == 1
        assert Incident.objects.count() == round_number + 1
