"""Whom a text says was hit."""

from datetime import UTC, datetime

import pytest

from nlp.document import Document, DocumentKind, Field, Passage
from nlp.extraction import extract

SAID = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


def hit(kind: DocumentKind, text: str, provider: str = "") -> set[str]:
    document = Document(
        key="test", kind=kind, passages=(Passage(text, SAID),), published_at=SAID, provider=provider
    )
    return {
        fact.subject
        for account in extract(document).accounts
        for fact in account.facts
        if fact.field == Field.IMPACT and fact.value == "affected"
    }


@pytest.mark.parametrize(
    "text",
    [
        "We are investigating an issue with Cloud Build GitHub triggers in us-central1.",
        "Google Kubernetes Engine nodes with NVIDIA GPU drivers fail to start in us-central1.",
        "Customers using Cloud Build may see delays when mirroring Bitbucket repositories.",
    ],
)
def test_what_a_provider_offers_of_another_company_is_no_victim(text: str) -> None:
    assert hit(DocumentKind.PROVIDER_STATUS, text, "gcp") == set()


def test_news_of_the_same_company_being_down_makes_it_one() -> None:
    text = "GitHub and Coinbase went down on Tuesday after an outage at AWS in us-east-1."
    assert {"organisation:github", "organisation:coinbase"} <= hit(DocumentKind.NEWS, text)
