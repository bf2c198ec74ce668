"""Typed readers of the environment that fail loudly: a bad value says its name and what would be right."""

import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit


class ConfigurationError(Exception):
    """A setting of the environment cannot be used."""


def text(name: str, default: str = "") -> str:
    """The value without spaces around it; an empty one counts as unset."""
    return os.environ.get(name, "").strip() or default


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
    if not value.isdecimal() or int(value) < least:
        raise ConfigurationError(f"{name} is {value!r}: write a whole number from {least} up")
    return int(value)


def folder(name: str, default: Path) -> Path:
    value = text(name)
    return Path(value).expanduser().absolute() if value else default


def choice(name: str, default: str, choices: set[str]) -> str:
    value = text(name, default)
    if value not in choices:
        raise ConfigurationError(f"{name} is {value!r}: write one of {', '.join(sorted(choices))}")
    return value


def address(name: str, default: str, schemes: set[str]) -> SplitResult:
    """A URL with one of these schemes and a host; the default may be empty."""
    value = text(name, default)
    try:
        parts = urlsplit(value)
        is_usable = bool(parts.hostname) and parts.scheme in schemes and parts.port != 0
    except ValueError:
        is_usable = False
    if value and not is_usable:
        raise ConfigurationError(f"{name} cannot be used: write {' or '.join(sorted(schemes))}://host")
    return urlsplit(value)
