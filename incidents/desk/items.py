"""What the review queue is made of: one question for a person each, named by keys that last."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import models

from incidents.querysets import JUDGED
from nlp.document import INCIDENT


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


SHAPES = {
    ItemKind.COLLISION: re.compile(r"\d{1,18}\n"),
    ItemKind.CORRECTION: re.compile(r"\d{1,18}\n"),
    ItemKind.VALUE: re.compile(rf"[\w-]+\n({INCIDENT}|organisation:[\w-]+) ({'|'.join(JUDGED)})"),
    ItemKind.NAME: re.compile(r"organisation:[^\n]+\n[^\n]+"),
    ItemKind.CODE: re.compile(r"(region|service|provider):[^\n]+\n[^\n]+"),
}
"""How the keys of an item look, one beneath the other, where they are more than names."""


@dataclass(frozen=True, slots=True)
class Item:
    """`a` and `b` are its keys. Of a pair: two accounts. Of a hit: incident and organisation. Of a value:
    incident, then subject and field. Of a name or code: its key and how it is written. Of an account: its
    key. Of a collision and a correction: their ids. Of a source: its slug and state.
    """

    kind: ItemKind
    a: str
    b: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether its keys can be those of an item: they come back from a page."""
        shape = SHAPES.get(self.kind)
        return shape is None or shape.fullmatch(f"{self.a}\n{self.b}") is not None
