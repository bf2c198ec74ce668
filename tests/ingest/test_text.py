"""Markup becomes the words that a reader would see, in time that grows with its length only."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import MAX_LENGTH, UNPRINTABLE, one_line, plain_text, printable, tidy

SHOWN = [
    ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
    ("One.<br>Two.<br /><br />Three.", "One.\nTwo.\n\nThree."),
    ("<ul><li>a</li>\n<li>b</li></ul>", "a\n\nb"),
    ("<p>wrapped\n   in the source</p>", "wrapped in the source"),
    ("plain\ntext\r\n\r\n\r\n\r\nof lines", "plain\ntext\n\nof lines"),
    ("<b>bold</b>er", "bolder"),
    ("AT&amp;T &lt;us-east-1&gt; 5 &lt; 6", "AT&T <us-east-1> 5 < 6"),
    ("less than 5% < 6%, 3<4", "less than 5% < 6%, 3<4"),
    ("once&nbsp;and&amp;nbsp;twice &amp;amp; more", "once and twice & more"),
    ("&lt;p&gt;escaped &lt;b&gt;twice&lt;/b&gt;&lt;/p&gt;", "escaped twice"),
    ("the &lt;select&gt; element", "the <select> element"),
    ('<a href="https://example.com">this page</a>', "this page"),
    ("<script>alert(1)</script>text<style>p{}</style>", "text"),
    ("<p>before<!-- hidden -->after</p>", "beforeafter"),
    ("a\0b\x07c\u202edc\u200bb\ufeff\ud800", "abcdcb"),
    ("caf\xe9 取引所 🚨 👩‍💻", "caf\xe9 取引所 🚨 👩‍💻"),
    ("", ""),
]


@pytest.mark.parametrize(("markup", "words"), SHOWN, ids=[words[:20] for _, words in SHOWN])
def test_shows_the_words(markup: str, words: str) -> None:
    assert plain_text(markup) == words


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        '<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<div>" * 200 + "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
    ],
)
def test_leaves_no_element_of_an_attack(markup: str) -> None:
    assert "<script" not in plain_text(markup)
    assert "<img" not in plain_text(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 50_000,
        "<div></p>" * 28_000,
        "<b></i>" * 36_000,
        "<" * 500_000,
        "<!--" * 60_000,
        "<a " * 80_000,
        '<a "' * 60_000,
        "<script" * 36_000,
        "<p>x" * 60_000,
        "&amp;" * 50_000,
        " \n" * 120_000,
        "<table><b>" * 20_000,
    ],
    ids=lambda markup: markup[:12],
)
def test_takes_no_long_time_over_anything(markup: str) -> None:
    begun = time.process_time()
    plain_text(markup)
    assert time.process_time() - begun < 1.5


@given(st.text(alphabet=st.one_of(st.sampled_from(" \n\r\t\xa0\u2028ab"), st.characters()), max_size=80))
def test_text_that_is_plain_is_tidied_as_any_other(text: str) -> None:
    quickly = tidy(text), printable(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.text.is_plain", lambda text: False)
        assert quickly == (tidy(text), printable(text))


@given(st.text(alphabet=st.characters(codec=None), max_size=400))
def test_text_is_printable_and_stays_as_it_is_when_tidied_again(text: str) -> None:
    tidied = tidy(text)
    assert not UNPRINTABLE.search(tidied)
    assert tidy(tidied) == tidied


def test_a_title_is_one_line() -> None:
    assert one_line("  Trading\n<br>halted &amp; resumed ") == "Trading halted & resumed"


def test_a_text_of_any_length_is_cut() -> None:
    assert len(plain_text("x" * (MAX_LENGTH + 10))) == MAX_LENGTH
