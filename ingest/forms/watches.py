"""What a person fills in to be told of incidents."""

from __future__ import annotations

import base64
import secrets
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from incidents.forms import IncidentFilter
from incidents.models import User, Watch
from incidents.models.watches import Channel
from ingest.addresses import checked_url
from ingest.errors import FetchError

MOST_WATCHES = 30
NO_MAIL = "This server sends no mail: choose a webhook, or follow the Atom feed of the same filter."
NO_ADDRESS = "Your account has no email address: add one to it first."


class WatchForm(forms.Form):
    """A name and a way to be told; the filter comes along from the list that was open."""

    name = forms.CharField(max_length=120, label="Name, for yourself")
    channel = forms.ChoiceField(choices=Channel.choices, label="Tell me by")
    url = forms.CharField(max_length=1000, required=False, label="Address of the webhook")
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)

    def __init__(self, person: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_query(self) -> str:
        """The filter without what is no filter; one in error would watch something else than was meant."""
        asked = IncidentFilter(QueryDict(self.cleaned_data["query"].removeprefix("?")))
        if not asked.is_valid():
            raise forms.ValidationError("The filter has a mistake: mend it on the list of incidents first.")
        kept = QueryDict(mutable=True)
        for field, value in asked.in_force():
            kept.appendlist(field, value)
        return kept.urlencode()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("channel") == Channel.EMAIL:
            given["url"] = ""
            if not settings.EMAIL_HOST:
                self.add_error("channel", NO_MAIL)
            elif not self.person.email:
                self.add_error("channel", NO_ADDRESS)
        else:
            self.check_address(given.get("url", ""))
        if self.person.watches.count() >= MOST_WATCHES:
            self.add_error(None, f"{MOST_WATCHES} watches are all: remove one that you do not need.")
        return given

    def check_address(self, url: str) -> None:
        try:
            checked_url(url, allow_private=settings.ALLOW_PRIVATE_SOURCES)
        except FetchError:
            self.add_error("url", "Name a public address that begins with https:// or http://.")

    def save(self) -> Watch:
        given = self.cleaned_data
        secret = new_secret() if given["channel"] == Channel.WEBHOOK else ""
        return Watch.objects.create(
            person=self.person,
            name=given["name"],
            query=given["query"],
            channel=given["channel"],
            url=given["url"],
            secret=secret,
        )


def new_secret() -> str:
    """In the form that libraries for Standard Webhooks take."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
