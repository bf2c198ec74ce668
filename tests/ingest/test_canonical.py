"""One name for one page, however its address is spelled."""

import pytest

from ingest.canonical import canonical_url, page_key


@pytest.mark.parametrize(
    "address",
    [
        "https://www.example.com/news/outage/",
        "http://example.com/news/outage",
        "https://example.com:443/news/outage?utm_source=feed&fbclid=abc",
        "  https://EXAMPLE.com/news/outage#comments ",
    ],
)
def test_spellings_of_one_page_have_one_name(address: str) -> None:
    assert canonical_url(address) == "https://example.com/news/outage"


def test_parameters_that_name_the_page_stay_in_a_fixed_order() -> None:
    assert canonical_url("https://a.test/?trackingId=X&b=1") == canonical_url(
        "http://a.test?b=1&trackingId=X"
    )
    assert canonical_url("https://a.test/?id=1") != canonical_url("https://a.test/?id=2")


@pytest.mark.parametrize("address", ["", "mailto:a@b.test", "http://[broken", "no address"])
def test_what_is_no_address_stays_as_it_is(address: str) -> None:
    assert canonical_url(address) == address


def test_page_key_belongs_to_the_page_and_not_to_the_feed() -> None:
    assert page_key("http://www.a.test/x/") == "web:https://a.test/x"
