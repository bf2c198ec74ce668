"""The record for operators. What sources said and what follows from it is read here and changed nowhere."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db import models
from django.http import HttpRequest

from incidents.models import (
    Account,
    Alias,
    Claim,
    Dependency,
    Impact,
    Incident,
    Organisation,
    Pair,
    Post,
    Proof,
    Provider,
    Region,
    Report,
    Service,
    Source,
    Template,
    TemplateSection,
    UnknownName,
    User,
    Verdict,
)


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not subscriptable at run time
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class ReadOnlyAdmin(RecordAdmin):
    """Derived rows: a change by hand would last until the next report."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class PostInline(admin.TabularInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = Post
    fields = ["position", "ref", "revision", "said_at", "seen_at", "gone_at", "status", "text"]
    extra = 0


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["key", "source", "kind", "published_at", "captured_at", "is_read"]
    list_filter = ["kind", "is_read", "is_maintenance"]
    search_fields = ["key", "title"]
    inlines = [PostInline]


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["key", "owner", "incident", "is_strong", "relevance"]
    list_filter = ["is_strong", "relevance"]
    list_select_related = ["incident"]
    search_fields = ["key", "owner"]


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ["subject", "field", "key", "origin", "rule", "confidence", "seen_at", "gone_at"]
    list_filter = ["field", "origin"]
    search_fields = ["key", "account__key"]


@admin.register(Incident)
class IncidentAdmin(ReadOnlyAdmin):
    list_display = ["slug", "title", "owner", "started_at", "end_state", "status", "shown_as", "is_withdrawn"]
    list_filter = ["end_state", "status", "severity", "is_withdrawn"]
    list_select_related = ["shown_as"]
    search_fields = ["slug", "title", "anchor"]


@admin.register(Impact)
class ImpactAdmin(ReadOnlyAdmin):
    list_display = ["incident", "organisation", "grade", "status", "own_incident"]
    list_filter = ["grade", "status"]
    list_select_related = ["incident", "organisation", "own_incident"]
    search_fields = ["incident__slug", "organisation__name"]


@admin.register(Pair)
class PairAdmin(ReadOnlyAdmin):
    list_display = ["a", "answer", "b", "score"]
    list_filter = ["answer"]
    list_select_related = ["a", "b"]
    search_fields = ["a__key", "b__key"]


@admin.register(Verdict)
class VerdictAdmin(ReadOnlyAdmin):
    """Given and taken back on the pages, where each word is linked again at once."""

    list_display = [
        "kind",
        "a",
        "b",
        "incident",
        "organisation",
        "accepts",
        "person",
        "made_at",
        "retracted_at",
    ]
    list_filter = ["kind", "accepts"]
    list_select_related = ["incident", "organisation", "person"]
    search_fields = ["a", "b", "incident__slug"]


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ["username", "name", "email", "is_analyst", "is_staff", "is_active"]
    list_filter = ["is_analyst", "is_staff", "is_active"]
    search_fields = ["username", "name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "email"]}),
        ("Rights", {"fields": ["is_active", "is_analyst", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]


@admin.register(Source)
class SourceAdmin(RecordAdmin):
    list_display = ["slug", "publisher", "publisher_kind", "state", "last_read_at", "interval"]
    list_filter = ["publisher_kind", "state"]
    search_fields = ["slug", "name", "publisher"]


@admin.register(Provider, Region, Service, Organisation)
class EntityAdmin(RecordAdmin):
    list_display = ["slug", "name"]
    search_fields = ["slug", "name"]


@admin.register(Alias)
class AliasAdmin(RecordAdmin):
    list_display = ["name", "kind", "slug"]
    list_filter = ["kind"]
    search_fields = ["folded", "slug"]


class ProofInline(admin.StackedInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = Proof
    extra = 0
    formfield_overrides = RecordAdmin.formfield_overrides


@admin.register(Dependency)
class DependencyAdmin(RecordAdmin):
    list_display = ["organisation", "relation", "target", "redundancy_group", "ended_on"]
    list_filter = ["relation"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "target"]
    inlines = [ProofInline]


@admin.register(UnknownName)
class UnknownNameAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "slug", "report"]
    list_filter = ["kind"]
    list_select_related = ["report"]
    search_fields = ["name", "slug"]


class TemplateSectionInline(admin.StackedInline):  # type: ignore[type-arg]  # not subscriptable at run time
    model = TemplateSection
    extra = 0


@admin.register(Template)
class TemplateAdmin(RecordAdmin):
    """Which sections a new post-mortem starts with. What is being written already keeps its own."""

    list_display = ["name", "slug", "position", "is_offered"]
    inlines = [TemplateSectionInline]
