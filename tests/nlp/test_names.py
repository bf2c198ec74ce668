"""Which words are names: longest match, whole words, and a context for ordinary ones."""

from __future__ import annotations

import pytest

from nlp.document import EntityKind
from tests.nlp.readers import make_document, read_context, read_mentions, slugs_of


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("us-east-1", "aws:us-east-1"),
        ("US-EAST-1", "aws:us-east-1"),
        ("U.S.-East-1", "aws:us-east-1"),
        ("US East 1", "aws:us-east-1"),
        ("us-east-1a", "aws:us-east-1"),
        ("USE1-AZ4", "aws:us-east-1"),
        ("us‑east‑1", "aws:us-east-1"),  # noqa: RUF001 (some texts carry hyphens that do not break)
        ("US East (N. Virginia)", "aws:us-east-1"),
        ("eu-nord-1", "aws:eu-north-1"),
        ("apne1-az2", "aws:ap-northeast-1"),
        ("us-gov-west-1", "aws:us-gov-west-1"),
        ("cn-northwest-1", "aws:cn-northwest-1"),
        ("us-east4", "gcp:us-east4"),
        ("europe-west9-a", "gcp:europe-west9"),
        ("europe-west-9", "gcp:europe-west9"),
        ("us-central1-f", "gcp:us-central1"),
        ("eur3", "gcp:eur3"),
        ("eastus2", "azure:eastus2"),
        ("usgovvirginia", "azure:usgovvirginia"),
        ("cn-hongkong", "alibaba:cn-hongkong"),
    ],
)
def test_region_codes_and_zones_are_read_in_any_spelling(written: str, slug: str) -> None:
    text = f"Servers in {written} failed."
    mentions = read_mentions(make_document(text))
    assert [(m.slug, m.text) for m in mentions if m.kind is EntityKind.REGION] == [(slug, written)]


@pytest.mark.parametrize(
    "written", ["us-east-10", "xus-east-1", "us-east-1x", "us-east", "S3X", "BEC2", "EC2X"]
)
def test_nothing_is_read_inside_a_longer_word(written: str) -> None:
    assert slugs_of(f"The part {written} failed.") == []


@pytest.mark.parametrize(
    ("provider", "place", "slug"),
    [
        ("AWS", "Paris", "aws:eu-west-3"),
        ("Google Cloud", "Paris", "gcp:europe-west9"),
        ("AWS", "Hong Kong", "aws:ap-east-1"),
        ("Alibaba Cloud", "Hong Kong", "alibaba:cn-hongkong"),
        ("AWS", "Ohio", "aws:us-east-2"),
        ("AWS", "Northern Virginia", "aws:us-east-1"),
        ("Google Cloud", "Northern Virginia", "gcp:us-east4"),
        ("Azure", "East US", "azure:eastus"),
        ("Azure", "West Europe", "azure:westeurope"),
        ("AWS", "São Paulo", "aws:sa-east-1"),
        ("AWS", "Sao Paulo", "aws:sa-east-1"),
    ],
)
def test_a_place_is_a_region_of_the_provider_in_play(provider: str, place: str, slug: str) -> None:
    assert slugs_of(f"The {place} region of {provider} failed.", EntityKind.REGION) == [slug]


def test_a_place_without_a_provider_is_no_region() -> None:
    assert slugs_of("A data center in Paris lost power and an exchange went down.") == []


def test_a_place_where_people_live_is_no_region() -> None:
    assert slugs_of("AWS was down, users in Singapore and Ohio complained.", EntityKind.REGION) == []


def test_of_two_providers_the_nearest_owns_the_place() -> None:
    text = "The AWS region in Tokyo failed. Google Cloud's region in Tokyo worked."
    assert slugs_of(text, EntityKind.REGION) == ["aws:ap-northeast-1", "gcp:asia-northeast1"]


def test_the_place_in_brackets_of_a_provider_title_is_a_region() -> None:
    found = slugs_of(
        "", EntityKind.REGION, title="Amazon Redshift (Central)", kind="provider-status", provider="aws"
    )
    assert found == ["aws:ca-central-1"]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("AWS said Batch failed.", "aws:batch"),
        ("AWS said Connect failed.", "aws:connect"),
        ("Azure said Storage failed.", "azure:storage"),
        ("Google Cloud said Dataflow failed.", "gcp:dataflow"),
        ("Cloudflare said Access failed.", "cloudflare:access"),
    ],
)
def test_an_ordinary_word_is_a_service_of_the_provider_in_play(text: str, slug: str) -> None:
    assert slugs_of(text, EntityKind.SERVICE) == [slug]
    nobody = text.split(" said ")[1]
    assert slugs_of(nobody, EntityKind.SERVICE) == []


def test_a_word_in_small_letters_is_no_service() -> None:
    assert (
        slugs_of("AWS said a batch of servers could not connect or access storage.", EntityKind.SERVICE) == []
    )


def test_an_acronym_keeps_its_capitals() -> None:
    assert slugs_of("Azure said an arm of the sec was hit.", EntityKind.SERVICE) == []
    assert slugs_of("Azure said ARM was hit.", EntityKind.SERVICE) == ["azure:resource-manager"]


def test_a_provider_may_be_written_small() -> None:
    assert slugs_of("aws outage again, ec2 is down") == ["aws", "aws:ec2"]


def test_an_area_between_dashes_is_the_place_of_an_azure_headline() -> None:
    text = "Azure Front Door - Europe - Timeouts. Customers in Europe were hit."
    assert slugs_of(text, EntityKind.REGION, kind="pir", provider="azure") == ["azure:europe"]


def test_one_provider_service_is_not_read_for_another() -> None:
    assert slugs_of("Google Cloud said Batch failed.", EntityKind.SERVICE) == ["gcp:batch"]


@pytest.mark.parametrize(
    "text",
    [
        "The Azure Window collapsed during an outage.",
        "Robin Hood was unavailable during the outage.",
        "An Amazon rainforest tribe suffered a power outage.",
        "The Golden Gate Bridge was closed during the outage.",
    ],
)
def test_lookalikes_are_no_names(text: str) -> None:
    assert slugs_of(text) == []


@pytest.mark.parametrize("word", ["Kraken", "Gemini", "Base", "Optimism", "Derive", "Gate"])
def test_an_ordinary_word_is_a_venue_only_where_trade_failed(word: str) -> None:
    assert len(slugs_of(f"The crypto exchange {word} suffered an outage.")) == 1
    assert slugs_of(f"We saw the great {word} rise from the sea.") == []
    assert slugs_of(f"The crypto exchange was down, on {word.casefold()} of it all.") == []


def test_an_ordinary_word_is_a_company_where_it_stands_on_a_provider() -> None:
    assert slugs_of("Kraken depends on Cloudflare.") == ["kraken", "cloudflare"]
    assert slugs_of("Kraken depends on the sea.") == []


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("Amazon EC2 Auto Scaling failed.", ["aws:auto-scaling"]),
        ("Amazon Route 53 Resolver failed.", ["aws:route-53-resolver"]),
        ("Microsoft Entra ID failed.", ["azure:entra-id"]),
        ("Disney+, E*TRADE and 1Password failed.", ["disney-plus", "etrade", "1password"]),
        ("Gate.io and Crypto.com failed.", ["gate", "cryptocom"]),
        ("coinbase.com failed.", ["coinbase"]),
        ("Coinbase's app failed.", ["coinbase"]),
        ("Coinbase’s app failed.", ["coinbase"]),
        ("EC2/EBS failed on AWS.", ["aws:ec2", "aws:ebs", "aws"]),
    ],
)
def test_the_longest_name_wins(text: str, slugs: list[str]) -> None:
    assert slugs_of(text) == slugs


def test_the_owner_of_a_status_page_speaks_there() -> None:
    for url in ("https://status.kraken.com/incidents/1", "https://kraken.statuspage.io/incidents/1"):
        document = make_document("Deposits are delayed.", kind="exchange-status", url=url)
        assert read_context(document).speakers == {"kraken"}


def test_the_provider_of_the_address_is_in_play() -> None:
    document = make_document("Batch failed.", kind="provider-status", url="https://status.cloud.google.com/x")
    assert read_context(document).providers == ("gcp",)
    assert [m.slug for m in read_mentions(document)] == ["gcp:batch"]


def test_a_provider_speaks_of_its_own_regions_only() -> None:
    mentions = read_mentions(
        make_document("Feeds from AWS us-west-2 are delayed.", kind="provider-status", provider="gcp")
    )
    assert {m.role for m in mentions} == {"mentioned"}
