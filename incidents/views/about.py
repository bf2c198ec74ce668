"""/about/: what the words mean, whose word counts, and what the figures leave out: from the tables in use."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from incidents.choices import EndState, HitGrade, HitStatus
from incidents.http import Request, reading_page
from incidents.ranks import OF_ORGANISATIONS, OF_PROVIDERS
from nlp.document import Cause, Severity


@reading_page
def about(request: Request) -> HttpResponse:
    context = {
        "severities": list(Severity),
        "causes": [cause.value.replace("-", " ") for cause in Cause],
        "ends": EndState.labels,
        "grades": HitGrade.labels,
        "statuses": HitStatus.labels,
        "provider_ranks": OF_PROVIDERS,
        "organisation_ranks": OF_ORGANISATIONS,
    }
    return render(request, "incidents/about.html", context)
