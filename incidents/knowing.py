"""An incident as it was public at some moment: its row and its hits, drawn by today's rules and links.

Nothing is stored: what comes back are copies that pages print like the stored ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime, timedelta

from incidents.concluding import conclude
from incidents.dossier import Dossier
from incidents.hits import Hit, grade_hits, stands
from incidents.impacts import columns_of, outage_of
from incidents.models import Impact, Incident, Organisation
from incidents.reliance import Dependence
from incidents.showing import put

MOST_MOMENTS = 240
STATE = re.compile(
    r"^\s*\[?(?:resolved|mitigated|monitoring|identified|rca|(?:preliminary |final )?post[- ]incident review|"
    r"post[- ]?mortem)\]?\s*[:–-]?\s+",
    re.IGNORECASE,
)
"""What a title that was reworded at the end says of how it ended."""


def incident_at(dossier: Dossier, incident: Incident, at: datetime) -> Incident:
    """The incident's row as it would have been shown then."""
    row = copy(incident)
    put(row, conclude(dossier.told(incident), at), (None, None))
    row.title = STATE.sub("", row.title)
    return row


def impacts_at(dossier: Dossier, row: Incident, at: datetime, edges: Iterable[Dependence]) -> list[Impact]:
    """Its hits as they would have been shown then; which outages lie beside it is as today."""
    stored = {impact.organisation.slug: impact for impact in dossier.impacts}
    own: dict[int | None, Incident] = {
        impact.own_incident_id: incident_at(dossier, impact.own_incident, at)
        for impact in dossier.impacts
        if impact.own_incident is not None and impact.own_incident_id in dossier.tellers
    }
    hits = grade_hits(
        outage_of(row),
        dossier.told(dossier.incident),
        own=[outage_of(one) for one in own.values() if one.report_count],
        dependencies=[edge for edge in edges if edge.known_at and edge.known_at <= at],
        rulings=dossier.hit_rulings,
        at=at,
    )
    found = [
        drawn(hit, row, stored[hit.organisation].organisation, own)
        for hit in hits
        if hit.organisation in stored
    ]
    row.hit = [hit.organisation for hit in hits if hit.organisation in stored and stands(hit)]
    return found


def drawn(hit: Hit, row: Incident, organisation: Organisation, own: Mapping[int | None, Incident]) -> Impact:
    columns = columns_of(hit)
    columns["own_incident"] = own.get(columns.pop("own_incident_id"))
    return Impact(incident=row, organisation=organisation, **columns)


def moments(dossier: Dossier) -> list[datetime]:
    """When what was public of it changed, oldest first; of very many, some of them."""
    changes = {claim.seen_at for claim in dossier.all_claims} | {post.seen_at for post in dossier.all_posts}
    changes |= {teller.seen_at for found in dossier.tellers.values() for teller in found}
    changes |= {claim.gone_at for claim in dossier.all_claims if claim.gone_at}
    changes |= {post.gone_at for post in dossier.all_posts if post.gone_at}
    changes |= {verdict.made_at for verdict in dossier.verdicts if verdict.incident_id}
    changes |= {verdict.retracted_at for verdict in dossier.verdicts if verdict.retracted_at}
    distinct = sorted({minute_after(moment) for moment in changes})
    if len(distinct) <= MOST_MOMENTS:
        return distinct
    step = (len(distinct) - 1) / (MOST_MOMENTS - 1)
    return [distinct[round(number * step)] for number in range(MOST_MOMENTS)]


def minute_after(moment: datetime) -> datetime:
    """Addresses hold minutes: the first at which what changed then is seen."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=1)
