"""Celery entry points: what is drawn from the record beside its flow. Each may run twice."""

from __future__ import annotations

from celery import shared_task

from incidents import counting


@shared_task
def count_record() -> None:
    """Beat asks often; most times nothing has changed."""
    counting.count_if_due()
