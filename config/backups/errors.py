"""What stops a backup or a restore."""

from __future__ import annotations


class BackupTrouble(Exception):
    """A backup that cannot be made or used: the message says what is wrong and what to do."""
