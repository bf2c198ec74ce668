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

# Before the title in RSS; it changes while an event runs. "Impact" is what code 1 is called today,
# "performance issues" what code 2 was called at first. That all is well grades no event.
STATES = {
    "service is operating normally": None,
    "informational message": Severity.MINOR,
    "service impact": Severity.MINOR,
    "performance issues": Severity.MAJOR,
    "service degradation": Severity.MAJOR,
    "service disruption": Severity.CRITICAL,
}
STATE = re.compile(rf"\s*({'|'.join(STATES)})\s*:\s*", re.IGNORECASE)
RESOLVED = re.compile(r"\s*\[\s*resolved\s*\]\s*:?\s*", re.IGNORECASE)

SLUG = re.compile(
    r"(?P<service>.+?)-(?P<region>(?:eusc-[a-z]{2}|[a-z]{2}(?:-gov|-iso[a-z]?)?)-[a-z]+-\d|us-standard)$"
)
US_STANDARD = "us-standard"  # what S3 called N. Virginia
IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
MANY_SERVICES = "multipleservices"
# Short forms that are no name of the service; as words of a text they would mean something else.
SHORT_FORMS = {
    "analytics": "Mobile Analytics",
    "appstream2": "AppStream 2.0",
    "awsgreengrass": "IoT Greengrass",
    "awsiot": "IoT Core",
    "ec2systemsmanager": "Systems Manager",
    "elasticfilesystem": "EFS",
    "elasticsearch": "Elasticsearch Service",
    "events": "EventBridge",
    "grafana": "Managed Grafana",
    "health": "AWS Health",
    "ram": "Resource Access Manager",
    "route53domainregistration": "Route 53 Domains",
    "state": "Step Functions",
    "transfer": "Transfer Family",
}


def place_and_service(slug: str, display_name: str = "", *, path: str) -> Iterator[Fact]:
    """What a service slug says; one without a region is a global service. The printed place ("US-West"
    may be GovCloud) says less than the code, and the printed name more than the short form."""
    parts = SLUG.match(slug)
    short, code = (parts["service"], parts["region"]) if parts else (slug, "")
    code = "us-east-1" if code == US_STANDARD else code
    found = (
        region("aws", code, path=path),
        service("aws", IN_BRACKETS.sub("", display_name), SHORT_FORMS.get(short, short), path=path)
        if short != MANY_SERVICES
        else None,
    )
    yield from filter(None, found)


def without_prefixes(title: str) -> tuple[str, str, bool]:
    """The state before a title, the title on one line, and whether "[RESOLVED]" stood in front of it."""
    title = " ".join(title.split())
    state = STATE.match(title)
    title = title[state.end() :] if state else title
    resolved = RESOLVED.match(title)
    return state[1] if state else "", title[resolved.end() :] if resolved else title, bool(resolved)
