"""The words of each root cause, from `cause_words.jsonl`: one phrase a line, in the language of `phrases`.

A strong phrase names a failure by itself; a weak one counts only where a sentence gives it as a cause.
A phrase "of" an organisation is a cause only where an organisation's own outage is told.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.document import Cause
from nlp.phrases import Phrases

FILE = Path(__file__).with_suffix(".jsonl")


@dataclass(frozen=True, slots=True)
class CauseWord:
    cause: Cause
    is_strong: bool
    of_organisation: bool


def load(path: Path = FILE) -> Phrases[CauseWord]:
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    named = {line["name"]: line["words"] for line in lines if "name" in line}
    return Phrases([(line["phrase"], to_word(line)) for line in lines if "phrase" in line], named)


def to_word(line: dict[str, Any]) -> CauseWord:
    return CauseWord(Cause(line["cause"]), line["is_strong"], line.get("of") == "organisation")
