"""Typed readers of the environment that fail loudly: a bad value says its name and what would be right."""

import os
from pathlib import Path


class ConfigurationError(Exception):
    """A setting of the environment cannot be used."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off and the empty string."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ConfigurationError(f"{name} is {value!r}: write 1 or 0")


def number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise ConfigurationError(f"{name} is {value!r}: write a whole number from {least} up")
    return int(value)


def folder(name: str, default: Path) -> Path:
    value = text(name)
    return Path(value).expanduser().absolute() if value else default
