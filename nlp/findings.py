"""What a reader of one subject returns: a value, the sentence that says it, the rule and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.document import INCIDENT, Fact, Field
from nlp.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Found:
    value: str
    sentence: Sentence
    rule: str
    confidence: float

    def fact(self, field: Field, subject: str = INCIDENT) -> Fact:
        return Fact(
            field=field,
            value=self.value,
            key=self.value,
            evidence=self.sentence.evidence,
            rule=self.rule,
            subject=subject,
            confidence=self.confidence,
        )
