"""What stopped working at an organisation that was hit: login, trading, deposits and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.document import Document, DocumentKind, Impairment, Passage
from nlp.findings import Found
from nlp.phrases import Phrases
from nlp.sentences import Sentence, Text
from nlp.trouble import TROUBLE

WORDS: Phrases[Impairment] = Phrases(
    [
        ("login/logins/logging/log/sign/signing in/into", Impairment.LOGIN),
        ("login/logins/authentication/authenticate", Impairment.LOGIN),
        ("access .. account/accounts/app/website/site/platform/platforms", Impairment.LOGIN),
        ("accessing .. account/accounts/app/website/site/sites/platform", Impairment.LOGIN),
        (
            "app/apps/website/websites/site/platform . unavailable/unreachable/inaccessible/down",
            Impairment.LOGIN,
        ),
        ("reach/reaching the? exchange/site/app/platform", Impairment.LOGIN),
        ("spot", Impairment.SPOT),
        ("trading/trade/trades", Impairment.SPOT),
        ("order/orders", Impairment.SPOT),
        ("buy/buying/sell/selling", Impairment.SPOT),
        ("futures/perpetual/perpetuals/derivatives/options/margin/contracts", Impairment.DERIVATIVES),
        ("deposit/deposits", Impairment.DEPOSITS),
        ("withdrawal/withdrawals/withdraw/withdrawing", Impairment.WITHDRAWALS),
        ("sends/receives/transfers", Impairment.WITHDRAWALS),
        ("api/apis", Impairment.API),
        ("market/price/trading data", Impairment.MARKET_DATA),
        ("price feed/feeds/display/displays/chart/charts/quotes", Impairment.MARKET_DATA),
        ("charts/quotes/balances", Impairment.MARKET_DATA),
        ("fiat", Impairment.FIAT),
        ("bank/wire/card/ach/sepa transfers/transfer/payments/purchases/deposits", Impairment.FIAT),
    ]
)
STOPS: Phrases[int] = Phrases(
    [
        ("unable/failed/inability/struggled to", 1),
        ("suspend*/halt*/paus*/stop/stopped/frozen/froze/delay/delays/delayed/disrupted/disruption*", 1),
        ("fail*/error/errors/issue/issues/problem/problems/difficult*/trouble/intermittent", 1),
        ("unreachable/disturb*/disrupt*", 1),
        ("unavailable/inaccessible/offline/down/interrupted/interruption*/impacted/affected/hindered", 1),
        ("could/can not", 1),
        ("cannot", 1),
    ]
)
SPARED = re.compile(
    r"\b(?:unaffected|continu\w+|remain\w*|normal(?:ly)?|resum\w+|restored|without|no impact|"
    r"(?:not|never|no) (?:\w+ ){0,2}(?:affect|impact|disrupt|impair|interrupt)\w*)\b"
)
CLAUSE = re.compile(r"[;,]\s|\s(?:but|while|although|and did not)\s")


def read_impairments(text: Text, within: Iterable[Sentence]) -> list[Found]:
    """Each impairment once, out of the sentences that tell of one organisation."""
    words, stops, trouble = text.find(WORDS), text.find(STOPS), text.find(TROUBLE)
    found: dict[Impairment, Found] = {}
    for sentence in within:
        if sentence not in words or not (sentence in stops or sentence in trouble):
            continue
        low = text.low[sentence]
        for spot in words[sentence]:
            if not SPARED.search(clause(low, spot.start, spot.end)):
                found.setdefault(spot.payload, Found(spot.payload, sentence, "impairment:words", 0.7))
    return list(found.values())


def impairments_in(words: str) -> list[str]:
    """What stopped working, by one line that tells of one organisation."""
    text = Text(Document("", DocumentKind.NEWS, (Passage(words),)))
    return [found.value for found in read_impairments(text, text.sentences)]


def clause(low: str, start: int, end: int) -> str:
    """The part of the sentence between the nearest marks around a word."""
    left = max((mark.end() for mark in CLAUSE.finditer(low, 0, start)), default=0)
    right = CLAUSE.search(low, end)
    return low[left : right.start() if right else len(low)]
