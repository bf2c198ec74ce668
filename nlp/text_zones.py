"""Whose clock a text reads: the zone of each time that names none itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from functools import cached_property

from nlp.document import Document, DocumentKind
from nlp.sentences import Text
from nlp.time_grammar import Phrase
from nlp.zones import ZONE, zone_named, zone_of_town

ALL_TIMES = re.compile(
    r"[Aa]ll (?:dates and )?[Tt]ime(?:s|stamps) (?:below |here |above )?(?:are |shown |listed |given )?"
    rf"(?:in )?(?:the )?({ZONE})"
)
CHINA = re.compile(r"(?:Azure China|Mooncake|21Vianet|China (?:North|East)|Alibaba|Beijing)\b")
# A provider that names no zone reads its own clock.
HOMES = {
    "gcp": "US/Pacific",
    "google-workspace": "US/Pacific",
    "aws": "PT",
    "azure": "UTC",
    "cloudflare": "UTC",
}

MACHINES = frozenset({"aws"})  # their programs write the season, and never the wrong one


class TextZones:
    """The zones of one document, asked text by text in order."""

    def __init__(self, document: Document, text: Text) -> None:
        texts = (document.title, *(passage.text for passage in document.passages))
        self.text = text
        self.is_china = any(CHINA.search(text) for text in texts)
        self.default = zone_named(home(document, texts))
        self.is_literal = document.provider in MACHINES
        self.named: tzinfo | None = None
        self.texts = texts

    def zone(self, name: str) -> tzinfo | None:
        if name.lower() == "local time":
            return self.local
        return zone_named(name, is_china=self.is_china, is_literal=self.is_literal)

    @cached_property
    def local(self) -> tzinfo | None:
        """Whose clock "local time" is: that of the first place that the text names."""
        return next(filter(None, map(zone_of_town, self.texts)), None)

    def of(self, passage: int | None, phrases: Sequence[Phrase]) -> dict[int, tzinfo]:
        """By the start of each phrase: its own zone, else one of its sentence, else the document's, else the
        last one named before it, else the first one behind it."""
        own = {p.start: zone for p in phrases if (zone := self.zone(p.zone))}
        beside: dict[int, tzinfo] = {}
        for start, zone in own.items():
            beside.setdefault(self._sentence(passage, start), zone)
        first = next(iter(own.values()), None)
        zones: dict[int, tzinfo] = {}
        for phrase in phrases:
            shared = beside.get(self._sentence(passage, phrase.start))
            zone = own.get(phrase.start) or shared or self.default or self.named or first
            self.named = own.get(phrase.start) or self.named
            if zone is not None:
                zones[phrase.start] = zone
        return zones

    def _sentence(self, passage: int | None, offset: int) -> int:
        sentence = self.text.at(passage, offset)
        return -1 if sentence is None else sentence.start


def home(document: Document, texts: Sequence[str]) -> str:
    """The zone of "(All times are US/Pacific)", else that of the provider's own record, else none."""
    for text in texts:
        if found := ALL_TIMES.search(text):
            return found[1]
    return "" if document.kind is DocumentKind.NEWS else HOMES.get(document.provider, "")
