"""/explain/: paste a text, or name a stored report, and see what is read in it and why."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from incidents.models import Report
from incidents.naming import given_terms
from ingest.explaining.child import TooLong, extract_apart
from ingest.explaining.forms import ReportForm, TextForm
from ingest.explaining.marking import Explained, explained
from ingest.explaining.stored import document_of, find_report, may_be_shown
from nlp.document import Document

NO_REPORT = "No stored report has this key or this address."
NOT_OURS = (
    "The words of news are not ours to show. Open it at its publisher, and paste what you want explained."
)


@dataclass(frozen=True, slots=True)
class Limits:
    characters: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.characters:,} characters and {self.seconds:g} seconds"


STRANGERS = Limits(20_000, 5)
KNOWN = Limits(100_000, 15)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def explain(request: HttpRequest) -> HttpResponse:
    """A text is posted and kept nowhere; only a stored report has an address that can be passed on."""
    limits = KNOWN if request.user.is_authenticated else STRANGERS
    is_text = request.method == "POST"
    text = TextForm(request.POST if is_text else None, longest=limits.characters)
    named = ReportForm(request.GET if "report" in request.GET and not is_text else None)
    report: Report | None = None
    document: Document | None = None
    if is_text and text.is_valid():
        document = text.document()
    elif named.is_bound and named.is_valid():
        report, document = chosen(named)
    found = read(document, limits, text if is_text else named) if document else None
    status = 400 if text.errors or named.errors else 200
    context = {"text": text, "named": named, "report": report, "found": found, "limits": limits}
    return render(request, "explain/explain.html", context, status=status)


def chosen(form: ReportForm) -> tuple[Report | None, Document | None]:
    report = find_report(form.cleaned_data["report"])
    if report is None:
        form.add_error("report", NO_REPORT)
        return None, None
    if not may_be_shown(report):
        form.add_error("report", NOT_OURS)
        return report, None
    return report, document_of(report)


def read(document: Document, limits: Limits, form: TextForm | ReportForm) -> Explained | None:
    try:
        return explained(document, extract_apart(document, given_terms(), seconds=limits.seconds))
    except TooLong as error:
        form.add_error(None, str(error))
        return None
