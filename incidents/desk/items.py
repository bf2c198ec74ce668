"""What the review queue is made of: one question for a person each, named by keys that last."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class ItemKind(models.TextChoices):
    """In the order in which the queue hands them out."""

    CORRECTION = "correction", "Corrections"
    COLLISION = "collision", "Colliding verdicts"
    HIT = "hit", "Candidate hits"
    PAIR = "pair", "Undecided pairs"
    VALUE = "value", "Conflicting values"
    ACCOUNT = "account", "Accounts without a date"
    NAME = "name", "Unknown names"
    CODE = "code", "Unknown codes"
    SOURCE = "source", "Unreadable sources"


@dataclass(frozen=True, slots=True)
class Item:
    """`a` and `b` are its keys. Of a pair: two accounts. Of a hit: incident and organisation. Of a value:
    incident, then subject and field. Of a name or code: its key and how it is written. Of an account: its
    key. Of a collision and a correction: their ids. Of a source: its slug and state.
    """

    kind: ItemKind
    a: str
    b: str = ""
