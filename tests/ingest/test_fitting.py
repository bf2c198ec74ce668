"""What a source writes into names and addresses, fitted to what the record can hold and pages may show."""

from __future__ import annotations

import pytest

from incidents.models import Report
from ingest.entries import Entry, EntryPost
from ingest.fitting import fitted
from nlp.document import DocumentKind
from tests.ingest.bodies import google, make_feed, take

HOSTILE = "a\0b\u202ec"


def entry(url: str = "https://status.example/1", *posts: EntryPost, key: str = "k:1") -> Entry:
    return Entry(key, url, "Errors", posts, "{}", DocumentKind.PROVIDER_STATUS)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://status.example/1", "https://status.example/1"),
        (" HTTP://status.example/1\n", "HTTP://status.example/1"),
        ("https://status.example/\0\u202e1", "https://status.example/1"),
        ("javascript:alert(1)", ""),
        ("java\0script:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//status.example/1", ""),
        ("/incidents/1", ""),
        ("", ""),
    ],
)
def test_only_what_leads_to_a_page_is_an_address(told: str, kept: str) -> None:
    assert fitted(entry(told)).url == kept


def test_names_hold_only_what_prints() -> None:
    told = fitted(entry("", EntryPost(HOSTILE, "Errors.", status=HOSTILE), key=HOSTILE))
    assert (told.key, told.posts[0].ref, told.posts[0].status) == ("abc", "abc", "abc")


def test_posts_whose_refs_differ_by_what_does_not_print_are_told_apart() -> None:
    told = fitted(entry("", EntryPost("r\0", "One."), EntryPost("r", "Two.")))
    assert [post.ref for post in told.posts] == ["r", "r#2"]


@pytest.mark.parametrize("length", [451, 10_000])
def test_a_key_that_no_cut_leaves_true_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="a key of"):
        fitted(entry(key="k" * length))


@pytest.mark.django_db
def test_one_item_of_hostile_names_is_kept_and_keeps_no_other_out() -> None:
    hostile = google("Zz\0Zz", uri="javascript:alert(1)//\0", severity="\0")
    nameless = google("\0", updates="\0")
    take(make_feed(), hostile, nameless, google("AbCd"))
    kept = dict(Report.objects.values_list("key", "url"))
    assert kept.keys() == {"gcp:AbCd", "gcp:ZzZz"}
    assert kept["gcp:ZzZz"] == ""
