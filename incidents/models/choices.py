"""The columns' words, where models are at hand. They live in `incidents.choices`, which needs no models."""

from incidents.choices import (
    Confidence,
    EndState,
    HitGrade,
    HitStatus,
    IncidentStatus,
    OrganisationKind,
    PairAnswer,
    ProofGrade,
    PublisherKind,
    Relation,
    Role,
    SourceState,
    VerdictKind,
    choices,
)

__all__ = [
    "Confidence",
    "EndState",
    "HitGrade",
    "HitStatus",
    "IncidentStatus",
    "OrganisationKind",
    "PairAnswer",
    "ProofGrade",
    "PublisherKind",
    "Relation",
    "Role",
    "SourceState",
    "VerdictKind",
    "choices",
]
