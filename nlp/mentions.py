"""The names of a whole document: every sentence of title and passages, read in one context."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.candidates import Candidates, candidates, read_candidates
from nlp.contexts import Context, context_of
from nlp.document import Evidence, Mention
from nlp.roles import find_mentions
from nlp.sentences import Sentence, Text
from nlp.taken_up import take_up


def document_mentions(text: Text) -> tuple[Mention, ...]:
    """The title's mentions, then those of each passage in order."""
    read_candidates(text.lines)
    context = context_of(text)
    mentions = tuple(
        mention
        for sentence, line in zip(text.sentences, text.lines, strict=True)
        if (found := line.read(candidates)).may_name
        for mention in in_place(found, context, sentence)
    )
    return take_up(text, mentions)


def in_place(found: Candidates, context: Context, sentence: Sentence) -> Iterator[Mention]:
    """The sentence's mentions, at their offsets in the passage; read once a context."""
    is_title = sentence.passage is None
    place = context, sentence.section, is_title
    own = found.mentions.get(place)
    if own is None:
        own = found.mentions[place] = find_mentions(found, context, sentence.section, is_title=is_title)
    for m in own:
        start, end = sentence.start + (m.evidence.start or 0), sentence.start + (m.evidence.end or 0)
        evidence = Evidence(sentence.passage, start, end)
        yield Mention(m.kind, m.slug, evidence, m.text, m.role, m.rule, m.confidence)
