"""The questions we ask of the record, chainable. No models are imported here: `self.model` is enough."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models.functions import Substr
from django.utils import timezone


class ReportQuerySet(models.QuerySet[Any]):
    def stubs(self) -> Self:
        """Pages that somebody cites and nobody has read."""
        return self.filter(is_read=False)


class PostQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        """The wordings that stand now."""
        return self.filter(gone_at=None)


class AccountQuerySet(models.QuerySet[Any]):
    def unplaced(self) -> Self:
        """Accounts of an outage that give no date and are in no incident: a person may place them."""
        return self.filter(incident=None, window=None, is_gone=False).exclude(owner="")


class ClaimQuerySet(models.QuerySet[Any]):
    def current(self) -> Self:
        return self.filter(gone_at=None)

    def with_sentences(self) -> Self:
        """With the proving sentence, cut out by the database; empty where none stands in a post."""
        return self.annotate(
            sentence=Substr("post__text", models.F("start") + 1, models.F("end") - models.F("start"))
        )


class PairQuerySet(models.QuerySet[Any]):
    def undecided(self) -> Self:
        """Pairs that wait for a person, the likeliest first."""
        return self.filter(answer="cannot-decide").order_by("-score", "pk")


class VerdictQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(retracted_at=None)

    def on_pairs(self) -> Self:
        return self.filter(kind__in=["same", "not-same"])

    def on_readings(self) -> Self:
        """Those that tell how an account is to be read."""
        return self.filter(kind__in=["account", "fact", "owner", "relevance"])

    def with_incidents(self) -> Self:
        """With the incidents in which the two accounts stand now, if they are told still."""
        return self.annotate(
            incident_of_a=models.Subquery(incident_of("a")), incident_of_b=models.Subquery(incident_of("b"))
        )


class EdgeVerdictQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(retracted_at=None)

    def on(self, organisation: str, relation: str, target: str) -> Self:
        """All on one edge, the newest first."""
        return self.filter(organisation__slug=organisation, relation=relation, target=target)


class DependencyQuerySet(models.QuerySet[Any]):
    def not_rejected(self) -> Self:
        """Without the edges of which an analyst says that there are none."""
        rejected = apps.get_model("incidents", "EdgeVerdict").objects.filter(
            kind="reject",
            retracted_at=None,
            organisation=models.OuterRef("organisation"),
            relation=models.OuterRef("relation"),
            target=models.OuterRef("target"),
        )
        return self.filter(~models.Exists(rejected))

    def known_at(self, at: datetime) -> Self:
        """Those that a proof had shown by then, and that had not ended."""
        proofs = apps.get_model("incidents", "Proof").objects.filter(
            dependency=models.OuterRef("pk"), known_at__lte=at, about_to__lte=at.date()
        )
        return self.filter(models.Exists(proofs)).exclude(ended_on__lte=at.date())


def incident_of(side: str) -> models.QuerySet[Any]:
    accounts = apps.get_model("incidents", "Account").objects
    return accounts.filter(key=models.OuterRef(side)).values("incident")[:1]


UNLISTED = ("shown", "summary", "symptoms", "anchor", "window", "first_public_at", "opened_at", "changed_at")
"""Columns of an incident of which no list shows anything: the widest, and times that are slow to read."""
JUDGED = ("started_at", "ended_at", "duration", "cause", "severity", "impact")
"""Fields of which one value holds, and of which a person may say which."""
DISPUTED = models.Func(
    models.F("shown"),
    models.Value(
        "$.values[*] ? (" + " || ".join(f'@.field == "{name}"' for name in JUDGED) + ").publishers_against[0]"
    ),
    function="jsonb_path_exists",
    output_field=models.BooleanField(),
)
"""Whether a publisher says otherwise than what is shown; as a condition that an index knows."""
REACH = models.Func(models.F("hit"), function="cardinality", output_field=models.IntegerField())
"""How many an incident reached."""


class IncidentQuerySet(models.QuerySet[Any]):
    def disputed(self) -> Self:
        """Those of which publishers tell different values of one fact."""
        return self.live().filter(DISPUTED)

    def live(self) -> Self:
        """Those shown under their own number."""
        return self.filter(shown_as=None, is_withdrawn=False)

    def ongoing(self) -> Self:
        return self.live().filter(end_state="ongoing")

    def dated(self) -> Self:
        """Those whose start is known, or bounded."""
        return self.live().exclude(started_at=None)

    def reaching(self) -> Self:
        """Those known to have reached somebody."""
        return self.exclude(hit=[])

    def widest(self) -> Self:
        """Those that reached the most first, of the dated ones."""
        return self.exclude(started_at=None).reaching().order_by(REACH.desc(), "-pk")

    def for_timeline(self) -> Self:
        return self.live().select_related("provider", "organisation").order_by("-started_at", "-pk")

    def for_rows(self) -> Self:
        """The same without the columns of which no list shows anything."""
        return self.for_timeline().defer(*UNLISTED)


class ImpactQuerySet(models.QuerySet[Any]):
    def shown(self) -> Self:
        """Hits that stand as facts."""
        return self.filter(status__in=["shown", "accepted"]).exclude(grade="stated-not-affected")


class TeamQuerySet(models.QuerySet[Any]):
    def seen_by(self, person: Any) -> Self:
        """A person's own teams; all for an admin; to anybody else no team exists."""
        if getattr(person, "is_admin", False):
            return self
        return self.filter(pk__in=getattr(person, "roles", ()))

    def with_counts(self) -> Self:
        return self.annotate(member_count=models.Count("memberships"))


class OneTimeQuerySet(models.QuerySet[Any]):
    def standing(self) -> Self:
        """Not used, not too old."""
        return self.filter(**{self.model.USED: None}, expires_at__gt=timezone.now())

    def usable(self, token: str) -> Self:
        """The row that a link's secret opens, while it does."""
        return self.standing().filter(token_hash=hashed(token))


def hashed(token: str) -> str:
    """A secret of 256 random bits needs no salt and no slow hash: nobody can try them."""
    return hashlib.sha256(token.encode()).hexdigest()
