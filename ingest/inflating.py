"""Inflates an answer in steps, so that a bomb is stopped at its cap and not a network chunk later."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from ingest.errors import Failure, FetchError

GZIP = 31  # zlib's window bits for a gzip header and nothing else
GZIP_MAGIC = b"\x1f\x8b"
STEP = 64 * 1024


def decoded(chunks: Iterator[bytes], encoding: str, *, limit: int) -> bytes:
    """The whole body, inflated; raises FetchError beyond `limit` bytes or where it is not what it claims."""
    if encoding in {"", "identity"}:
        pieces = chunks
    elif encoding in {"gzip", "x-gzip"}:
        pieces = inflated(chunks)
    else:
        raise FetchError(f"sent as {encoding!r}, which nobody asked for", Failure.BAD_ENCODING)
    body = joined(pieces, limit)
    if body.startswith(GZIP_MAGIC):
        raise FetchError("still compressed after it was inflated", Failure.BAD_ENCODING)
    return body


def joined(pieces: Iterator[bytes], limit: int) -> bytes:
    body = bytearray()
    for piece in pieces:
        body += piece
        if len(body) > limit:
            raise FetchError(f"larger than {limit // 2**20} MiB when inflated", Failure.TOO_LARGE)
    return bytes(body)


def inflated(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The content of one gzip member or of several; what follows the last is padding and left out."""
    member = zlib.decompressobj(GZIP)
    for chunk in chunks:
        data = chunk
        while data:
            if member.eof:
                if not data.startswith(GZIP_MAGIC):
                    return
                member = zlib.decompressobj(GZIP)
            yield step(member, data)
            data = member.unconsumed_tail or member.unused_data
    if not member.eof:
        raise FetchError("its gzip ends before the end", Failure.CUT_SHORT)


def step(member: zlib._Decompress, data: bytes) -> bytes:
    try:
        return member.decompress(data, STEP)
    except zlib.error as error:
        raise FetchError("sent as gzip, but it is none", Failure.BAD_ENCODING) from error
