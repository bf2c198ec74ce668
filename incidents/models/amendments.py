"""Lays what people said of how reports are to be read over what was read in them, before it is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from incidents.amending import Amendment, amend
from incidents.choices import VerdictKind
from incidents.models.catalogue import Source
from incidents.models.verdicts import Verdict
from incidents.reports import NewReport
from nlp.document import INCIDENT


def as_people_read(histories: Iterable[Sequence[NewReport]]) -> list[list[NewReport]]:
    """All states of these reports under the standing verdicts on them. In as many queries for many."""
    told = [list(states) for states in histories]
    amendments = amendments_of({states[0].key for states in told})
    names = explained_names()
    speakers = speakers_of({states[0].source for states in told if amendments[states[0].key]})
    return [
        [
            amend(state, amendments[state.key], names, speakers.get(state.source, ""))
            if names or amendments[state.key]
            else state
            for state in states
        ]
        for states in told
    ]


def amendments_of(reports: Collection[str]) -> defaultdict[str, list[Amendment]]:
    found: defaultdict[str, list[Amendment]] = defaultdict(list)
    for verdict in Verdict.objects.standing().on_readings().filter(b__in=reports):
        found[verdict.b].append(
            Amendment(
                kind=VerdictKind(verdict.kind),
                account=verdict.a,
                order=verdict.pk,
                accepts=verdict.accepts,
                subject=verdict.subject or INCIDENT,
                field=verdict.field,
                key=verdict.value_key,
            )
        )
    return found


def explained_names() -> dict[str, str]:
    """By the key of an unknown name: the slug of what it stands for, as a person said last."""
    said = Verdict.objects.standing().filter(kind=VerdictKind.NAME).order_by("pk")
    newest = {key: (slug, accepts) for key, slug, accepts in said.values_list("a", "value_key", "accepts")}
    return {key: slug for key, (slug, accepts) in newest.items() if accepts}


def speakers_of(sources: Collection[str]) -> dict[str, str]:
    rows = Source.objects.filter(slug__in=sources).select_related("provider", "organisation")
    return {row.slug: row.speaker for row in rows}
