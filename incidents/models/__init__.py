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
)
from incidents.models.figures import Counting, DayCount, Figures
from incidents.models.incidents import Impact, Incident
from incidents.models.insights import Insight
from incidents.models.names import UnknownName
from incidents.models.pairs import Pair
from incidents.models.people import AccountLink, Invitation, Membership, Team, User
from incidents.models.postmortem_work import Comment, Image, Proposal, Review, Revision, Step
from incidents.models.postmortems import (
    ActionItem,
    Postmortem,
    Publication,
    Section,
    Template,
    TemplateSection,
    TimelineEntry,
)
from incidents.models.queue import Correction, Turn
from incidents.models.reports import Account, Claim, Post, Report
from incidents.models.verdicts import EdgeVerdict, Verdict
from incidents.models.watches import Notice, Watch
from incidents.models.words import IncidentWords

__all__ = [
    "Account",
    "AccountLink",
    "ActionItem",
    "Alias",
    "Claim",
    "Comment",
    "Correction",
    "Counting",
    "DayCount",
    "Dependency",
    "EdgeVerdict",
    "Figures",
    "Image",
    "Impact",
    "Incident",
    "IncidentWords",
    "Insight",
    "Invitation",
    "Membership",
    "Notice",
    "Organisation",
    "Pair",
    "Post",
    "Postmortem",
    "Proof",
    "Proposal",
    "Provider",
    "Publication",
    "Region",
    "Report",
    "Review",
    "Revision",
    "Section",
    "Service",
    "Source",
    "Step",
    "Team",
    "Template",
    "TemplateSection",
    "TimelineEntry",
    "Turn",
    "UnknownName",
    "User",
    "Verdict",
    "Watch",
]
