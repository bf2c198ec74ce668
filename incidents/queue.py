"""The review queue: hands each analyst a pair that nobody else has in hand, and takes the answer."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from incidents.models import Pair, Turn, User, Verdict
from incidents.verdicts import VerdictRefused, judge_pair, require_analyst, undo

IN_HAND = timedelta(minutes=10)
"""How long a pair is kept for the analyst who looks at it."""
PASSED = timedelta(days=1)
"""How long a pair that somebody skipped is not offered to the same one."""


class AnsweredMeanwhile(VerdictRefused):
    """Somebody else was quicker."""


def open_pairs() -> QuerySet[Pair]:
    """Undecided pairs that no word of a person settles and that stand apart still, the likeliest first."""
    judged = Verdict.objects.standing().on_pairs().filter(a=OuterRef("a__key"), b=OuterRef("b__key"))
    together = Q(a__incident__isnull=False, a__incident=F("b__incident"))
    undecided: QuerySet[Pair] = Pair.objects.undecided()
    return undecided.exclude(together).filter(~Exists(judged), a__is_gone=False, b__is_gone=False)


@transaction.atomic
def next_pair(person: User) -> Pair | None:
    """The pair that this analyst has in hand, else the likeliest that nobody has; theirs for a while."""
    require_analyst(person)
    lock()
    now = timezone.now()
    turns = Turn.objects.filter(a=OuterRef("a__key"), b=OuterRef("b__key"), until__gt=now)
    mine, taken = turns.filter(person=person), turns.filter(is_passed=False).exclude(person=person)
    offered = open_pairs().filter(~Exists(taken), ~Exists(mine.filter(is_passed=True)))
    found = offered.annotate(in_hand=Exists(mine)).order_by("-in_hand", "-score", "pk")
    pair = found.select_related(
        "a__report__source", "b__report__source", "a__incident", "b__incident"
    ).first()
    if pair:
        take(person, pair.a.key, pair.b.key)
    return pair


def take(person: User, a: str, b: str, *, is_passed: bool = False) -> None:
    until = timezone.now() + (PASSED if is_passed else IN_HAND)
    Turn.objects.filter(until__lt=timezone.now()).delete()
    Turn.objects.update_or_create(a=a, b=b, person=person, defaults={"until": until, "is_passed": is_passed})


@transaction.atomic
def answer(person: User, a: str, b: str, *, same: bool, reason: str = "") -> Verdict:
    """Judge a pair of the queue. The same answer sent twice is one verdict; a second person's is refused."""
    require_analyst(person)
    lock()
    first, second = sorted((a, b))
    standing = (
        Verdict.objects.standing().on_pairs().filter(a=first, b=second).select_related("person").first()
    )
    if standing is None:
        standing = judge_pair(first, second, same=same, person=person, reason=reason)
    elif standing.person != person:
        said = standing.get_kind_display()
        raise AnsweredMeanwhile(f"{standing.person} has answered this pair in the meantime: {said}")
    Turn.objects.filter(a=first, b=second).delete()
    return standing


@transaction.atomic
def skip(person: User, a: str, b: str) -> None:
    require_analyst(person)
    lock()
    take(person, *sorted((a, b)), is_passed=True)


@transaction.atomic
def undo_last(person: User) -> Verdict | None:
    """Take back this person's newest standing word on a pair, and put the pair into their hand again."""
    require_analyst(person)
    lock()
    last = Verdict.objects.standing().on_pairs().filter(person=person).order_by("-made_at", "-pk").first()
    if last:
        undo(last, person=person)
        take(person, last.a, last.b)
    return last


def lock() -> None:
    """Until the transaction ends nobody else is handed a pair or answers one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('incidents.queue'))")
