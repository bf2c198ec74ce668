"""Names that no vocabulary holds, in a list of victims: candidates for review, never entities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from nlp import words
from nlp.clauses import Reader
from nlp.cues import Cue
from nlp.document import EntityKind, Role
from nlp.groups import DESCRIBED, Group
from nlp.vocabulary import FOLDER
from nlp.walking import Judgement

LONGEST_NAME = 6
LIST = 8  # words from the opening of a list to a victim in it
DESCRIPTION = 5  # words before a name that tell what it is: "food delivery platform MFood"
CONNECTORS = words.words("of the for de la du & and 's ’s")
SEPARATORS = words.words(", and or & ; plus :")
NO_NAMES = words.words(
    """i we it the a an he she they this that these those january february march april may june july august
    september october november december monday tuesday wednesday thursday friday saturday sunday us uk
    usa eu uae u.s. u.k. america american europe european asia asian africa japan japanese korea korean
    china chinese india indian australia canada germany france britain british singapore tokyo london
    york washington california virginia ohio oregon hong kong east west north south northern southern
    eastern western central utc gmt est edt pst pdt et pt am pm bitcoin btc ethereum eth xrp sol usdt
    usdc crypto defi nft api apis dns cdn vpn ai ceo cto coo cfo internet web iot sms http https ip ddos
    sla faq app apps inc ltd llc corp co many several some other others more millions thousands users
    customers according however meanwhile but and or as in on at by for with after before during while
    when cryptocurrency exchange exchanges service services platform platforms cexs dexs cex dex still
    bank banks company companies game games popular streaming social gaming large big major among s&p
    nasdaq dow treasuries wti brent crude gold oil futures options stocks shares"""
) | words.DEMONYMS.union(
    *(
        words.words(line)
        for line in (FOLDER / "places.txt").read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    )
)


DESCRIBING = words.DESCRIPTIONS | words.LINKS | words.DEMONYMS
SUBJECTS = frozenset({"fell", "struck", "own-trouble", "says-hit"})
"""Rules by which a name is the subject of what befell it."""


class Unknown(NamedTuple):
    """Token offsets, end excluded."""

    start: int
    end: int
    judgement: Judgement


class ListReader:
    """Walks the list that a victim stands in, or that a word such as "including" opens."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.sentence = reader.sentence
        self.lower = reader.sentence.lower
        self.capital = reader.sentence.capital
        self.known = {
            token: group
            for group in self.sentence.groups
            for name in group.names
            for token in range(name.start, name.end)
        }
        self.cued = {token for signal in self.sentence.signals for token in range(signal.start, signal.end)}

    def read(self, judged: list[tuple[Group, Judgement]]) -> Iterator[Unknown]:
        seen: set[int] = set()
        for start, judgement in self.openings(judged):
            for first, end in self.items(start):
                if first not in seen:
                    seen.add(first)
                    yield Unknown(first, end, judgement)
        for first, end in self.before(judged):
            if first not in seen:
                seen.add(first)
                yield Unknown(first, end, Judgement(Role.AFFECTED, "unknown-beside-victim", 0.5))

    def before(self, judged: list[tuple[Group, Judgement]]) -> Iterator[tuple[int, int]]:
        """Unknown names before a victim in its list: "Zibblewire, Plonk and Coinbase went down"."""
        for group, judgement in judged:
            organised = any(name.term.kind is EntityKind.ORGANISATION for name in group.names)
            if judgement.role is Role.AFFECTED and judgement.rule in SUBJECTS and organised:
                yield from self.items_back(group.start)

    def items_back(self, token: int) -> Iterator[tuple[int, int]]:
        """From the separator before this word back to the beginning of the list."""
        while (end := self.skip_back(token)) is not None:
            start = end
            while start > self.sentence.start and self.goes_on(start - 1) and start - 1 not in self.known:
                start -= 1
            if end - start > LONGEST_NAME or not any(self.begins(place) for place in range(start, end)):
                return
            yield start, end
            token = start

    def skip_back(self, token: int) -> int | None:
        """Where the item before this one ends; None where none stands there."""
        place = token
        while place > self.sentence.start and self.lower[place - 1] in words.DETERMINERS:
            place -= 1
        marks = place
        while marks > self.sentence.start and self.lower[marks - 1] in SEPARATORS:
            marks -= 1
        return marks if marks < place and marks - 1 not in self.known else None

    def openings(self, judged: list[tuple[Group, Judgement]]) -> Iterator[tuple[int, Judgement]]:
        """Where lists of victims start: behind a word that opens one, and behind each victim in one."""
        hit = [group.start for group, judgement in judged if judgement.role is Role.AFFECTED]
        for signal in self.sentence.signals:
            if signal.cues & {Cue.INCLUDING, Cue.VICTIMS}:
                place = Group(signal.end, signal.end, ())
                judgement = self.reader.listed(place) or self.reader.object_of(place)
                is_hit = judgement is not None and judgement.role is Role.AFFECTED
                if is_hit or any(signal.end < start <= signal.end + LIST for start in hit):
                    yield signal.end, Judgement(Role.AFFECTED, "unknown-in-list", 0.5)
        for group, judgement in judged:
            organised = any(name.term.kind is EntityKind.ORGANISATION for name in group.names)
            if judgement.role is Role.AFFECTED and organised:
                for name in group.names:
                    if self.lower[name.end : name.end + 1] and self.lower[name.end] in SEPARATORS:
                        yield name.end, Judgement(Role.AFFECTED, "unknown-beside-victim", 0.5)

    def items(self, start: int) -> Iterator[tuple[int, int]]:
        """Unknown names from here to the end of the list, known ones passed over."""
        token, is_first = start, self.lower[start : start + 1] != [] and start not in self.known
        while token < self.sentence.end:
            after = self.skip(token, is_first)
            if after is None:
                return
            end = self.name_end(after)
            if after in self.known:
                token = self.known[after].end
            elif end > after:
                yield after, end
                token = end
            else:
                return
            is_first = False

    def skip(self, token: int, is_first: bool) -> int | None:
        """Past the separator and the words that describe the next item; None where the list ends."""
        start = token
        while token < self.sentence.end and self.lower[token] in SEPARATORS:
            token += 1
        if token == start and not is_first:
            return None
        described, plain = token, 0
        while token < self.sentence.end and token - described <= DESCRIPTION and not self.begins(token):
            plain += self.lower[token] not in DESCRIBING
            if token in self.cued or plain > DESCRIBED or self.is_clause(token):
                return None
            token += 1
        return token if token < self.sentence.end and self.begins(token) else None

    def begins(self, token: int) -> bool:
        return token in self.known or (
            self.capital[token] and self.lower[token] not in NO_NAMES and token not in self.cued
        )

    def is_clause(self, token: int) -> bool:
        return self.lower[token] in words.CLAUSES and self.lower[token] not in DESCRIBING

    def goes_on(self, token: int) -> bool:
        """A capital inside a name may be any word: "Tribunals Service"."""
        return self.capital[token] and token not in self.cued

    def name_end(self, token: int) -> int:
        """A run of capitals, with small words inside it but not at its end."""
        end = last = token
        while end < min(self.sentence.end, token + LONGEST_NAME) and end not in self.known:
            if self.capital[end] and end not in self.cued:
                last = end + 1
            elif self.lower[end] not in CONNECTORS or self.lower[end] in SEPARATORS:
                break
            end += 1
        return last
