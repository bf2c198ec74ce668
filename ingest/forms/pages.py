"""What a person fills in to bring a report by hand."""

from __future__ import annotations

from datetime import UTC

from django import forms

from ingest.by_hand import Page


class PageForm(forms.Form):
    publisher = forms.CharField(
        max_length=100, label="Publisher: slug of a provider or organisation, else a name"
    )
    url = forms.URLField(max_length=1000, assume_scheme="https", label="Address")
    published_at = forms.DateTimeField(
        label="Published at, UTC",
        input_formats=["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
    )
    title = forms.CharField(max_length=300, required=False, label="Title, else the first line")
    text = forms.CharField(max_length=200_000, widget=forms.Textarea, label="Text or HTML")

    def page(self) -> Page:
        given = self.cleaned_data
        at = given["published_at"].astimezone(UTC)
        return Page(given["publisher"], given["url"], at, given["text"], given["title"])
