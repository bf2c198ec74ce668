"""The record: the catalogue, what was said, what we conclude, what people decided."""

from incidents.models.catalogue import (
    Alias,
    Dependency,
    Organisation,
    Proof,
    Provider,
    Region,
    Service,
    Source,
    UnknownName,
)
from incidents.models.incidents import Impact, Incident
from incidents.models.pairs import Pair
from incidents.models.people import AccountLink, Invitation, Membership, Team, User
from incidents.models.queue import Correction, Turn
from incidents.models.reports import Account, Claim, Post, Report
from incidents.models.verdicts import Verdict

__all__ = [
    "Account",
    "AccountLink",
    "Alias",
    "Claim",
    "Correction",
    "Dependency",
    "Impact",
    "Incident",
    "Invitation",
    "Membership",
    "Organisation",
    "Pair",
    "Post",
    "Proof",
    "Provider",
    "Region",
    "Report",
    "Service",
    "Source",
    "Team",
    "Turn",
    "UnknownName",
    "User",
    "Verdict",
]
