"""The words of post-mortems, as columns, files and pages spell them."""

from __future__ import annotations

from django.db import models


class Visibility(models.TextChoices):
    """Who may read a post-mortem once it is published. Before that only its team does."""

    PRIVATE = "private"
    INTERNAL = "internal"
    PUBLIC = "public"


class State(models.TextChoices):
    DRAFT = "draft"
    IN_REVIEW = "in-review", "in review"
    PUBLISHED = "published"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"


class SectionKind(models.TextChoices):
    """What a section answers. OTHER carries a heading of its own, and there may be several."""

    SUMMARY = "summary"
    IMPACT = "impact"
    BACKGROUND = "background"
    DETECTION = "detection"
    RESPONSE = "response"
    RECOVERY = "recovery"
    TRIGGER = "trigger"
    ROOT_CAUSE = "root-cause", "root cause"
    CONTRIBUTING = "contributing-factors", "contributing factors"
    FIVE_WHYS = "five-whys", "five whys"
    WENT_WELL = "went-well", "what went well"
    WENT_BADLY = "went-badly", "what went badly"
    LUCK = "luck", "where we were lucky"
    SURPRISES = "surprises", "what surprised us"
    LESSONS = "lessons"
    SIMILAR = "similar", "similar incidents"
    SUPPORTING = "supporting", "supporting information"
    NARRATIVE = "narrative", "what happened"
    OTHER = "other"


CAUSES = frozenset(
    {
        SectionKind.TRIGGER,
        SectionKind.ROOT_CAUSE,
        SectionKind.CONTRIBUTING,
        SectionKind.FIVE_WHYS,
        SectionKind.WENT_BADLY,
    }
)
"""Where a person's name reads as blame."""


class EntryKind(models.TextChoices):
    """What a moment of the timeline was for those who worked on it. EVENT is all the rest."""

    EVENT = "event"
    DETECTION = "detection"
    DIAGNOSIS = "diagnosis"
    DECISION = "decision"
    REPAIR = "repair"
    KEY = "key-moment", "key moment"


class ActionType(models.TextChoices):
    PREVENT = "prevent"
    DETECT = "detect"
    MITIGATE = "mitigate"
    PROCESS = "process"


class Priority(models.TextChoices):
    """How soon. The days are what an action is given that names no date of its own."""

    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


DAYS = {Priority.URGENT: 14, Priority.HIGH: 28, Priority.MEDIUM: 56, Priority.LOW: 112}


class ActionState(models.TextChoices):
    OPEN = "open"
    IN_PROGRESS = "in-progress", "in progress"
    DONE = "done"
    CANCELLED = "cancelled"


UNFINISHED = (ActionState.OPEN, ActionState.IN_PROGRESS)


class ReviewVerdict(models.TextChoices):
    APPROVE = "approve"
    CHANGES = "changes", "asks for changes"
