"""What an organisation says it stands on, or no longer does: "runs on AWS", "moved to Google Cloud"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.document import EntityKind, Fact, Field, Mention
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Sentence, Spot, Text
from nlp.vocabulary import Category, find_term

UPON: Phrases[Field] = Phrases(
    [
        (
            "runs/run/running/hosted/hosts/host/built/operates/operate/deployed/based on/in/at",
            Field.DEPENDS_ON,
        ),
        ("hosted/powered/provided/provisioned by", Field.DEPENDS_ON),
        (
            "relies/rely/relied/relying/depends/depend/depended/depending heavily? solely? on/upon",
            Field.DEPENDS_ON,
        ),
        ("dependent/reliant/dependence/reliance heavily? on/upon", Field.DEPENDS_ON),
        ("uses/using/use/utilises/utilizes", Field.DEPENDS_ON),
        ("customer/customers/client/clients of", Field.DEPENDS_ON),
        ("moved/migrated/moving/migrating/switched/switching .. to", Field.DEPENDS_ON),
        ("cloud/hosting .. provider was/is", Field.DEPENDS_ON),
        ("moved/migrated/moving/migrating/switched/switching off/from/away", Field.NO_LONGER_DEPENDS_ON),
        ("left/leaving/abandoned/abandoning/dropped/ditched", Field.NO_LONGER_DEPENDS_ON),
        ("no longer uses/use/runs/run/relies/rely/depends/depend/hosted on?", Field.NO_LONGER_DEPENDS_ON),
    ]
)
CARRIES: Phrases[int] = Phrases([("also? hosts/powers/serves/underpins", 1)])
DENIED = re.compile(r"\b(?:not|never|neither|nor|without|\w+n['’]t)\b[^.;]{0,30}$")
OURSELVES = re.compile(r"\b(?:we|our|us)\b")
NEAR = 45
SURE = 0.6


@dataclass(frozen=True, slots=True)
class Named:
    """A mention with its offsets inside the sentence."""

    mention: Mention
    start: int
    end: int


def read_dependencies(text: Text, mentions: Sequence[Mention]) -> list[Fact]:
    """Facts of organisations, each once."""
    upon, carries = text.find(UPON), text.find(CARRIES)
    by_sentence = named_in(text, mentions)
    facts: dict[tuple[str, Field, str], Fact] = {}
    for sentence, names in by_sentence.items():
        for who, field, what in [
            *standing(text, sentence, names, upon.get(sentence, [])),
            *carried(names, carries.get(sentence, [])),
        ]:
            found = Found(what, sentence, f"dependency:{field}", SURE)
            facts.setdefault((who, field, what), found.fact(field, f"organisation:{who}"))
    return list(facts.values())


def named_in(text: Text, mentions: Sequence[Mention]) -> dict[Sentence, list[Named]]:
    found: dict[Sentence, list[Named]] = {}
    for mention in mentions:
        sentence = text.around(mention.evidence)
        if sentence and mention.slug:
            start, end = mention.evidence.start or 0, mention.evidence.end or 0
            found.setdefault(sentence, []).append(
                Named(mention, start - sentence.start, end - sentence.start)
            )
    return found


def standing(
    text: Text, sentence: Sentence, names: Sequence[Named], spots: Sequence[Spot[Field]]
) -> Iterator[tuple[str, Field, str]]:
    """The one named last before the phrase stands on what follows it at once."""
    low = text.low[sentence]
    for spot in spots:
        if DENIED.search(low[: spot.start]):
            continue
        who = subject(text, low, names, spot.start)
        for what in names:
            if (
                who
                and who != what.mention.slug
                and is_ground(what.mention)
                and 0 <= what.start - spot.end <= NEAR
            ):
                yield who, spot.payload, what.mention.slug


def subject(text: Text, low: str, names: Sequence[Named], before: int) -> str:
    ahead = [n for n in names if n.mention.kind is EntityKind.ORGANISATION and n.end <= before]
    ahead = [n for n in ahead if not is_ground(n.mention)] or ahead
    if ahead:
        return ahead[-1].mention.slug
    return text.document.organisation if OURSELVES.search(low[:before]) else ""


def carried(names: Sequence[Named], spots: Sequence[Spot[int]]) -> Iterator[tuple[str, Field, str]]:
    """ "AWS also hosts X, Y and Z": all named behind it stand on the one in front."""
    for spot in spots:
        grounds = [n for n in names if is_ground(n.mention) and n.end <= spot.start]
        if grounds:
            for n in names:
                if n.mention.kind is EntityKind.ORGANISATION and n.start >= spot.end:
                    yield n.mention.slug, Field.DEPENDS_ON, grounds[-1].mention.slug


def is_ground(mention: Mention) -> bool:
    """Can others stand on it?"""
    term = find_term(EntityKind.ORGANISATION, mention.slug)
    return is_cloud(mention) or (term is not None and term.category is Category.BLOCKCHAIN_INFRA)


def is_cloud(mention: Mention) -> bool:
    """A provider is named as an organisation where another one's outage is told."""
    is_own_kind = mention.kind is not EntityKind.ORGANISATION
    return is_own_kind or find_term(EntityKind.PROVIDER, mention.slug) is not None
