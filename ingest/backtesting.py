"""Whether the catalogue's outages could have been foreseen by the edges known before each: precision, recall.

From the catalogue's own files, without a record, so that the figures are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from incidents.choices import OrganisationKind
from incidents.graphing.backtesting import Backtest, PastOutage, backtest, observed
from incidents.graphing.edges import Edge, EdgeProof, end_of
from ingest import catalogue
from ingest.catalogue.reports import service_slug

ACCEPTED_HIT = 0.8
WORLDWIDE = ":global"
UNSURE = "low"
COLUMNS = ("outages", "hit", "predicted", "right", "left open", "precision", "recall", "with left open")


def past_outages() -> list[PastOutage]:
    """Outages of something that others stand on, which reached an exchange or its like."""
    kinds = {row.slug: row.kind for row in catalogue.organisations()}
    counted = {slug for slug, kind in kinds.items() if kind != OrganisationKind.OTHER}
    found = []
    for outage in catalogue.outages():
        hit = {row.organisation for row in outage.affected if row.confidence != UNSURE} & counted
        failed = what_failed(outage)
        if hit and failed and not outage.is_control:
            nodes = frozenset(f"organisation:{slug}" for slug in hit)
            found.append(PastOutage(outage.id, outage.started_at, failed, nodes - failed))
    return [outage for outage in found if outage.hit]


def what_failed(outage: catalogue.Outage) -> frozenset[str]:
    """The regions that it names, the provider where it was worldwide, else services, else who it was."""
    if any(region.endswith(WORLDWIDE) for region in outage.regions):
        return frozenset({f"provider:{outage.provider}"})
    if outage.regions:
        return frozenset(f"region:{region}" for region in outage.regions)
    if outage.provider:
        services = (service_slug(outage.provider, name) for name in outage.services)
        return frozenset(f"service:{slug}" for slug in services) or frozenset({f"provider:{outage.provider}"})
    return frozenset(f"organisation:{slug}" for slug in outage.organisations)


def declared_edges() -> list[Edge]:
    """The edges of the catalogue, each proof known from the end of the time that it speaks of."""
    return [
        Edge(
            f"organisation:{edge.organisation}",
            edge.target,
            edge.relation,
            edge.redundancy_group,
            tuple(edge_proof(proof) for proof in edge.proofs),
            ended[1] if edge.ended and (ended := catalogue.period(edge.ended, "month")) else None,
        )
        for edge in catalogue.edges()
    ]


def edge_proof(proof: catalogue.EdgeProof) -> EdgeProof:
    span = catalogue.period(proof.about, proof.precision)
    last = span[1] if span else None
    weight = catalogue.CONFIDENCE[proof.confidence]
    return EdgeProof(weight, proof.url, last, end_of(last) if last else None, proof.url)


def measured() -> dict[str, Backtest]:
    """By what counts as known: stated dependencies, and with them what earlier outages showed."""
    outages = past_outages()
    declared = declared_edges()
    seen = observed(outages, ACCEPTED_HIT)
    return {
        "stated dependencies": backtest(outages, declared),
        "and earlier outages": backtest(outages, [*declared, *seen]),
    }


def in_rows(found: dict[str, Backtest]) -> Iterator[str]:
    """A line for each set of edges; silence about a predicted one counts against it."""
    yield "Outages foreseen by the edges known before each (no hindsight)"
    yield f"{'':22}" + "".join(f"{column:>16}" for column in COLUMNS)
    for name, told in found.items():
        counts = (len(told.checked), *(told.count(one) for one in ("hit", "predicted", "right", "open")))
        shares = (told.precision, told.recall, told.recall_with_open)
        cells = [*(str(count) for count in counts), *(share_text(share) for share in shares)]
        yield f"{name:22}" + "".join(f"{cell:>16}" for cell in cells)


def share_text(share: float | None) -> str:
    return "none" if share is None else f"{share:.3f}"
