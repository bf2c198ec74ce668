"""The two ways in which reading a source fails; anything else is a bug and rises."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Failure(StrEnum):
    """Why a source could not be read: decides when it is asked again, and what its page says."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    REFUSED = "refused-address"
    REDIRECT = "bad-redirect"
    SERVER_ERROR = "server-error"
    UNEXPECTED = "unexpected-status"
    THROTTLED = "throttled"
    BLOCKED = "blocked"
    MISSING = "missing"
    GONE = "gone"
    CUT_SHORT = "cut-short"
    TOO_LARGE = "too-large"
    BAD_ENCODING = "bad-encoding"
    UNREADABLE = "unreadable"


class IngestError(Exception):
    """Says what was wrong and what to do."""


class FetchError(IngestError):
    """The source could not be reached; it is tried again when it is next due.

    `retry_after` is how long the host asked us to wait, if it did.
    """

    def __init__(
        self,
        reason: str,
        failure: Failure = Failure.UNREACHABLE,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(reason)
        self.failure = failure
        self.retry_after = retry_after


class ParseError(IngestError):
    """The body could not be read as this kind; a person must look."""
