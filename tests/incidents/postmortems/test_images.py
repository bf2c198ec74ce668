"""Uploads: drawn again or refused, whatever they claim to be."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from incidents.postmortems.images import MOST_BYTES, MOST_IMAGES, Unusable, draw_again

SCRIPT = b"<script>alert(1)</script>"


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


def upload(body: bytes, name: str = "graph.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, body, content_type="image/png")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_is_drawn_again_as_webp(kind: str) -> None:
    drawn = draw_again(upload(picture(kind)), already=0)
    assert Image.open(io.BytesIO(drawn.data)).format == "WEBP"
    assert (drawn.width, drawn.height) == (40, 30)


def test_what_hides_behind_or_inside_a_picture_is_gone() -> None:
    comment = picture("PNG") + SCRIPT
    exif = Image.Exif()
    exif[0x9286] = SCRIPT.decode()
    for body in (comment, picture("JPEG", exif=exif), picture("GIF", comment=SCRIPT)):
        assert SCRIPT in body
        assert SCRIPT not in draw_again(upload(body), already=0).data


def test_a_large_picture_is_made_smaller() -> None:
    assert draw_again(upload(picture(size=(4_000, 1_000))), already=0).width == 2_000


def bomb() -> bytes:
    """A PNG head that promises 50,000 by 50,000 pixels."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    body = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = b"IDAT" + zlib.compress(b"\0" * 1_000)
    return body + struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))


REFUSED = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "pdf": b"%PDF-1.7\n%%EOF",
    "empty": b"",
    "bmp": picture("BMP"),
    "tiff": picture("TIFF"),
    "gif that is a script": b"GIF89a/*" + SCRIPT,
    "cut in the middle": picture("PNG", size=(400, 400))[:300],
    "a bomb": bomb(),
    "too many bytes": b"\x89PNG" + b"x" * MOST_BYTES,
    "zip": b"PK\x03\x04" + b"\0" * 100,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_in_words(name: str) -> None:
    with pytest.raises(Unusable, match=r"\."):
        draw_again(upload(REFUSED[name]), already=0)


def test_a_post_mortem_holds_so_many_pictures_and_no_more() -> None:
    with pytest.raises(Unusable, match=str(MOST_IMAGES)):
        draw_again(upload(picture()), already=MOST_IMAGES)
