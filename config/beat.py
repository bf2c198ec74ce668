"""Beat's scheduler: of several, only the one that holds a lock of the database gives out tasks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
from celery.beat import Scheduler
from celery.schedules import schedule
from django.conf import settings
from psycopg.rows import TupleRow

LOCK = 0x62656174
RETRY_SECONDS = 5.0
# Asking again for a lock that one has would only count it twice.
HOLD = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'advisory' AND granted AND objid = %(lock)s
    ) OR pg_try_advisory_lock(%(lock)s)
"""


class LockedScheduler(Scheduler):
    """Remembers nothing between runs: what is due stands in the database, not in the schedule."""

    holder: psycopg.Connection[TupleRow] | None = None
    ticked_at: datetime | None = None

    def setup_schedule(self) -> None:
        self.install_default_entries(self.schedule)
        self.merge_inplace(self.app.conf.beat_schedule)
        self.make_due()

    def make_due(self) -> None:
        """Everything at once, for who knows how long nobody did it."""
        for entry in self.schedule.values():
            if isinstance(entry.schedule, schedule):
                entry.last_run_at = entry.default_now() - timedelta(seconds=entry.schedule.seconds)
        self._heap = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = self.app.now()
        if self.ticked_at and now < self.ticked_at - timedelta(seconds=RETRY_SECONDS):
            # Else nothing would be due before the clock is where it was.
            self.logger.warning("the clock went back from %s to %s", self.ticked_at, now)
            self.make_due()
        self.ticked_at = now
        return float(super().tick(*args, **kwargs)) if self.holds_lock() else RETRY_SECONDS

    def holds_lock(self) -> bool:
        """Still, or from now on. The server frees it as soon as its holder is gone."""
        try:
            if self.holder is None:
                self.holder = psycopg.connect(settings.DATABASE_URL, autocommit=True)
            row = self.holder.execute(HOLD, {"lock": LOCK}).fetchone()
        except psycopg.OperationalError as error:
            self.logger.warning("the database does not answer, so no task is given out: %s", error)
            self.let_go()
            return False
        return row == (True,)

    def let_go(self) -> None:
        if self.holder is not None:
            self.holder.close()
            self.holder = None

    def close(self) -> None:
        super().close()
        self.let_go()
