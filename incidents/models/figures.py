"""Numbers about many incidents, written by `counting` so that no page works them out."""

from __future__ import annotations

from django.db import models


class Counting(models.Model):
    """When the figures were last drawn, and how long that took. One row."""

    name = models.CharField(max_length=20, unique=True)
    as_of = models.DateTimeField(help_text="what was changed later is not counted yet")
    took = models.DurationField()

    def __str__(self) -> str:
        return f"{self.name} as of {self.as_of:%Y-%m-%d %H:%M:%S}"


class Figures(models.Model):
    """What is counted of the incidents of one scope: `all`, or those that one filter lets through.

    A scope is written as the filter is: `provider:aws`, `region:aws:us-east-1`, `severity:major`, `hits:yes`;
    `own` are those without a provider, `organisation:x` are its own and `hit:x` those that reached it.
    `bounded`, `unknown` and `ongoing` are ends that enter no duration (design, idea 5). `beside` holds rows
    of [slug, number, name]: of services, regions and exchanges named with them, the longest and the widest.
    `pictures` are those of the page that the scope has, as `pictures.pictures` draws them.
    """

    scope = models.CharField(max_length=140, unique=True)
    total = models.PositiveIntegerField()
    reached = models.PositiveIntegerField(help_text="that reached an organisation")
    measured = models.PositiveIntegerField(help_text="whose both ends are known, to the hour at least")
    bounded = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()
    ongoing = models.PositiveIntegerField()
    median = models.DurationField(null=True)
    p90 = models.DurationField(null=True)
    delayed = models.PositiveIntegerField(help_text="of which an admission delay is known")
    delay_median = models.DurationField(null=True)
    delay_p90 = models.DurationField(null=True)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    years = models.JSONField(help_text="[year, severity, count], by year")
    facets = models.JSONField(help_text="by filter: [value, count], the most frequent first")
    beside = models.JSONField(help_text="by kind: [slug, count] of what is named with it, most often first")
    months = models.JSONField(default=list, help_text="[year-month, lane, count], by when they began")
    pictures = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "figures"

    def __str__(self) -> str:
        return f"{self.scope}: {self.total}"

    @property
    def rough(self) -> int:
        """Both ends known, but one by the day only or as a bound."""
        return self.total - self.measured - self.bounded - self.unknown - self.ongoing


class DayCount(models.Model):
    """How many incidents of a scope began on a day, by lane (a provider's slug, or `own`) and severity."""

    scope = models.CharField(max_length=140)
    day = models.DateField()
    lane = models.CharField(max_length=50)
    severity = models.CharField(max_length=12)
    count = models.PositiveIntegerField()
    reached = models.PositiveIntegerField()

    class Meta:
        # The counts stand in the index: the days of one scope lie scattered over the whole table.
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "day", "lane", "severity"],
                include=["count", "reached"],
                name="day_counted_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.day} {self.lane} {self.severity}: {self.count}"
