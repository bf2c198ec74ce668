"""Pictures that people upload: opened within limits and drawn again, so none of the sent bytes remain."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import get_random_string
from PIL import Image

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 24_000_000
MOST_IMAGES = 30
LARGEST_SIDE = 2_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
"""By content, whatever the name says. No SVG: it is a program."""


class Unusable(Exception):
    """Why a picture was not taken, in words for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    token: str
    data: bytes
    width: int
    height: int


def draw_again(upload: UploadedFile[Any], *, already: int) -> Drawn:
    """The picture as WebP of our own making: no metadata, no second content behind it."""
    if already >= MOST_IMAGES:
        raise Unusable(f"A post-mortem holds {MOST_IMAGES} pictures at most.")
    if (upload.size or 0) > MOST_BYTES:
        raise Unusable(f"The picture has more than {MOST_BYTES // 1024 // 1024} MB.")
    picture = opened(upload)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    made = io.BytesIO()
    picture.save(made, "WEBP", quality=85, method=4)
    return Drawn(get_random_string(20).lower(), made.getvalue(), picture.width, picture.height)


def opened(upload: UploadedFile[Any]) -> Image.Image:
    """The first frame, decoded. Pillow may fail in many ways on a file made to break it: all mean no."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > MOST_PIXELS:
                raise Unusable(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels.")
            return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    except (OSError, SyntaxError, ValueError, EOFError, Warning, Image.DecompressionBombError) as error:
        raise Unusable("That is no PNG, JPEG, WebP or GIF picture that can be read.") from error
