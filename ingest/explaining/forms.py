"""What is read on /explain/: a pasted text, or a stored report by its key or its address."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django import forms

from ingest.text import one_line, plain_text
from nlp.document import Document, DocumentKind, EntityKind, Passage
from nlp.vocabulary import load_terms

KINDS = {
    DocumentKind.NEWS: "News, or anybody else's words",
    DocumentKind.PROVIDER_STATUS: "A provider's status page",
    DocumentKind.EXCHANGE_STATUS: "An exchange's status page",
    DocumentKind.PIR: "A provider's review of an incident",
}


def providers() -> list[tuple[str, str]]:
    named = [(term.slug, term.name) for term in load_terms() if term.kind is EntityKind.PROVIDER]
    return [("", "as the text tells"), *named]


class TextForm(forms.Form):
    text = forms.CharField(
        label="Text or HTML",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "spellcheck": "false"}),
    )
    title = forms.CharField(max_length=300, required=False, label="Title")
    kind = forms.ChoiceField(choices=list(KINDS.items()), label="Who speaks")
    provider = forms.ChoiceField(choices=providers, required=False, label="Provider whose voice it is")
    published_at = forms.DateTimeField(
        required=False,
        label="Published at, UTC",
        input_formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"placeholder": "2025-10-20 07:11"}),
    )

    def __init__(self, *args: Any, longest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.longest = longest

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > self.longest:
            raise forms.ValidationError(
                f"That is {len(text):,} characters; {self.longest:,} are read at a time. Paste a part of it."
            )
        return text

    def document(self) -> Document:
        given = self.cleaned_data
        at = given["published_at"]
        return Document(
            key="explain",
            kind=DocumentKind(given["kind"]),
            passages=(Passage(plain_text(given["text"])),),
            title=one_line(given["title"]),
            published_at=at.astimezone(UTC) if at else None,
            provider=given["provider"],
        )


class ReportForm(forms.Form):
    report = forms.CharField(max_length=1_000, label="Key or address of a stored report")
