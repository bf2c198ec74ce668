"""How well the product reads annotated texts: predictions of each set, judged by the scorers beside the sets.

The sets are test data that lie outside the project; what is missing is left out and said. Figures and a short
fingerprint of each answer are kept, so that the next run can tell what changed.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.predicting import Given, link, read
from ingest.predictions import as_line, read_lines
from nlp.extraction import VERSION

Group = Callable[[Mapping[str, Any]], str]
Figures = dict[str, str]
"""A measure and what it came to, as words: "1.000", "3 of 29"."""

SILVER = "Provider reports, labels from their own fields"
"""Only names and times are labelled there."""
SOURCES = ("aws", "azure", "gcp")
FIELDS = (
    *("relevance", "providers", "regions", "services", "exchanges", "organisations", "start", "end"),
    *("duration_minutes", "root_cause", "phase", "symptoms", "other_incidents"),
    *("incident_id", "upstream_incident_id"),
)
MARK = 2
"""Letters of each field's fingerprint."""
REPORT_LINE = re.compile(
    r"^(?P<source>aws|azure|gcp) +(?P<field>\w+) +(?P<score>[\d.]+) +n= *\d+(?: +best LLM +(?P<best>[\d.]+))?"
)


class ScorerFailed(Exception):
    """A scorer gave no table."""


@dataclass(frozen=True, slots=True)
class Table:
    """One set's figures, by kind or source."""

    title: str
    columns: dict[str, Figures] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """What one run found. `answers` are fingerprints by text."""

    version: str
    tables: tuple[Table, ...]
    answers: dict[str, str]
    missing: tuple[str, ...] = ()


def measure(gold: Path) -> Run:
    """Predict and score every set that is there."""
    tables: list[Table] = []
    answers: dict[str, str] = {}
    missing: list[str] = []
    with TemporaryDirectory(prefix="faultline-accuracy-") as folder:
        scratch = Path(folder)
        for title, name, group in (
            ("Texts annotated by hand", "dev.jsonl", by_kind),
            (SILVER, "silver-dev.jsonl", by_source),
        ):
            if not (gold / name).is_file():
                missing.append(name)
                continue
            lines = (gold / name).read_text(encoding="utf-8").splitlines()
            predicted = predict(lines)
            answers |= fingerprints(name, predicted)
            columns = scored(gold / "score.py", lines, predicted, group, scratch)
            tables.append(Table(title, names_and_times(columns) if title == SILVER else columns))
        if (gold / "score_reports.py").is_file():
            table, predicted = scored_reports(gold / "score_reports.py", scratch)
            answers |= fingerprints("reports", predicted)
            tables.append(table)
        else:
            missing.append("score_reports.py")
    return Run(VERSION, tuple(tables), answers, tuple(missing))


def predict(lines: Sequence[str]) -> list[dict[str, Any]]:
    """As the command `predict` does it."""
    texts = [read(given) for given in read_lines(lines) if isinstance(given, Given)]
    linked = link(texts)
    return [as_line(text, linked) for text in texts]


def by_kind(row: Mapping[str, Any]) -> str:
    return str(row["kind"])


def by_source(row: Mapping[str, Any]) -> str:
    return str(row["id"]).partition("-")[0]


def scored(
    scorer: Path, lines: Iterable[str], predicted: list[dict[str, Any]], group: Group, scratch: Path
) -> dict[str, Figures]:
    """All texts together, then each group of them."""
    rows = [json.loads(line) for line in lines if line.strip()]
    columns = {"all": rows}
    for row in rows:
        columns.setdefault(group(row), []).append(row)
    found = {}
    for name, part in columns.items():
        ids = {row["id"] for row in part}
        gold, answers = scratch / "gold.jsonl", scratch / "answers.jsonl"
        write_lines(gold, part)
        write_lines(answers, [row for row in predicted if row["id"] in ids])
        found[name] = figures(json.loads(run(scorer, str(gold), str(answers), "--json")))
    return found


def names_and_times(columns: Mapping[str, Figures]) -> dict[str, Figures]:
    told = re.compile(r"(?:providers|regions|services) F1|(?:start|end): (?:right|within)")
    return {
        name: {measure: value for measure, value in found.items() if told.match(measure)}
        for name, found in columns.items()
    }


def scored_reports(scorer: Path, scratch: Path) -> tuple[Table, list[dict[str, Any]]]:
    prepared, answers = scratch / "reports.jsonl", scratch / "reports-answers.jsonl"
    run(scorer, "prepare", str(prepared))
    predicted = predict(prepared.read_text(encoding="utf-8").splitlines())
    write_lines(answers, predicted)
    columns: dict[str, Figures] = {source: {} for source in SOURCES}
    for line in run(scorer, "score", str(answers)).splitlines():
        if told := REPORT_LINE.match(line):
            best = f" (best model {told['best']})" if told["best"] else ""
            columns[told["source"]][told["field"]] = f"{told['score']}{best}"
    return Table("Labelled provider reports, exact match in percent", columns), predicted


def run(scorer: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, str(scorer), *arguments], capture_output=True, text=True, check=False, timeout=600
    )
    if done.returncode:
        raise ScorerFailed(f"{scorer.name} {arguments[0]}: {done.stderr.strip()[-500:]}")
    return done.stdout


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def figures(scores: Mapping[str, Any]) -> Figures:
    """The measures that a reader asks for, in the scorer's order; those without a case left out."""
    found = {
        f"{kind} F1": number(scores[kind]["f1"])
        for kind in ("providers", "regions", "services", "exchanges", "organisations")
        if scores[kind]["tp"] + scores[kind]["fn"]
    }
    spared = scores["mentioned_only_taken_as_affected"]
    found["merely named, taken as hit"] = f"{spared['count']} of {spared['of']}"
    found["in-scope F1"] = number(scores["relevance"]["in_scope_f1"])
    for bound in ("start", "end"):
        one = scores[bound]
        found[f"{bound}: right day"] = number(one["exact_day"])
        found[f"{bound}: within an hour"] = number(one["within_1h"])
        found[f"{bound}: given where there is none"] = f"{one['spurious']} of {one['n_without']}"
    found["duration within 10 %"] = number(scores["duration"]["within_10_percent"])
    found["root cause, lenient"] = number(scores["root_cause"]["lenient"])
    found["phase"] = number(scores["phase"]["accuracy"])
    found["other incidents"] = number(scores["other_incidents"]["recall"])
    found["clustering: B-cubed F1"] = number(scores["b_cubed"]["f1"])
    found["clustering: pairwise F1"] = number(scores["pairwise"]["f1"])
    if scores["upstream_links"]["n"]:
        found["upstream links F1"] = number(scores["upstream_links"]["f1"])
    return {name: value for name, value in found.items() if value and not value.endswith("of 0")}


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def fingerprints(name: str, predicted: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {f"{name}:{row['id']}": "".join(mark(row[one]) for one in FIELDS) for row in predicted}


def mark(value: Any) -> str:
    return sha256(json.dumps(value).encode()).hexdigest()[:MARK]


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """The texts whose answer is another than before, each with the fields that changed."""
    for text in sorted(now):
        if text in before and before[text] != now[text]:
            marks = zip(FIELDS, cut(before[text]), cut(now[text]), strict=False)
            yield f"{text}: {', '.join(name for name, old, new in marks if old != new)}"


def cut(marks: str) -> list[str]:
    return [marks[at : at + MARK] for at in range(0, len(marks), MARK)]


def as_json(now: Run, before: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept: this run, and the figures of the version before it."""
    last = before.get("before", {})
    if before.get("version", now.version) != now.version:
        last = {"version": before["version"], "tables": before["tables"]}
    kept = {"version": now.version, "tables": [asdict(table) for table in now.tables]}
    return {**kept, "before": last, "answers": now.answers}


def as_page(now: Run, before: Mapping[str, Any], notes: str) -> str:
    """The page that readers see; a figure of the last version stands in brackets where it was another."""
    version = before.get("version", "")
    old = {table["title"]: table["columns"] for table in before.get("tables", [])}
    beside = f" In brackets: version {version}, where it differs." if version else ""
    parts = [
        "# Accuracy\n",
        f"Written by `make accuracy` for version {now.version} of the extraction.{beside}\n",
    ]
    for table in now.tables:
        parts.append(f"## {table.title}\n\n{in_rows(table, old.get(table.title, {}))}")
    if now.missing:
        parts.append(f"Not measured, for the data is missing: {', '.join(now.missing)}.\n")
    return "\n".join([*parts, notes]).rstrip() + "\n"


def in_rows(table: Table, old: Mapping[str, Figures]) -> str:
    names = list(table.columns)
    measures = list(dict.fromkeys(name for column in table.columns.values() for name in column))
    lines = [f"| measure | {' | '.join(names)} |", f"| --- |{' --- |' * len(names)}"]
    for measure_name in measures:
        cells = [
            cell(table.columns[name].get(measure_name, ""), old.get(name, {}).get(measure_name, ""))
            for name in names
        ]
        lines.append(f"| {measure_name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def cell(now: str, before: str) -> str:
    return f"{now} ({before})" if before and before != now else now
