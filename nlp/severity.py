"""How bad, in the design's words, where the text itself grades the failure; unknown where it does not."""

from __future__ import annotations

from nlp.document import Severity
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Text

WORDS: Phrases[Severity] = Phrases(
    [
        ("critical incident/outage/severity/issue", Severity.CRITICAL),
        ("p0/p1/sev0/sev1 incident", Severity.CRITICAL),
        ("critical p0/p1 incident", Severity.CRITICAL),
        ("complete/total/full outage/unavailability/shutdown", Severity.CRITICAL),
        ("general unavailability", Severity.CRITICAL),
        ("entire region .. unavailable/down/offline", Severity.CRITICAL),
        ("major outage/incident/disruption", Severity.MAJOR),
        ("widespread/massive/large outage/disruption/failure*", Severity.MAJOR),
        ("loss of power", Severity.MAJOR),
        ("service outage/disruption", Severity.MAJOR),
        ("customers/users/clients were/are/was unable", Severity.MAJOR),
        ("unavailable/unreachable/inaccessible", Severity.MAJOR),
        ("halted/suspended trading", Severity.MAJOR),
        ("trading .. halted/suspended", Severity.MAJOR),
        ("partial outage", Severity.MINOR),
        (
            "increased/elevated/intermittent .. error/errors/latency/latencies/failures/fault/faults",
            Severity.MINOR,
        ),
        ("degraded/reduced performance", Severity.MINOR),
        ("performance degradation", Severity.MINOR),
        ("delay/delays/delayed", Severity.MINOR),
        ("small/limited/subset number/subset", Severity.MINOR),
        ("subset of", Severity.MINOR),
        ("propagation times", Severity.MINOR),
        ("informational message", Severity.NONE),
        ("no customer impact", Severity.NONE),
        ("scheduled/planned maintenance", Severity.MAINTENANCE),
    ]
)
WORST_FIRST = list(Severity)


def read_severity(text: Text, *, is_maintenance: bool) -> Found | None:
    """The worst grade that title or text uses of the failure; None where it uses none."""
    spots = [spot for found in text.find(WORDS).values() for spot in found]
    if is_maintenance:
        spots = [spot for spot in spots if spot.payload is Severity.MAINTENANCE]
    else:
        spots = [spot for spot in spots if spot.payload is not Severity.MAINTENANCE]
    if not spots:
        return None
    worst = min(spots, key=lambda spot: WORST_FIRST.index(spot.payload))
    return Found(worst.payload, worst.sentence, "severity:words", 0.6)
