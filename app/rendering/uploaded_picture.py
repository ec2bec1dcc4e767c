"""Pictures that people upload, decoded within limits: nothing of the file is used but the pixels."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from app.domain.errors import InvalidInput

LARGEST_BYTES = 2 * 1024 * 1024
LARGEST_PIXELS = 24_000_000  # a phone's camera; decoded it needs at most 96 MB
LARGEST_SIDE = 12_000
MAGIC = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
# WeasyPrint tells Pillow to fill up what is missing; half a picture is none.
LAST = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}


def decode_picture(
    data: bytes, within: tuple[int, int], purpose: str, *, otherwise: str = ""
) -> Image.Image:
    """The picture in RGBA, upright, no larger than `within`. Its size is known before it is decoded.

    purpose: "a logo", and otherwise: ", or type your name", both for the message.
    Raises InvalidInput: `picture-large`, `picture-unreadable`.
    """
    try:
        return _decode(data, within)
    except _Unusable as error:
        raise InvalidInput(
            error.code,
            f"This file cannot be used as {purpose}: {error}.",
            f"Choose a PNG or JPEG picture of at most 2 MB and 24 megapixels{otherwise}.",
        ) from error


class _Unusable(Exception):
    """Says why, after its code."""

    def __init__(self, reason: str, code: str = "picture-unreadable") -> None:
        super().__init__(reason)
        self.code = code


def _decode(data: bytes, within: tuple[int, int]) -> Image.Image:
    if len(data) > LARGEST_BYTES:
        raise _Unusable(f"it has {len(data) / 1_048_576:.1f} MB", "picture-large")
    kind = next((name for magic, name in MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        raise _Unusable("it is neither PNG nor JPEG")
    if LAST[kind] not in data:
        raise _Unusable("its end is missing")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=(kind,))
            if image.width * image.height > LARGEST_PIXELS or max(image.size) > LARGEST_SIDE:
                raise _Unusable(f"it has {image.width} \u00d7 {image.height} pixels")
            image.draft("RGB", within)  # a JPEG is decoded small at once
            image = ImageOps.exif_transpose(image)
            image.thumbnail(within)
            return image.convert("RGBA")
    except _Unusable:
        raise
    except Exception as error:  # Pillow raises of all kinds on damaged files
        raise _Unusable(f"it is damaged ({type(error).__name__})") from error
