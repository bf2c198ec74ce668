"""One name for one page: the identity of news, of reports by hand and of pages that others cite."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Parameters that tell where a reader came from and not which page is meant.
TRACKING = frozenset(
    {"fbclid", "gclid", "igshid", "mc_cid", "mc_eid", "ref", "ref_src", "cmpid", "ocid", "ncid", "guccounter"}
)

LONGEST_NAME = 300


def canonical_url(url: str) -> str:
    """The address without scheme differences, `www.`, tracking parameters, fragment and trailing slash.

    The result starts with https whatever the scheme was: it is a name, not something to fetch. An address
    that is none is returned as it is, stripped.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return url
    if parts.scheme not in {"http", "https"} or not host:
        return url
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith("utm_") and name.lower() not in TRACKING
    ]
    return urlunsplit(("https", host, parts.path.rstrip("/"), urlencode(sorted(kept)), ""))


def page_key(url: str) -> str:
    """The report key of a page (design: identity of reports). A very long address ends in its hash."""
    name = canonical_url(url)
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}…{sha256(name.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return f"web:{name}"
