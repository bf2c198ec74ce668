from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from incidents import linking
from incidents.choices import PublisherKind
from incidents.models import Incident, IncidentWords
from incidents.searching import entities
from incidents.searching.asking import parse
from incidents.searching.finding import MOST, find
from incidents.searching.indexing import index_changed
from incidents.searching.spelling import meant
from incidents.vocabulary_loading import load_vocabulary
from nlp.document import DocumentKind
from tests.factories import (
    DAY,
    NOON,
    keep,
    make_hit,
    make_incident,
    make_organisation,
    make_post,
    make_provider,
    make_report,
    make_source,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "words", "filters"),
    [
        ("dns failure", "dns failure", ""),
        ('provider:aws region:us-east-1 "route 53"', '"route 53"', "provider=aws&region=aws%3Aus-east-1"),
        ("region:aws:us-east-1", "", "region=aws%3Aus-east-1"),
        ('service:"Amazon S3" dns', "dns", "service=aws%3As3"),
        ("region:us-east-1", "", "region=alibaba%3Aus-east-1&region=aws%3Aus-east-1"),
        ("PROVIDER:azure cause:DNS", "", "provider=azure&cause=dns"),
        ("exchange:Coinbase after:2020 before:2021-12", "", "exchange=coinbase&since=2020&until=2021-12"),
        ("severity:critical hits:yes status:resolved", "", "severity=critical&hits=yes&status=resolved"),
        ("12:30 http://status.example/x foo:bar", "12:30 http://status.example/x foo:bar", ""),
        ("provider:", "provider:", ""),
        ("  two\x00 words \n", "two words", ""),
    ],
)
def test_operators_are_filters_and_the_rest_is_words(text: str, words: str, filters: str) -> None:
    asked = parse(text)
    assert (asked.words, asked.filters.urlencode(), asked.mistakes) == (words, filters, ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("provider:nobody", "No provider goes by “nobody”."),
        ("region:us-esat-1", "No region goes by “us-esat-1”. Did you mean us-east-1?"),
        ("service:dynamodbb", "No service goes by “dynamodbb”. Did you mean dynamodb?"),
        ("cause:gremlins", "“gremlins” is no cause"),
        ("after:yesterday", "“yesterday” is no since: Write a year, month, day or minute in UTC"),
    ],
)
def test_operator_with_a_mistake_is_told_and_left_out(text: str, told: str) -> None:
    asked = parse(f"{text} dns")
    assert asked.words == "dns"
    assert not asked.filters
    assert asked.mistakes[0].startswith(told)


def outage(number: int, title: str, text: str = "", **fields: object) -> Incident:
    """An outage of AWS, each a day after the one before, with one post."""
    at = NOON + number * DAY
    post = make_post(text or title, at)
    report = make_report(f"aws-rss:{number}", said_at=at, title=title, posts=(post,), **fields)
    linking.link(keep(report))
    return Incident.objects.live().get(accounts__report__key=f"aws-rss:{number}")


def slugs(text: str, *, by_time: bool = False) -> list[str]:
    index_changed()
    found = find(parse(text), by_time=by_time)
    names = dict(Incident.objects.values_list("pk", "slug"))
    return [names[match.pk] for match in found.matches]


def test_title_tells_more_than_a_post_and_newest_is_first_among_equals() -> None:
    title = outage(1, "DNS failures", "All is well.")
    later = outage(2, "DNS failures", "All is well.")
    post = outage(3, "Errors", "Resolving names failed: DNS.")
    outage(4, "Errors", "Disks.")
    assert slugs("dns") == [later.slug, title.slug, post.slug]
    assert slugs("dns", by_time=True) == [post.slug, later.slug, title.slug]
    assert slugs("dns -well") == [post.slug]
    assert slugs('"resolving names"') == [post.slug]
    assert len(slugs("disks OR dns")) == 4


def test_outage_that_reached_somebody_comes_before_its_like() -> None:
    quiet, reached = outage(2, "DNS failures"), outage(1, "DNS failures")
    make_hit(reached, "coinbase")
    index_changed()
    assert slugs("dns") == [reached.slug, quiet.slug]


def test_names_codes_and_aliases_find_what_was_touched() -> None:
    load_vocabulary()
    found = outage(1, "Errors", "Something failed.", regions=["aws:us-east-1"])
    outage(2, "Errors", "Something failed.", regions=["aws:eu-west-1"])
    for text in ("virginia", "us-east-1", "aws:us-east-1", "region:us-east-1", "errors region:virginia"):
        assert slugs(text) == [found.slug], text


def test_incident_is_found_by_its_number() -> None:
    incident = outage(1, "Errors")
    outage(2, "Errors")
    assert slugs(incident.slug.lower()) == [incident.slug]


def test_words_follow_what_the_incident_tells() -> None:
    incident = outage(1, "Errors", "Disks failed.")
    assert slugs("disks") == [incident.slug]
    linking.link(keep(make_report("aws-rss:1", said_at=NOON + DAY, posts=(make_post("Networks failed."),))))
    assert slugs("disks") == []
    assert slugs("networks") == [incident.slug]
    Incident.objects.filter(pk=incident.pk).update(is_withdrawn=True)
    assert slugs("networks") == []
    assert not IncidentWords.objects.exists()


def test_a_word_that_stands_everywhere_costs_no_more_than_the_newest() -> None:
    provider = make_provider("aws")
    Incident.objects.bulk_create(
        Incident(
            slug=f"INC-2020-{number:04d}", title="Errors", provider=provider, started_at=NOON + number * DAY
        )
        for number in range(MOST + 5)
    )
    index_changed()
    found = find(parse("errors"), by_time=False)
    assert (len(found.matches), found.is_capped) == (MOST, True)
    assert min(match.started_at for match in found.matches if match.started_at) == NOON + 5 * DAY


def test_typing_errors_are_mended_to_known_names() -> None:
    assert meant("coinbse outage") == "coinbase outage"
    assert meant("us-esat-1 dynamodbb") == "us-east-1 dynamodb"
    for right in ("dynamodb", "us-east-1", "US-EAST-1 dynamodb", "qqqqzzzz", "a-b"):
        assert meant(right) == ""


def test_entities_go_by_every_name() -> None:
    load_vocabulary()
    entities.own_names.cache_clear()
    entities.known_names.cache_clear()
    assert entities.entities_named("coinbase")[0].url == "/organisations/coinbase/"
    assert entities.entities_named("us-east-1")[0].slug == "aws:us-east-1"
    named = entities.entities_named("virginia")
    assert "aws:us-east-1" in {entity.slug for entity in named}
    assert entities.entities_named("x") == []


def test_page_shows_marked_passages_and_facets(client: Client) -> None:
    outage(1, "DNS failures", "The DNS of 1 < 2 zones failed.")
    outage(2, "Slow disks", "Disks, not DNS.", regions=["aws:eu-west-1"])
    index_changed()
    page = client.get("/search/", {"q": "dns"}).content.decode()
    assert "<mark>DNS</mark> of 1 &lt; 2 zones failed" in page
    assert "Year" not in page, "one value is no choice"
    assert 'value="dns"' in page
    assert "/incidents/INC-2025-0001/" in page


def test_what_narrows_is_called_as_people_say_it_and_years_stand_in_the_order_of_time(client: Client) -> None:
    for number, provider in enumerate(("aws", "aws", "gcp"), start=1):
        make_incident(
            f"INC-2024-000{number}",
            title="Endpoints lose their names",
            provider=provider,
            cause="capacity-overload" if number == 1 else "dns",
            started_at=NOON - number * 400 * DAY,
        )
    index_changed()
    page = client.get("/search/", {"q": "endpoints"}).content.decode()
    narrow = page[page.index('aria-label="Narrow by"') :]
    assert ">Amazon Web Services<" in narrow
    assert ">capacity overload<" in narrow
    years = re.findall(r">(20\d\d)<", narrow)
    assert len(years) == 3
    assert years == sorted(years, reverse=True)


def test_news_are_found_and_not_reprinted(client: Client) -> None:
    make_provider("aws")
    make_source("herald", publisher_kind=PublisherKind.PRESS)
    post = make_post("The exclusive story of gremlins.")
    linking.link(keep(make_report("web:1", source="herald", kind=DocumentKind.NEWS, posts=(post,))))
    index_changed()
    page = client.get("/search/", {"q": "gremlins"}).content.decode()
    assert "Increased error rates" in page
    assert "exclusive story" not in page


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?q=",
        "?q=%00",
        "?q=%22",
        "?q=:*%26%7C!(",
        "?q=dns&page=999999999",
        "?q=dns&page=-1&order=x",
        "?q=" + "a" * 5000,
    ],
)
def test_whatever_is_asked_there_is_a_page(client: Client, query: str) -> None:
    outage(1, "DNS failures")
    index_changed()
    assert client.get(f"/search/{query}").status_code == 200


def test_mistake_and_suggestion_are_told(client: Client) -> None:
    page = client.get("/search/", {"q": "coinbse"}).content.decode()
    assert "Did you mean" in page and "?q=coinbase" in page
    page = client.get("/search/", {"q": "provider:nobody dns"}).content.decode()
    assert "No provider goes by “nobody”." in page


def test_queries_do_not_grow_with_what_is_found(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_organisation("coinbase")
    for number in range(25):
        make_hit(outage(number, "DNS failures"), "coinbase")
    index_changed()
    client.get("/search/?q=dns")
    with django_assert_max_num_queries(12):
        page = client.get("/search/?q=dns").content.decode()
    assert "page 1 of 2" in page


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("7 December 2021", "", "2021-12-07"),
        ("aws outage on Dec. 7th, 2021", "aws outage on", "2021-12-07"),
        ("coinbase 2021-12-07", "coinbase", "2021-12-07"),
        ("tokyo april 2025", "tokyo", "2025-04"),
        ("Sept 2022 dns", "dns", "2022-09"),
    ],
)
def test_a_day_or_a_month_among_the_words_narrows_to_it(text: str, words: str, day: str) -> None:
    asked = parse(text)
    assert (asked.words, asked.filters["since"], asked.filters["until"]) == (words, day, day)
    assert not asked.mistakes and asked.form.is_valid()


def test_a_date_in_a_phrase_or_beside_an_operator_of_time_stays_what_it_is() -> None:
    phrase = '"as of 7 December 2021"'
    assert parse(phrase).words == phrase and not parse(phrase).filters
    asked = parse("7 December 2021 after:2020")
    assert asked.words == "7 December 2021" and asked.filters.getlist("since") == ["2020"]
    assert parse("may 2 errors").words == "may 2 errors"


def test_a_day_that_no_calendar_has_is_told_and_left_out() -> None:
    asked = parse("dns 31 February 2021")
    assert asked.words == "dns" and not asked.filters
    assert "2021-02-31" in asked.mistakes[0]


def test_words_of_a_name_are_found_in_their_order_only() -> None:
    titles = (
        "Errors in us-east-1",
        "Errors in us-east-2, 1 of 3 zones",
        "A failover of us-east-1 with errors",
    )
    here, there, last = (
        make_incident(f"INC-2025-{number:04d}", title=title, regions=[])
        for number, title in enumerate(titles)
    )
    index_changed()
    assert {match.pk for match in find(parse("errors us-east-1"), by_time=False).matches} == {
        here.pk,
        last.pk,
    }
    unwanted = find(parse('errors -"us-east-1"'), by_time=False)
    assert [match.pk for match in unwanted.matches] == [there.pk]
