"""The page of one incident: every fact with its sentence and source, every hit with its evidence."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from incidents.linking import link
from incidents.models import Incident, Service
from nlp.document import DocumentKind, Evidence, Field, Origin, Relevance
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_account,
    make_fact,
    make_hit,
    make_impact,
    make_incident,
    make_organisation,
    make_post,
    make_provider,
    make_report,
    make_source,
    make_time,
)

pytestmark = pytest.mark.django_db
Counting = Callable[[int], AbstractContextManager[Any]]
SENTENCE = "The errors were caused by missing DNS records."
STORY = "We saw errors. " + SENTENCE
LONG = "The exchange said that it could not reach " + "the cloud " * 60 + "for hours."


def tell() -> Incident:
    """AWS tells of an outage in two posts; a newspaper, which gives another end, of whom it hit."""
    make_organisation("coinbase")
    make_source("gazette", publisher_kind="press", publisher="The Gazette")
    cause = make_fact(
        Field.CAUSE, "dns", evidence=Evidence(passage=0, start=15, end=len(STORY)), origin=Origin.TEXT
    )
    own = make_report(
        "aws-rss:1",
        make_time(Field.STARTED_AT, NOON - HOUR),
        make_time(Field.ENDED_AT, NOON + 3 * HOUR),
        cause,
        title="DNS trouble",
        posts=(
            make_post(STORY, NOON, ref="1"),
            make_post("All is well again.", NOON + DAY, ref="2", status="Resolved"),
        ),
    )
    press = make_report(
        "web:gazette",
        source="gazette",
        kind=DocumentKind.NEWS,
        url="https://gazette.example/dns",
        title="Cloud fails, exchange stops",
        posts=(make_post(f"Secret prose of the paper. {LONG}", NOON + 2 * HOUR),),
        accounts=(
            make_account(
                make_time(Field.STARTED_AT, NOON - HOUR),
                make_time(Field.ENDED_AT, NOON + HOUR),
                make_fact(Field.REGION, "aws:us-east-1"),
                make_impact(
                    "coinbase",
                    evidence=Evidence(passage=0, start=27, end=27 + len(LONG)),
                    origin=Origin.TEXT,
                ),
                is_strong=False,
                relevance=Relevance.PROVIDER_INCIDENT,
            ),
        ),
    )
    link(keep(own, press))
    return Incident.objects.live().get()


def page_of(client: Client, incident: Incident) -> str:
    response = client.get(incident.get_absolute_url())
    assert response.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def test_each_fact_opens_the_sentence_that_proves_it(client: Client) -> None:
    page = page_of(client, tell())
    cause = re.search(r"<dt>Cause</dt>(.*?)</dd>", page)
    assert cause
    assert "dns" in cause[1]
    assert "1 publisher" in cause[1]
    assert f'<span class="around">We saw errors. </span>“<mark>{SENTENCE}</mark>”' in cause[1]
    assert re.search(r'href="#post-(\d+)">in its post</a>', cause[1])
    assert 'href="https://status.aws.example/"' in cause[1]


def test_values_that_differ_stand_in_plain_sight(client: Client) -> None:
    page = page_of(client, tell())
    ended = re.search(r"<dt>Ended</dt>(.*?)</dd>", page)
    assert ended
    assert "2 values" in ended[1]
    summary = ended[1][: ended[1].index("</summary>")]
    assert "2 publishers, 2 values" in summary
    assert summary.index("2025-10-20 15:00") < summary.index("differs:") < summary.index("2025-10-20 13:00")
    assert "The Gazette" in summary
    assert "Chosen by the rule: its own structured field" in ended[1]
    assert re.search(r'class="side for".*class="side against".*The Gazette', ended[1])


def test_a_fact_without_a_sentence_names_the_field_it_was_read_from(client: Client) -> None:
    began = re.search(r"<dt>Began</dt>(.*?)</dd>", page_of(client, tell()))
    assert began
    assert "<code>started_at</code>" in began[1]


def test_posts_stand_in_order_of_time_parted_by_days(client: Client) -> None:
    page = page_of(client, tell())
    page = page[page.index("What was said") :]
    places = [
        page.index(part)
        for part in ("Monday 20 October 2025", ">We saw errors.", "Tuesday 21 October 2025", "All is well")
    ]
    assert places == sorted(places)
    assert "<span>Resolved</span>" in page


def test_words_that_were_said_before_are_folded_away(client: Client) -> None:
    posts = (make_post("No news yet.", NOON, ref="1"), make_post("No  news\nyet.", NOON + HOUR, ref="2"))
    link(keep(make_report(posts=posts)))
    page = page_of(client, Incident.objects.get())
    assert page.count("the same words again") == 1


def test_of_news_only_proving_sentences_are_shown_and_no_more_than_300_characters(client: Client) -> None:
    page = page_of(client, tell())
    assert "Secret prose" not in page
    assert "Cloud fails, exchange stops" in page
    quoted = re.findall(r"“(?:<mark>)?(The exchange said[^”<]*)(?:</mark>)?”", page)
    assert quoted
    assert all(len(words) <= 300 and words.endswith("…") for words in quoted)


def test_what_is_alike_is_named_as_people_say_it(client: Client) -> None:
    provider = make_provider("aws")
    Service.objects.create(slug="aws:dynamodb", provider=provider, name="Amazon DynamoDB")
    make_organisation("coinbase", name="Coinbase")
    for number in (1, 2):
        facts = (make_fact(Field.SERVICE, "aws:dynamodb"), make_impact("coinbase"))
        start = make_time(Field.STARTED_AT, NOON + number * 40 * DAY)
        link(keep(make_report(f"aws-rss:{number}", start, *facts, title="Tables cannot be read")))
    page = page_of(client, Incident.objects.latest("started_at"))
    assert "same service: Amazon DynamoDB; reached as well: Coinbase" in page


def test_hits_tell_their_grade_and_their_words(client: Client) -> None:
    page = page_of(client, tell())
    hits = page[page.index("Whom it reached") : page.index("What was said")]
    assert 'href="/organisations/coinbase/"' in hits
    assert "reported by press" in hits
    assert "The exchange said" in hits


def test_a_hit_names_the_pages_by_which_its_teller_proves_it(client: Client) -> None:
    tell()
    make_source("forum", publisher="The Forum", publisher_kind="press")
    url = "https://forum.example/thread"
    thread = make_report(f"web:{url}", source="forum", url=url, is_read=False, posts=(), accounts=())
    cites = [make_fact(Field.LINK, url, subject=subject) for subject in ("incident", "organisation:coinbase")]
    told = (make_time(Field.STARTED_AT, NOON + 40 * DAY), make_impact("coinbase"), *cites)
    link(keep(thread, make_report("aws-rss:2", *told, title="Tables cannot be read")))
    page = page_of(client, Incident.objects.latest("started_at"))
    hits = page[page.index("Whom it reached") : page.index("What was said")]
    assert f'as told by <a href="{url}" rel="noreferrer">The Forum</a>' in hits
    assert "1 for" in hits
    assert "citing 1 page" in page


def test_only_the_first_of_many_values_that_differ_stand_in_plain_sight(client: Client) -> None:
    tell()
    for number in range(3):
        ended = make_time(Field.ENDED_AT, NOON + (5 + number) * HOUR)
        told = (make_time(Field.STARTED_AT, NOON - HOUR), ended)
        make_source(f"aws-{number}", publisher=f"Feed {number}", provider="aws")
        link(keep(make_report(f"aws-rss:1{number}", *told, source=f"aws-{number}", title="DNS trouble")))
    ended = re.search(r"<dt>Ended</dt>(.*?)</summary>", page_of(client, Incident.objects.get()))
    assert ended
    assert ended[1].count("differs:") == 2
    assert "and 2 more values" in ended[1]


def test_how_late_the_first_word_came_is_told(client: Client) -> None:
    assert re.search(r"first public post</dt><dd class=\"value\">\+1 h<", page_of(client, tell()))


def test_pages_that_are_cited_and_not_read_are_named_as_such(client: Client) -> None:
    make_source("pages", publisher_kind="press")
    keep(
        make_report(
            "web:https://forum.example/thread",
            source="pages",
            title="A thread",
            url="https://forum.example/thread",
            is_read=False,
            posts=(),
            accounts=(),
        )
    )
    cites = make_fact(Field.LINK, "https://forum.example/thread")
    link(keep(make_report("aws-rss:9", cites)))
    page = page_of(client, Incident.objects.live().get())
    assert '<a href="https://forum.example/thread" rel="noreferrer">A thread</a>' in page
    assert "cited, page not read" in page


def test_candidates_and_rejected_hits_are_told_apart(client: Client) -> None:
    incident = make_incident()
    make_hit(incident, "kraken", grade="overlap", status="candidate")
    make_hit(incident, "gemini", grade="overlap", status="rejected")
    page = page_of(client, incident)
    assert "candidate, not accepted" in page
    assert re.search(r"What speaks against.*Gemini.*rejected", page)


def test_lag_of_a_hit_counts_from_the_start_of_the_outage(client: Client) -> None:
    incident = make_incident()
    make_hit(incident, "kraken", started_at=NOON + timedelta(minutes=12))
    make_hit(incident, "gemini", started_at=NOON - timedelta(minutes=5))
    page = page_of(client, incident)
    assert "+12 min" in page
    assert "5 min before" in page


def test_an_organisations_own_incident_names_what_it_is_put_down_to(client: Client) -> None:
    outage = make_incident("INC-2025-0001", title="Cloud down")
    own = make_incident("INC-2025-0002", title="Trading halted", organisation="coinbase")
    make_hit(outage, "coinbase", own_incident=own)
    assert "INC-2025-0001 Cloud down" in page_of(client, own)
    assert "INC-2025-0002" in page_of(client, outage)


def test_a_merged_number_leads_to_the_live_one(client: Client) -> None:
    live = make_incident("INC-2025-0001")
    make_incident("INC-2025-0002", shown_as=live)
    response = client.get("/incidents/INC-2025-0002/")
    assert (response.status_code, response["Location"]) == (302, "/incidents/INC-2025-0001/")


def test_a_withdrawn_number_says_so(client: Client) -> None:
    make_incident(is_withdrawn=True, status="withdrawn")
    response = client.get("/incidents/INC-2025-0001/")
    assert response.status_code == 410
    assert b"This number is withdrawn" in response.content


def test_a_number_in_small_letters_leads_to_its_page(client: Client) -> None:
    make_incident()
    assert client.get("/incidents/inc-2025-0001/")["Location"] == "/incidents/INC-2025-0001/"


def test_a_number_never_given_is_not_found(client: Client) -> None:
    response = client.get("/incidents/INC-1999-0001/")
    assert response.status_code == 404
    assert b"There is nothing here" in response.content


def test_neighbours_are_those_of_the_same_owner(client: Client) -> None:
    make_incident("INC-2025-0001", title="Older", started_at=NOON - DAY)
    make_incident("INC-2025-0002", title="Other cloud", provider="gcp", started_at=NOON - HOUR)
    here = make_incident("INC-2025-0003", title="Here")
    make_incident("INC-2025-0004", title="Newer", started_at=NOON + DAY, ended_at=NOON + DAY)
    page = page_of(client, here)
    assert re.search(r'rel="prev" href="/incidents/INC-2025-0001/"', page)
    assert re.search(r'rel="next" href="/incidents/INC-2025-0004/"', page)


def test_queries_do_not_grow_with_reports_posts_and_hits(
    client: Client, django_assert_max_num_queries: Counting
) -> None:
    incident = tell()
    with django_assert_max_num_queries(12):
        client.get(incident.get_absolute_url())
    for number in range(12):
        make_hit(incident, f"exchange-{number}")
    posts = tuple(make_post(f"Word {n}", NOON + n * HOUR, ref=str(n)) for n in range(30))
    link(keep(make_report("aws-rss:1", make_time(Field.STARTED_AT, NOON - HOUR), posts=posts)))
    with django_assert_max_num_queries(12):
        client.get(incident.get_absolute_url())
