"""What `same_outage` answered of two accounts: kept, so that one arriving report asks about itself only."""

from __future__ import annotations

from django.db import models

from incidents.choices import PairAnswer
from incidents.models.reports import Account
from incidents.querysets import PairQuerySet


class Pair(models.Model):
    """An answer about the accounts `a` < `b` (by key) that is not *no*. Derived: linking alone writes it.

    Those that say *cannot decide* wait in the review queue until a person answers.
    """

    a = models.ForeignKey(Account, models.CASCADE, related_name="pairs_as_a")
    b = models.ForeignKey(Account, models.CASCADE, related_name="pairs_as_b")
    answer = models.CharField(max_length=14, choices=PairAnswer)
    score = models.FloatField()
    reasons = models.JSONField(default=list)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="pair_once"),
            models.CheckConstraint(name="pair_is_of_two", condition=~models.Q(a=models.F("b"))),
        ]

    def __str__(self) -> str:
        return f"{self.a_id} {self.answer} {self.b_id}"
