"""JavaScript that comes in Python wheels, and whether the collected files are those of this version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder, get_finders
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.compress import Compressor  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

# The name under /static/, the wheel, and the file in it.
FROM_WHEELS = {"plotly/plotly.min.js": ("plotly", "package_data/plotly.min.js")}
MARK = ".collected"


class WheelStorage(FileSystemStorage):
    """Reads a file of a wheel under the name that pages use."""

    def path(self, name: str) -> str:
        return str(path_in_wheel(*FROM_WHEELS[name]))


def path_in_wheel(package: str, file: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"{package} is not installed: run `make install`")
    return Path(next(iter(spec.submodule_search_locations))) / file


class WheelFinder(BaseFinder):
    """Finds the files of FROM_WHEELS, so that they are neither committed nor asked from another host."""

    storage = WheelStorage()

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in FROM_WHEELS:
            return []
        return [self.storage.path(path)] if find_all else self.storage.path(path)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in FROM_WHEELS:
            if not matches_patterns(name, list(ignore_patterns or ())):
                yield name, self.storage


class QuickCompressor(Compressor):  # type: ignore[misc]
    """Brotli at 9, not 11: a ninth of the time for a ninth more bytes, and a first start waits for it."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        return bytes(brotli.compress(data, quality=9))


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Collected files carry the hash of their content in their name, and lie there compressed."""

    def create_compressor(self, **options: Any) -> QuickCompressor:
        return QuickCompressor(**options)


def fingerprint() -> str:
    """Names the state of all static files, from their names, sizes and times."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            digest.update(f"{name}\0{storage.size(name)}\0{storage.get_modified_time(name)}\0".encode())
    return digest.hexdigest()


def are_collected() -> bool:
    mark = Path(settings.STATIC_ROOT) / MARK
    return mark.is_file() and mark.read_text() == fingerprint()


def mark_collected() -> None:
    (Path(settings.STATIC_ROOT) / MARK).write_text(fingerprint())
