"""How publishers name things."""

from __future__ import annotations

import pytest

from ingest.kinds import Context
from ingest.publishers.aws import place_and_service, without_prefixes
from ingest.publishers.statuspage import code_of, key_of

SLUGS = [
    ("ec2-us-east-1", "", {"aws:ec2", "aws:us-east-1"}),
    (
        "directconnect-us-gov-west-1",
        "AWS Direct Connect (US-West)",
        {"aws:direct-connect", "aws:us-gov-west-1"},
    ),
    ("s3-us-standard", "", {"aws:s3", "aws:us-east-1"}),
    ("ec2-eusc-de-east-1", "", {"aws:ec2", "aws:eusc-de-east-1"}),
    ("route53", "Amazon Route 53", {"aws:route-53"}),
    ("elasticfilesystem-us-west-2", "", {"aws:efs", "aws:us-west-2"}),
    ("state-eu-west-1", "", {"aws:step-functions", "aws:eu-west-1"}),
    ("multipleservices-me-central-1", "Multiple services", {"aws:me-central-1"}),
    ("ghostwriter-xx-north-9", "AWS Ghostwriter (Nowhere)", {"aws:ghostwriter", "aws:xx-north-9"}),
]


@pytest.mark.parametrize(("slug", "name", "meant"), SLUGS, ids=[slug for slug, _, _ in SLUGS])
def test_an_aws_slug_names_a_service_and_its_region(slug: str, name: str, meant: set[str]) -> None:
    assert {fact.key for fact in place_and_service(slug, name, path="service")} == meant


TITLES = [
    ("Errors", ("", "Errors", False)),
    ("[RESOLVED] Errors ", ("", "Errors", True)),
    ("Informational message: [RESOLVED] Errors", ("Informational message", "Errors", True)),
    ("Service is operating normally: Errors", ("Service is operating normally", "Errors", False)),
    ("Service of ours: Errors", ("", "Service of ours: Errors", False)),
]


@pytest.mark.parametrize(("title", "parts"), TITLES, ids=[title for title, _ in TITLES])
def test_the_state_stands_before_an_aws_title(title: str, parts: tuple[str, str, bool]) -> None:
    assert without_prefixes(title) == parts


@pytest.mark.parametrize(
    "link",
    [
        "https://status.example.com/incidents/abc123",
        "http://www.status.example.com/incidents/abc123/",
        "https://status.example.com//2024-02/abc123?x=1#y",
    ],
)
def test_an_incident_of_a_status_page_is_named_by_the_last_part_of_its_link(link: str) -> None:
    assert code_of(link) == "abc123"
    assert key_of(link, Context(publisher="somebody")) == "statuspage:somebody:abc123"


def test_a_page_without_a_publisher_is_named_by_its_host() -> None:
    assert (
        key_of("https://status.example.com/incidents/abc", Context()) == "statuspage:status.example.com:abc"
    )


def test_a_link_without_a_path_names_nothing() -> None:
    with pytest.raises(ValueError, match="no incident code"):
        code_of("https://status.example.com")
