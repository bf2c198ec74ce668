"""A document's accounts: who, where, when, why, each fact with its sentence."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nlp.document import (
    INCIDENT,
    AccountOf,
    Document,
    DocumentKind,
    Evidence,
    Extraction,
    Fact,
    Field,
    Origin,
    Passage,
    Precision,
    Relevance,
)
from nlp.extraction import VERSION, extract
from nlp.groups import Capitals

NEWS = DocumentKind.NEWS
PUBLISHED = datetime(2025, 11, 2, tzinfo=UTC)


def document(*posts: str, kind: DocumentKind = NEWS, **fields: object) -> Document:
    given = {"key": "t", "published_at": PUBLISHED, "passages": tuple(Passage(post) for post in posts)}
    return Document(kind=kind, **(given | fields))  # type: ignore[arg-type]


def keys(account: AccountOf, field: Field, subject: str = INCIDENT) -> list[str]:
    return [fact.key for fact in account.facts if (fact.field, fact.subject) == (field, subject)]


OUTAGE = (
    "Amazon Web Services went down on October 20, 2025 from 07:10 to 09:30 UTC. The outage in US-EAST-1 was "
    "caused by a DNS failure and hit Coinbase and Robinhood. Users of Coinbase were unable to log in. Kraken "
    "continued to operate. Coinbase runs on AWS."
)


def test_news_of_a_providers_outage_is_one_account_of_the_provider() -> None:
    found = extract(document(OUTAGE, title="AWS outage hits exchanges"))
    assert found.relevance is Relevance.PROVIDER_INCIDENT
    (account,) = found.accounts
    assert (account.provider, account.organisation, account.slot) == ("aws", "", "")
    assert keys(account, Field.PROVIDER) == ["aws"]
    assert keys(account, Field.REGION) == ["aws:us-east-1"]
    assert keys(account, Field.CAUSE) == ["dns"]
    assert keys(account, Field.STARTED_AT) == ["2025-10-20T07:10"]
    assert keys(account, Field.ENDED_AT) == ["2025-10-20T09:30"]
    assert keys(account, Field.DURATION) == ["140"]
    assert keys(account, Field.IMPACT, "organisation:coinbase") == ["affected"]
    assert keys(account, Field.IMPACT, "organisation:kraken") == ["not-affected"]
    assert keys(account, Field.IMPAIRMENT, "organisation:coinbase") == ["login"]
    assert keys(account, Field.DEPENDS_ON, "organisation:coinbase") == ["aws"]


def test_every_fact_of_the_text_names_its_sentence_and_rule() -> None:
    told = document(OUTAGE, title="AWS outage hits exchanges")
    for fact in extract(told).accounts[0].facts:
        evidence = fact.evidence
        text = told.title if evidence.passage is None else told.passages[evidence.passage].text
        assert evidence.start is not None
        assert text[evidence.start : evidence.end].strip()
        assert fact.rule
        assert 0 < fact.confidence <= 1


def test_equal_documents_give_equal_extractions() -> None:
    told = document(OUTAGE, title="AWS outage hits exchanges")
    assert extract(told) == extract(told)
    assert extract(told).version == VERSION


def test_structured_facts_stand_first_and_stay() -> None:
    stated = Fact(
        Field.STARTED_AT,
        "2025-10-20T06:48:00+00:00",
        "2025-10-20T06:48",
        Evidence(path="begin"),
        "begin",
        origin=Origin.STRUCTURED,
        precision=Precision.MINUTE,
    )
    (account,) = extract(document(OUTAGE, title="AWS outage", facts=(stated,))).accounts
    assert next(f for f in account.facts if f.field is Field.STARTED_AT) == stated
    assert keys(account, Field.STARTED_AT) == ["2025-10-20T06:48", "2025-10-20T07:10"]


def test_an_exchanges_own_record_belongs_to_the_exchange() -> None:
    text = "Trading on Coinbase is unavailable. We have identified a surge in traffic as the root cause."
    found = extract(document(text, kind=DocumentKind.EXCHANGE_STATUS, organisation="coinbase"))
    assert found.relevance is Relevance.EXCHANGE_INCIDENT
    (account,) = found.accounts
    assert (account.provider, account.organisation) == ("", "coinbase")
    assert keys(account, Field.IMPACT, "organisation:coinbase") == ["affected"]
    assert keys(account, Field.PHASE) == ["identified"]


def test_an_exchange_that_names_its_own_fault_says_that_no_cloud_is_behind_it() -> None:
    text = "Trading was suspended because of a software bug in our matching engine."
    (account,) = extract(document(text, kind=DocumentKind.EXCHANGE_STATUS, organisation="kraken")).accounts
    assert keys(account, Field.OTHER_CAUSE, "organisation:kraken") == ["software-bug"]


def test_an_exchange_that_blames_a_provider_names_no_other_cause() -> None:
    text = "Trading was suspended due to an outage at Amazon Web Services."
    (account,) = extract(document(text, kind=DocumentKind.EXCHANGE_STATUS, organisation="kraken")).accounts
    assert keys(account, Field.CAUSE) == ["dependency"]
    assert keys(account, Field.OTHER_CAUSE, "organisation:kraken") == []
    assert keys(account, Field.PROVIDER) == ["aws"]


def test_the_latest_post_with_a_status_says_the_phase() -> None:
    posts = (
        Passage("We are investigating slow logins.", datetime(2025, 5, 1, 8, tzinfo=UTC), "Investigating"),
        Passage("All is well again.", datetime(2025, 5, 1, 9, tzinfo=UTC), "Resolved"),
    )
    (account,) = extract(
        document(kind=DocumentKind.EXCHANGE_STATUS, organisation="kraken", passages=posts)
    ).accounts
    assert keys(account, Field.PHASE)[0] == "resolved"
    assert keys(account, Field.NOT_BEFORE) == ["2025-05-01T08:00"]


def test_each_stage_on_the_way_is_told_by_the_post_that_first_reaches_it() -> None:
    said = [
        ("We are looking into slow logins.", "Investigating"),
        ("The cause has been identified.", "Update"),
        ("A fix has been implemented and we keep watching.", "Monitoring"),
        ("A fix has been implemented in all places.", "Monitoring"),
        ("All is well again.", "Resolved"),
    ]
    posts = tuple(
        Passage(text, datetime(2025, 5, 1, 8 + hour, tzinfo=UTC), word)
        for hour, (text, word) in enumerate(said)
    )
    (account,) = extract(
        document(kind=DocumentKind.EXCHANGE_STATUS, organisation="kraken", passages=posts)
    ).accounts
    phases = [fact for fact in account.facts if fact.field == Field.PHASE]
    assert {fact.key: fact.evidence.passage for fact in phases} == {
        "resolved": 4,
        "investigating": 0,
        "identified": 1,
        "monitoring": 2,
    }


def test_a_record_that_was_opened_again_has_no_stages_behind_it() -> None:
    posts = (
        Passage("All is well again.", datetime(2025, 5, 1, 8, tzinfo=UTC), "Resolved"),
        Passage("Logins are slow again.", datetime(2025, 5, 1, 9, tzinfo=UTC), "Investigating"),
    )
    (account,) = extract(
        document(kind=DocumentKind.EXCHANGE_STATUS, organisation="kraken", passages=posts)
    ).accounts
    assert keys(account, Field.PHASE) == ["investigating"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Coinbase shares were down 12% on Tuesday after weak results.",
        "AWS will open a new region in Chile next year.",
        "Kraken will undergo scheduled maintenance on Sunday; trading will be unavailable for two hours.",
        "The Azure Window in Malta collapsed into the sea during a storm.",
        "Bitcoin fell below $60,000 as traders sold.",
    ],
)
def test_what_tells_of_no_outage_has_no_account(text: str) -> None:
    found = extract(document(text))
    assert found.relevance is Relevance.NOT_AN_OUTAGE
    assert found.accounts == ()


ROUND_UP = (
    "Amazon Web Services suffered an outage on Oct. 20 that took down Coinbase and Robinhood. The failure in "
    "the US-EAST-1 region lasted two hours.\n\n"
    "It comes months after a similar outage in the eu-north-1 region.\n\n"
    "Six months earlier, Amazon suffered a similar disruption, taking out Binance and KuCoin.\n\n"
    "Microsoft Azure was down for several hours on Oct. 29."
)


def test_a_round_up_has_an_account_for_each_incident() -> None:
    accounts = extract(document(ROUND_UP, title="AWS outage shows what exchanges lean on")).accounts
    assert [account.slot for account in accounts] == ["", "aws/2025-04", "azure/2025-10-29", "aws/eu-north-1"]
    main, april, azure, stockholm = accounts
    assert keys(main, Field.STARTED_AT) == ["2025-10-20"]
    assert keys(main, Field.REGION) == ["aws:us-east-1"]
    assert keys(main, Field.PROVIDER) == ["aws"]
    assert keys(main, Field.IMPACT, "organisation:coinbase") == ["affected"]
    assert keys(main, Field.IMPACT, "organisation:binance") == []
    assert keys(april, Field.IMPACT, "organisation:binance") == ["affected"]
    assert keys(april, Field.STARTED_AT) == ["2025-04"]
    assert (azure.provider, keys(azure, Field.STARTED_AT)) == ("azure", ["2025-10-29"])
    assert (stockholm.provider, keys(stockholm, Field.REGION)) == ("aws", ["aws:eu-north-1"])


COUNTED = (
    "The AWS disruption of Monday, October 20, which also hit Coinbase and Robinhood, was the third in ten "
    "days. On October 9, Azure lost a third of its capacity and Zoom users could not log in. On October 13, "
    "Kraken's engine stopped for 35 minutes after a faulty deployment. The AWS failure lasted about 15 hours "
    "and was traced to DNS."
)


def test_outages_counted_in_one_paragraph_are_told_apart() -> None:
    accounts = extract(document(COUNTED, published_at=datetime(2025, 10, 22, tzinfo=UTC))).accounts
    assert len(accounts) == 3
    assert accounts[1].slot == "azure/2025-10-09"
    assert keys(accounts[0], Field.STARTED_AT) == ["2025-10-20"]
    assert keys(accounts[0], Field.CAUSE) == ["dns"]
    assert keys(accounts[0], Field.DURATION) == ["900"]
    assert keys(accounts[0], Field.IMPACT, "organisation:kraken") == []


def test_a_list_of_outages_dates_each_of_them_whatever_words_it_uses() -> None:
    found = extract(
        document(
            "It was a hard year for clouds. On April 15, power went out at a site of Amazon. Then came "
            "October 20, when DynamoDB's records vanished, and nine days later Azure Front Door keeled over.",
            title="The worst cloud outages of 2025",
        )
    )
    starts = {key[:10] for account in found.accounts for key in keys(account, Field.STARTED_AT)}
    assert starts == {"2025-04-15", "2025-10-20", "2025-10-29"}


def test_a_slot_does_not_depend_on_the_order_of_the_text() -> None:
    first, *middle = ROUND_UP.split("\n\n")
    turned = "\n\n".join([first, *reversed(middle)])
    title = "AWS outage shows what exchanges lean on"
    told, again = (extract(document(text, title=title)) for text in (ROUND_UP, turned))
    assert {account.slot for account in told.accounts} == {account.slot for account in again.accounts}


@pytest.mark.shared
def test_the_founding_article_tells_of_five_incidents(shared: Path) -> None:
    text = (shared / "founding-article.txt").read_text(encoding="utf-8")
    accounts = {a.slot: a for a in extract(document(text, title=text.splitlines()[1])).accounts}
    assert set(accounts) == {"", "aws/2025-10-30", "aws/2025-04", "azure/2025-10-29", "aws/eu-north-1"}
    main = accounts[""]
    assert keys(main, Field.STARTED_AT) == ["2025-10-20"]
    assert keys(main, Field.CAUSE) == ["dns"]
    assert keys(main, Field.DURATION) == ["120"]
    assert keys(main, Field.REGION) == ["aws:us-east-1"]
    hit = {fact.subject for fact in main.facts if fact.field is Field.IMPACT}
    assert hit == {"organisation:coinbase", "organisation:robinhood", "organisation:coinmarketcap"}


TORTURE = {
    "nothing": "",
    "a megabyte": "Coinbase went down because of the AWS outage at 3:14 PM PDT. " * 17_000,
    "one word": "a" * 100_000,
    "control characters": "".join(map(chr, range(32))) * 500,
    "right to left": "تعطلت خدمات AWS في 20 أكتوبر 2025 وتأثرت Coinbase. \u202eoutage\u202c " * 200,
    "Japanese beside English": "エラー率の上昇を調査しています。 | We are investigating errors. " * 200,
    "Korean beside English": "오류율 증가를 조사 중입니다. | EC2 in AP-NORTHEAST-2 is down. " * 200,
    "brackets": "(((((" * 20_000,
    "digits": "1234567890 " * 10_000,
    "a hundred thousand full stops": ". " * 100_000,
    "one sentence of names": "Coinbase, Binance, Kraken, " * 4_000,
    "dashes": "- " * 50_000,
    "new lines": "\n" * 100_000,
    "clocks": "10:00 to 11:00 on May 4, " * 4_000,
    "days": "On 4 May 2025 AWS failed. On 5 June 2025 Azure failed.\n" * 2_000,
    "lists": "Zib, Zob and Coinbase went down. " * 3_000,
    "half a word each": "\ud83d\ude00 A\u0301\u0301\u0301 \u200b\u200d" * 10_000,
}


@pytest.mark.parametrize("name", TORTURE)
@pytest.mark.parametrize("kind", [DocumentKind.NEWS, DocumentKind.PROVIDER_STATUS])
def test_answers_whatever_the_text_holds(name: str, kind: DocumentKind) -> None:
    extract(document("warm up"))
    begun = time.process_time()
    found = extract(document(TORTURE[name], kind=kind, title=TORTURE[name][:200]))
    took = time.process_time() - begun
    assert isinstance(found, Extraction)
    assert took < 2, f"{name} took {took:.1f} s of the processor: less than one here, more on a busy machine"


def test_the_space_that_ends_a_text_starts_with_no_capital() -> None:
    text = "It Is "
    capital = Capitals(text, [0, 3, len(text)])
    assert [capital[token] for token in range(3)] == [True, True, False]
