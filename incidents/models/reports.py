"""What was said: reports as they came, their accounts and claims. Nothing here is edited by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from incidents.bulk import BATCH, columns_of, upsert
from incidents.choices import choices
from incidents.histories import History, digest, tell
from incidents.models.amendments import as_people_read
from incidents.models.catalogue import Source
from incidents.models.names import store_names
from incidents.profiles import profile_of, to_json
from incidents.querysets import AccountQuerySet, ClaimQuerySet, PostQuerySet, ReportQuerySet
from incidents.reports import NewAccount, NewReport
from nlp.document import DocumentKind, Field, Origin, Precision, Relevance


class ReportManager(models.Manager[Any]):
    """Writes what sources said. Rows are a function of the states given, and equal states write nothing."""

    def keep(self, states: Sequence[NewReport]) -> set[str]:
        """Store one report from its whole history; the keys of the accounts that changed or are gone."""
        return self.keep_all([states])

    @transaction.atomic
    def keep_all(self, histories: Iterable[Sequence[NewReport]]) -> set[str]:
        """The same for many reports at once, in a number of queries that does not grow with them."""
        drawn = {states[0].key: (digest(states), states) for states in as_people_read(histories)}
        known = dict(self.filter(key__in=drawn).values_list("key", "digest"))
        changed = {
            key: (mark, tell(states)) for key, (mark, states) in drawn.items() if known.get(key) != mark
        }
        if not changed:
            return set()
        reports = store_reports(self, changed)
        histories_now = [(reports[key], history) for key, (_, history) in sorted(changed.items())]
        wordings = store_posts(histories_now)
        accounts, gone = store_accounts(histories_now)
        store_claims(histories_now, accounts, wordings)
        store_names({report: history.now.unknown_names for report, history in histories_now})
        return set(accounts) | gone


class Report(models.Model):
    """One publication. Three kinds of time: what it tells of is in its claims, `published_at` is when it was
    said, `first_seen_at` when we first had it.
    """

    key = models.CharField(max_length=500, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="reports")
    kind = models.CharField(max_length=20, choices=choices(DocumentKind))
    url = models.URLField(max_length=1000, blank=True)
    title = models.TextField(blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    modified_at = models.DateTimeField(null=True, blank=True)
    first_seen_at = models.DateTimeField()
    captured_at = models.DateTimeField(help_text="when the newest stored state was seen")
    is_read = models.BooleanField(default=True, help_text="False: a page that somebody cites and nobody read")
    is_maintenance = models.BooleanField(default=False)
    extractor = models.CharField(max_length=40, blank=True)
    digest = models.CharField(
        max_length=64, blank=True, help_text="of the states that its rows were drawn from"
    )
    last_listed_at = models.DateTimeField(null=True, blank=True, help_text="last reading that held it")
    unlisted_at = models.DateTimeField(
        null=True, blank=True, help_text="first reading after that, without it"
    )

    is_due = models.BooleanField(
        default=False, help_text="a person's word changes how it is read: it waits to be drawn again"
    )

    objects = ReportManager.from_queryset(ReportQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["-published_at"]),
            models.Index(fields=["-captured_at"]),
            models.Index(fields=["id"], condition=models.Q(is_due=True), name="report_due"),
        ]

    def __str__(self) -> str:
        return self.title or self.key


class Post(models.Model):
    """One wording of one post. A reworded post is a new revision; the earlier one gets `gone_at`."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="posts")
    ref = models.CharField(max_length=200)
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(help_text="order within the report, first post is 0")
    text = models.TextField()
    status = models.CharField(max_length=60, blank=True, help_text="the source's own word")
    said_at = models.DateTimeField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=choices(Precision), default=Precision.MINUTE)
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["report", "position", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["report", "ref", "revision"], name="post_revision_once")
        ]

    def __str__(self) -> str:
        return f"{self.ref} r{self.revision}"


class Account(models.Model):
    """A report's part about one incident. The row lasts as long as its key; its claims are replaced whole.

    `owner` is `provider:aws` or `organisation:coinbase`. `profile` holds what `same_outage` looks at.
    """

    report = models.ForeignKey(Report, models.CASCADE, related_name="accounts")
    key = models.CharField(max_length=600, unique=True)
    slot = models.CharField(max_length=120, blank=True)
    is_strong = models.BooleanField()
    relevance = models.CharField(max_length=20, choices=choices(Relevance))
    owner = models.CharField(max_length=140, blank=True)
    window = DateTimeRangeField(null=True, blank=True, help_text="for finding neighbours: bounds included")
    tokens = ArrayField(models.CharField(max_length=300), default=list, help_text="native ids and links")
    profile = models.JSONField(default=dict)
    incident = models.ForeignKey(
        "incidents.Incident", models.SET_NULL, null=True, blank=True, related_name="accounts"
    )
    is_gone = models.BooleanField(
        default=False, help_text="its report no longer tells it: linking removes it"
    )

    objects = AccountQuerySet.as_manager()

    class Meta:
        indexes = [
            GistIndex(fields=["window"]),
            GinIndex(fields=["tokens"]),
            models.Index(fields=["owner"]),
        ]

    def __str__(self) -> str:
        return self.key


class Claim(models.Model):
    """One fact that one account states, or that a person states of an incident.

    `start` and `end` are offsets into `post.text` of the sentence that proves it, or into the report's title
    where `post` is empty; `path` names a structured field instead. `seen_at` is when it was public, `gone_at`
    when a later revision no longer said so.
    """

    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="claims")
    incident = models.ForeignKey(
        "incidents.Incident", models.CASCADE, null=True, blank=True, related_name="persons_claims"
    )
    person = models.ForeignKey("incidents.User", models.PROTECT, null=True, blank=True, related_name="claims")
    subject = models.CharField(max_length=140, default="incident")
    field = models.CharField(max_length=30, choices=choices(Field))
    value = models.TextField()
    key = models.TextField()
    precision = models.CharField(max_length=10, choices=choices(Precision), blank=True)
    post = models.ForeignKey(Post, models.CASCADE, null=True, blank=True, related_name="claims")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    path = models.CharField(max_length=300, blank=True)
    origin = models.CharField(max_length=12, choices=choices(Origin))
    rule = models.CharField(max_length=80)
    extractor = models.CharField(max_length=40, blank=True)
    confidence = models.FloatField(default=1.0)
    reason = models.TextField(blank=True, help_text="a person's reason")
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_of_an_account_or_a_person",
                condition=models.Q(account__isnull=False, incident=None, person=None)
                | models.Q(account=None, incident__isnull=False, person__isnull=False),
            ),
            models.CheckConstraint(
                name="claim_confidence_is_a_share",
                condition=models.Q(confidence__gte=0, confidence__lte=1),
            ),
            models.CheckConstraint(
                name="claim_gone_after_seen",
                condition=models.Q(gone_at=None) | models.Q(gone_at__gte=models.F("seen_at")),
            ),
        ]
        indexes = [models.Index(fields=["field", "subject"])]

    def __str__(self) -> str:
        return f"{self.subject} {self.field} = {self.key}"


def store_reports(reports: models.Manager[Any], changed: dict[str, tuple[str, History]]) -> dict[str, Report]:
    sources = Source.objects.in_bulk(
        {history.now.source for _, history in changed.values()}, field_name="slug"
    )
    # In key order: two workers that keep the same reports would else lock each other out.
    rows = [
        Report(
            key=key,
            source=sources[history.now.source],
            kind=history.now.kind,
            url=history.now.url,
            title=history.now.title,
            published_at=history.now.published_at,
            modified_at=history.now.modified_at,
            first_seen_at=history.first_seen_at,
            captured_at=history.captured_at,
            is_read=history.now.is_read,
            is_maintenance=history.now.is_maintenance,
            extractor=history.now.extractor,
            digest=mark,
        )
        for key, (mark, history) in sorted(changed.items())
    ]
    columns = columns_of(Report, but={"key", "last_listed_at", "unlisted_at", "is_due"})
    upsert(reports, rows, unique=["key"], columns=columns)
    return {row.key: row for row in rows}


def store_posts(histories: list[tuple[Report, History]]) -> dict[tuple[int, str, int], int]:
    """Write the wordings, the wrongly numbered ones of before out of the way; their ids."""
    rows = [
        Post(
            report=report,
            ref=kept.ref,
            revision=kept.revision,
            position=kept.position,
            text=kept.post.text,
            status=kept.post.status,
            said_at=kept.post.said_at,
            precision=kept.post.precision,
            seen_at=kept.seen_at,
            gone_at=kept.gone_at,
        )
        for report, history in histories
        for kept in history.posts
    ]
    unique = ["report", "ref", "revision"]
    upsert(Post.objects, rows, unique=unique, columns=columns_of(Post, but=unique))
    wordings = {(row.report_id, row.ref, row.revision): row.pk for row in rows}
    stored = Post.objects.filter(report__in=[report for report, _ in histories])
    stored.exclude(pk__in=wordings.values()).delete()
    return wordings


def store_accounts(histories: list[tuple[Report, History]]) -> tuple[dict[str, Account], set[str]]:
    """Write the accounts; those that are told no more are marked, for linking to take them out."""
    rows = [
        account_row(report, history.now, told)
        for report, history in histories
        for told in history.now.accounts
    ]
    upsert(Account.objects, rows, unique=["key"], columns=columns_of(Account, but={"key", "incident"}))
    accounts = {row.key: row for row in rows}
    untold = Account.objects.filter(report__in=[report for report, _ in histories]).exclude(key__in=accounts)
    gone = set(untold.values_list("key", flat=True))
    untold.update(is_gone=True)
    return accounts, gone


def account_row(report: Report, state: NewReport, told: NewAccount) -> Account:
    profile = profile_of(state, told)
    span = (profile.earliest, profile.latest) if profile.earliest else None
    return Account(
        report=report,
        key=profile.key,
        slot=told.slot,
        is_strong=told.is_strong,
        relevance=told.relevance,
        owner=profile.owner,
        window=DateTimeTZRange(*span, bounds="[]") if span else None,
        tokens=sorted(profile.tokens),
        profile=to_json(profile),
    )


def store_claims(
    histories: list[tuple[Report, History]],
    accounts: dict[str, Account],
    wordings: dict[tuple[int, str, int], int],
) -> None:
    # By id and not by a join: a table that was just filled has no statistics, and the plan of the join
    # reads all its claims once for each report.
    reports = [report for report, _ in histories]
    told_by = list(Account.objects.filter(report__in=reports).values_list("pk", flat=True))
    Claim.objects.filter(account__in=told_by).delete()
    Claim.objects.bulk_create(
        (
            Claim(
                account=accounts[kept.account],
                subject=kept.fact.subject,
                field=kept.fact.field,
                value=kept.fact.value,
                key=kept.fact.key,
                precision=kept.fact.precision or "",
                post_id=wordings[report.pk, *kept.wording] if kept.wording else None,
                start=kept.fact.evidence.start,
                end=kept.fact.evidence.end,
                path=kept.fact.evidence.path,
                origin=kept.fact.origin,
                rule=kept.fact.rule,
                extractor=history.now.extractor,
                confidence=kept.fact.confidence,
                seen_at=kept.seen_at,
                gone_at=kept.gone_at,
            )
            for report, history in histories
            for kept in history.claims
        ),
        batch_size=BATCH,
    )
