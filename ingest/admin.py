"""Feeds, what they brought, and items that were set aside, for staff."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest

from ingest.models import Check, Feed, Item, Payload


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["source", "kind", "url", "is_enabled", "due_at", "failures"]
    list_filter = ["kind", "is_enabled"]
    search_fields = ["source__slug", "url"]
    list_select_related = ["source"]
    readonly_fields = ["etag", "last_modified", "body_hash", "queued_until", "leased_until", "latency"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


@admin.register(Item)
class ItemAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["key", "state", "attempts", "waiting_since"]
    list_filter = ["state"]
    search_fields = ["key"]
    readonly_fields = ["key", "waiting_since", "claimed_until", "attempts", "trouble"]
    actions = ["try_again"]

    @admin.action(description="Try again to draw those that were set aside")
    def try_again(self, request: HttpRequest, items: QuerySet[Item]) -> None:
        count = Item.objects.filter(pk__in=items).replay()
        self.message_user(request, f"{count} items will be tried again")


class ReadOnly:
    """What came is not edited by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Payload)
class PayloadAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["feed", "captured_at", "item_count", "size"]
    list_select_related = ["feed"]
    exclude = ["packed"]


@admin.register(Check)
class CheckAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    list_display = ["feed", "at", "state", "failure", "items", "new", "changed", "seconds"]
    list_filter = ["state", "failure"]
    list_select_related = ["feed"]
