"""Read one text as extraction does, for the tests of names and roles."""

from __future__ import annotations

from datetime import UTC, datetime

from nlp.contexts import Context, context_of
from nlp.document import Document, DocumentKind, EntityKind, Mention, Passage, Role
from nlp.mentions import document_mentions
from nlp.roles import settle
from nlp.sentences import Text

PUBLISHED = datetime(2025, 11, 20, tzinfo=UTC)


def make_document(
    text: str,
    *,
    kind: str = "news",
    title: str = "",
    provider: str = "",
    organisation: str = "",
    url: str = "",
) -> Document:
    return Document(
        key="text",
        kind=DocumentKind(kind),
        passages=(Passage(text),),
        title=title,
        published_at=PUBLISHED,
        url=url,
        provider=provider,
        organisation=organisation,
    )


def read_context(document: Document) -> Context:
    return context_of(Text(document))


def read_mentions(document: Document) -> list[Mention]:
    return list(document_mentions(Text(document)))


def slugs_by_role(mentions: list[Mention]) -> dict[Role, set[str]]:
    roles: dict[Role, set[str]] = {role: set() for role in Role}
    for (_, slug), mention in settle(mentions).items():
        roles[mention.role].add(slug)
    return roles


def slugs_of(text: str, entity: EntityKind | None = None, *, title: str = "", **fields: str) -> list[str]:
    """The slugs that a text names, in reading order."""
    mentions = read_mentions(make_document(text, title=title, **fields))
    return [m.slug for m in mentions if m.slug and (entity is None or m.kind is entity)]
