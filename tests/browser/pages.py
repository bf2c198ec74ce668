"""The public pages that every browser test of craft walks, and the record behind them.

A new page is a line in PAGES; what it needs on record beside what is here is made in `make_record`.
"""

from __future__ import annotations

from datetime import timedelta

from incidents.linking import link
from incidents.models import Dependency, Incident, Proof, Region, Service, User, Watch
from incidents.postmortems.template_loading import load_templates
from incidents.refreshing import refresh
from nlp.document import Field
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    keep,
    make_hit,
    make_incident,
    make_organisation,
    make_post,
    make_postmortem,
    make_provider,
    make_published,
    make_report,
    make_source,
    make_team,
    make_time,
    make_user,
)

PAGES = [
    "/",
    "/timeline/?since=2025-10-18&until=2025-10-26",
    "/timeline/",
    "/timeline/?compare=region:aws:us-east-1&compare=exchange:coinbase",
    "/timeline/?q=nothing-of-the-kind",
    "/incidents/",
    "/incidents/?severity=minor&since=2020",
    "/incidents/INC-2025-0001/",
    "/organisations/coinbase/",
    "/regions/aws:us-east-1/",
    "/services/aws:dynamodb/",
    "/providers/aws/",
    "/providers/",
    "/regions/",
    "/services/",
    "/exchanges/",
    "/search/",
    "/search/?q=endpoint",
    "/search/?q=enpoint",
    "/insights/",
    "/insights/concentration/",
    "/graph/",
    "/graph/?focus=region:aws:us-east-1",
    "/graph/edges/",
    "/graph/what-if/",
    "/graph/what-if/?fail=region:aws:us-east-1",
    "/organisations/coinbase/report-card/",
    "/explain/",
    "/postmortems/",
    "/postmortems/of/INC-2025-0001/",
    "/sources/",
    "/about/",
    "/accounts/login/",
    "/nothing/here/",
]
"""Addresses of pages that a stranger sees."""
OWN_PAGES = [
    "/account/",
    "/accounts/email/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/teams/",
    "/teams/matching/",
    "/teams/matching/edit/",
    "/teams/matching/history/",
    "/people/",
    "/watches/",
    "/watches/new/?region=aws:us-east-1",
    "/watches/{watch}/",
    "/review/",
    "/review/decided/",
    "/review/corrections/",
    "/review/incidents/INC-2025-0001/",
    "/reports/new/",
    "/graph/edges/new/",
    "/postmortems/",
    "/postmortems/mine/",
    "/postmortems/new/",
    "/postmortems/import/",
    "/postmortems/actions/",
    "/postmortems/{published}/",
    "/postmortems/{draft}/edit/",
    "/postmortems/{draft}/review/",
    "/postmortems/{draft}/history/",
]
"""Addresses of pages that one must sign in for. The words in braces are filled from what stands on record."""
DRAWS = (
    "/timeline/",
    "/organisations/",
    "/regions/aws:",
    "/services/aws:",
    "/providers/aws/",
    "/insights/",
    "/graph/",
)
"""How the addresses begin of pages that draw charts, and so load what draws them."""


def make_record() -> None:
    """A week with one large outage that reached two exchanges, years of smaller ones, and an own incident."""
    aws = make_provider("aws", name="Amazon Web Services")
    region = Region.objects.create(slug="aws:us-east-1", provider=aws, code="us-east-1", name="N. Virginia")
    make_source("aws-status", publisher="Amazon Web Services")
    posts = (make_post("We see errors.", NOON, ref="1"), make_post("All is well.", NOON + DAY, ref="2"))
    times = (make_time(Field.STARTED_AT, NOON - HOUR), make_time(Field.ENDED_AT, NOON + 9 * HOUR))
    link(keep(make_report("aws-rss:1", *times, title="Endpoint loses its records", posts=posts)))
    outage = Incident.objects.get()
    make_hit(outage, "coinbase", started_at=NOON, ended_at=NOON + 4 * HOUR)
    make_hit(outage, "kraken")
    for number in range(2, 9):
        start = NOON - number * 200 * DAY
        make_incident(
            f"INC-2024-{number:04d}",
            title="A name without a break " + "x" * 80,
            started_at=start,
            ended_at=start + timedelta(hours=number),
            cause="power",
            end_state="known" if number % 3 else "unknown",
        )
        make_incident(
            f"INC-2023-{number:04d}",
            organisation="coinbase",
            started_at=start,
            ended_at=start + timedelta(minutes=20 * number),
            severity="minor",
            cause="capacity-overload",
        )
    on = {"target": "region:aws:us-east-1", "on_region": region}
    edge = Dependency.objects.create(organisation=make_organisation(), relation="hosted-on", **on)
    Proof.objects.create(dependency=edge, publisher="Coinbase", about="page", grade="own-statement")
    Service.objects.create(slug="aws:dynamodb", provider=aws, name="Amazon DynamoDB")
    refresh()


def make_own_record() -> tuple[User, dict[str, str]]:
    """Somebody who may open every one of OWN_PAGES, and the words that fill their braces."""
    ada = make_user("ada", email="ada@example.org", is_superuser=True, is_staff=True)
    team = make_team("matching", ada="lead", ben="reviewer")
    load_templates()
    outage = Incident.objects.get(slug="INC-2025-0001")
    make_hit(outage, "binance", status="candidate")
    watch = Watch.objects.create(person=ada, name="Virginia", query="region=aws:us-east-1", channel="email")
    published = make_published("public", team=team, title="Orders stood still")
    draft = make_postmortem("Withdrawals stopped", team=team)
    return ada, {"watch": str(watch.pk), "published": published.slug, "draft": draft.slug}
