"""Gives clusters their numbers in the record: opens, redirects, withdraws, brings back. For `linking`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from incidents.bulk import BATCH, rewrite
from incidents.choices import IncidentStatus
from incidents.clustering import Cluster
from incidents.models import Account, Impact, Incident, Organisation, Provider
from incidents.numbering import Number, number

NUMBERED = ("anchor", "shown_as", "is_withdrawn")


def settle(
    partition: Collection[Cluster],
    accounts: Mapping[str, Account],
    stood: Mapping[int, set[str]],
    now: datetime,
) -> tuple[dict[str, int], set[int]]:
    """Store the number of each cluster: by account key its live incident, and the incidents that changed.

    `stood` says which of these accounts, and of those just gone, stood in which live incident.
    """
    keys = {*accounts, *(key for there in stood.values() for key in there)}
    rows = {row.pk: row for row in Incident.objects.filter(anchor__in=keys).only(*NUMBERED)}
    numbers = [
        Number(pk, row.anchor, frozenset(stood.get(row.shown_as_id or pk, ()))) for pk, row in rows.items()
    ]
    numbering = number(partition, numbers, order=lambda cluster: opener(cluster, accounts)[1:])
    home = {key: cluster for cluster in partition for key in cluster}
    live = {home[numbering.anchors[pk]]: pk for pk, shown_as in numbering.shown_as.items() if pk == shown_as}
    changed = renumber(rows.values(), numbering.anchors, numbering.shown_as, now)
    live |= open_incidents(numbering.unnumbered, accounts)
    changed |= own(live, accounts)
    return {key: live[cluster] for key, cluster in home.items()}, changed


def opener(cluster: Cluster, accounts: Mapping[str, Account]) -> tuple[bool, datetime, str]:
    """The account that speaks for a cluster when it is opened: a record of its owner's, the earliest."""
    return min((not accounts[key].is_strong, begins(accounts[key]), key) for key in cluster)


def begins(account: Account) -> datetime:
    """From when an account tells; without a date, when it was first seen."""
    lower: datetime = account.window.lower if account.window else account.report.first_seen_at
    return lower


def renumber(
    rows: Iterable[Incident], anchors: Mapping[int, str], shown_as: Mapping[int, int | None], now: datetime
) -> set[int]:
    """Store where numbers lead now. What is not live holds no hits; a withdrawn one says so."""
    moved = {
        row.pk
        for row in rows
        if (row.anchor, row.shown_as_id, row.is_withdrawn)
        != (anchors[row.pk], leads_to(row.pk, shown_as), shown_as[row.pk] is None)
    }
    changed = list(Incident.objects.filter(pk__in=moved))
    for row in changed:
        row.anchor, row.shown_as_id = anchors[row.pk], leads_to(row.pk, shown_as)
        row.is_withdrawn, row.changed_at = shown_as[row.pk] is None, now
        if row.is_withdrawn:
            row.status, row.hit = IncidentStatus.WITHDRAWN, []
    rewrite(Incident.objects, changed, ["anchor", "shown_as", "is_withdrawn", "status", "hit", "changed_at"])
    hidden = [row.pk for row in changed if not row.is_live]
    Impact.objects.filter(incident__in=hidden).delete()
    Impact.objects.filter(own_incident__in=hidden).update(own_incident=None)
    return moved


def leads_to(number: int, shown_as: Mapping[int, int | None]) -> int | None:
    """The other number that this one redirects to; None for a live one, and for one that is withdrawn."""
    live = shown_as[number]
    return None if live == number else live


def open_incidents(clusters: Iterable[Cluster], accounts: Mapping[str, Account]) -> dict[Cluster, int]:
    """New numbers, in the order of the clusters."""
    clusters = list(clusters)
    openers = [opener(cluster, accounts) for cluster in clusters]
    slugs = next_slugs([begins_at.year for _, begins_at, _ in openers])
    rows = [
        Incident(slug=slug, anchor=anchor, owner=accounts[anchor].owner)
        for slug, (_, _, anchor) in zip(slugs, openers, strict=True)
    ]
    Incident.objects.bulk_create(rows, batch_size=BATCH)
    return dict(zip(clusters, (row.pk for row in rows), strict=True))


def next_slugs(years: list[int]) -> list[str]:
    """The next free number of each year: those given are never given again."""
    given = {year: last_given(year) for year in set(years)}
    slugs = []
    for year in years:
        given[year] += 1
        slugs.append(f"INC-{year}-{given[year]:04d}")
    return slugs


def last_given(year: int) -> int:
    slugs = Incident.objects.filter(slug__startswith=f"INC-{year}-").values_list("slug", flat=True)
    return max((int(slug.rpartition("-")[2]) for slug in slugs), default=0)


def own(live: Mapping[Cluster, int], accounts: Mapping[str, Account]) -> set[int]:
    """Store whose incident each is; the ids of those for which that changed."""
    providers = dict(Provider.objects.values_list("slug", "pk"))
    organisations = dict(Organisation.objects.values_list("slug", "pk"))
    owners: dict[int, tuple[str, int | None, int | None]] = {}
    for cluster, pk in live.items():
        owner = accounts[opener(cluster, accounts)[2]].owner
        kind, _, slug = owner.partition(":")
        provider = providers.get(slug) if kind == "provider" else None
        organisation = organisations.get(slug) if kind == "organisation" else None
        owners[pk] = (owner, provider, organisation)
    stored = Incident.objects.filter(pk__in=owners)
    told = stored.values_list("pk", "owner", "provider_id", "organisation_id")
    different = [pk for pk, *now in told if tuple(now) != owners[pk]]
    changed = list(Incident.objects.filter(pk__in=different))
    for row in changed:
        row.owner, row.provider_id, row.organisation_id = owners[row.pk]
    rewrite(Incident.objects, changed, ["owner", "provider", "organisation"])
    return {*different}
