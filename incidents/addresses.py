"""Addresses of the record's pages: a page names hundreds, and each is worked out once."""

from __future__ import annotations

from functools import lru_cache

from django.urls import reverse

KEPT = 20_000


@lru_cache(maxsize=KEPT)
def address_of(page: str, slug: str) -> str:
    return reverse(f"incidents:{page}", args=[slug])
