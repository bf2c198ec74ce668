"""Celery entry points: what is drawn from the record beside its flow. Each may run twice."""

from __future__ import annotations

from celery import shared_task

from incidents import refreshing
from incidents.postmortems import reminding


@shared_task
def count_record() -> None:
    """Beat asks often; most times nothing has changed."""
    refreshing.refresh_if_due()


@shared_task
def remind_of_actions() -> None:
    """Owners of actions that are due soon or late; each is told once a week."""
    reminding.remind()
