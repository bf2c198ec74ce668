"""AWS: `ec2-us-east-1` is a service in a region, codes 0 to 3 are grades, titles carry state as prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.naming import region, service
from nlp.document import Fact, Severity

SEVERITIES = {
    "0": (Severity.NONE, "operating normally"),
    "1": (Severity.MINOR, "informational"),
    "2": (Severity.MAJOR, "degradation"),
    "3": (Severity.CRITICAL, "disruption"),
}
"""By the code of data.json and of the public events, with the legend that the status page gave it."""

# Before the title in RSS; it changes while an event runs.
STATES = {
    "service is operating normally": Severity.NONE,
    "informational message": Severity.MINOR,
    "performance issues": Severity.MINOR,
    "service degradation": Severity.MAJOR,
    "service impact": Severity.MAJOR,
    "service disruption": Severity.CRITICAL,
}

SLUG = re.compile(r"(?P<service>.+?)-(?P<region>[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d|us-standard)$")
US_STANDARD = "us-standard"  # what S3 called N. Virginia
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
RESOLVED = re.compile(r"^\s*\[\s*resolved\s*\]\s*:?\s*", re.IGNORECASE)
MANY_SERVICES = "multipleservices"


def place_and_service(slug: str, display_name: str, *, path: str) -> Iterator[Fact]:
    """What a service slug says; one without a region is a global service. The printed place ("US-West"
    may be GovCloud) says less than the code, and the printed name more than the short form."""
    parts = SLUG.match(slug)
    short, code = (parts["service"], parts["region"]) if parts else (slug, "")
    code = "us-east-1" if code == US_STANDARD else code
    name = IN_BRACKETS.sub("", display_name)
    found = (
        region("aws", code, path=path),
        service("aws", name, short, path=path) if short != MANY_SERVICES else None,
    )
    yield from filter(None, found)


def without_prefixes(title: str) -> tuple[str, bool]:
    """The title as it was before "[RESOLVED]" came in front, on one line, and whether it did."""
    title = " ".join(title.split())
    bare = RESOLVED.sub("", title)
    return bare, bare != title
