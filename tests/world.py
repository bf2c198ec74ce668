"""The table of who gets what (tests/permissions.txt), and the world that its addresses are asked in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from incidents.models import (
    AccountLink,
    ActionItem,
    Dependency,
    Invitation,
    Region,
    Service,
    Team,
    TimelineEntry,
    User,
    Watch,
)
from incidents.postmortems.saving import add
from incidents.querysets import hashed
from ingest.models import Feed, Payload
from tests.factories import (
    make_incident,
    make_organisation,
    make_postmortem,
    make_provider,
    make_published,
    make_source,
    make_team,
    make_user,
)

ROLES = ("stranger", "signed", "analyst", "member", "reviewer", "lead", "other", "admin")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    method: str
    address: str
    expected: tuple[int, ...]


def table() -> list[Row]:
    lines = Path(__file__).with_name("permissions.txt").read_text().splitlines()
    return [row(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def row(words: list[str]) -> Row:
    name, method, address, *statuses = words
    expected = tuple(int(status) for status in statuses)
    return Row(name, method, address, expected * len(ROLES) if len(expected) == 1 else expected)


def make_world() -> dict[str, str]:
    """One of everything, and a person of each role, called by it."""
    team = make_team("matching", member="member", reviewer="reviewer", lead="lead", colleague="member")
    make_team("elsewhere", other="lead")
    make_user("signed", is_analyst=False)
    make_user("analyst")
    make_user("admin", is_analyst=False, is_superuser=True, is_staff=True)
    lead, colleague = (User.objects.get(username=name) for name in ("lead", "colleague"))
    soon = timezone.now() + DAY
    invitation = Invitation.objects.create(
        team=team, email="new@b.example", invited_by=lead, token_hash=hashed("token"), expires_at=soon
    )
    AccountLink.objects.create(person=colleague, token_hash=hashed("link"), expires_at=soon)
    make_incident()
    aws = make_provider("aws")
    Region.objects.create(slug="aws:us-east-1", name="Virginia", provider=aws)
    Service.objects.create(slug="aws:dynamodb", name="DynamoDB", provider=aws)
    make_organisation("coinbase")
    feed = Feed.objects.create(source=make_source("aws-status"), kind="aws-rss", url="https://a.example/rss")
    payload = Payload(feed=feed, body_hash="1", size=2, captured_at=timezone.now())
    payload.keep(b"{}")
    payload.save()
    watch = Watch.objects.create(person=User.objects.get(username="member"), name="Mine", channel="email")
    on = {"target": "region:aws:us-east-1", "on_region": Region.objects.get()}
    Dependency.objects.create(organisation=make_organisation("coinbase"), relation="hosted-on", **on)
    return {
        "watch": str(watch.pk),
        **postmortems(team),
        "token": "token",
        "link": "link",
        "invitation": str(invitation.pk),
        "membership": str(team.memberships.get(user=colleague).pk),
        "person": str(colleague.pk),
        "payload": str(payload.pk),
    }


def postmortems(team: Team) -> dict[str, str]:
    """A draft of the member, one that is published for everybody, and one that the team keeps."""
    member = User.objects.get(username="member")
    draft = make_postmortem(team=team, author=member)
    entry = TimelineEntry(text="Seen")
    action = ActionItem(text="Look", due=timezone.now().date())
    for part in (entry, action):
        add(draft, part, person=member)
    comment = draft.comments.create(text="Why?", person=member)
    draft.images.create(token="k3x9", data=b"RIFF", width=1, height=1, person=member)
    return {
        "draft": draft.slug,
        "public": make_published(team=team, author=member).slug,
        "private": make_published("private", team=team, author=member).slug,
        "section": str(draft.sections.first().pk),
        "entry": str(entry.pk),
        "action": str(action.pk),
        "comment": str(comment.pk),
        "revision": str(draft.revisions.first().pk),
    }
