"""A drawn or photographed signature made clean: decoded within limits, paper taken away, written anew.

Nothing of the uploaded file survives but the pixels of the ink.
"""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps

from app.domain.errors import InvalidInput

LARGEST_BYTES = 2 * 1024 * 1024
LARGEST_PIXELS = 24_000_000  # a phone's camera; decoded it needs at most 96 MB
LARGEST_SIDE = 12_000
KEPT = (1200, 400)  # pixels: more than 300 dpi where it is printed
WORKED_ON = (2400, 1600)
PAPER = 205  # grey value from which on a pixel is paper
FAINTEST_INK = 24  # alpha below which a pixel is no ink
SMALLEST_INK = 12  # pixels on the longer side
MAGIC = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
# WeasyPrint tells Pillow to fill up what is missing; half a signature is none.
LAST = {"PNG": b"IEND\xaeB`\x82", "JPEG": b"\xff\xd9"}


def clean_picture(data: bytes) -> bytes:
    """PNG with a transparent ground, trimmed to the ink, within KEPT.

    Raises InvalidInput: `picture-large`, `picture-unreadable` or `picture-empty`.
    """
    if len(data) > LARGEST_BYTES:
        raise InvalidInput(
            "picture-large",
            f"The picture has {len(data) / 1_048_576:.1f} MB.",
            "Use one of at most 2 MB: take it with less resolution, or type your name.",
        )
    image = _ink_of(_decode(data))
    box = image.getchannel("A").point(lambda value: 255 if value >= FAINTEST_INK else 0).getbbox()
    if box is None or max(box[2] - box[0], box[3] - box[1]) < SMALLEST_INK:
        raise InvalidInput(
            "picture-empty",
            "There is no signature in the picture.",
            "Draw with a dark line, or take the picture in more light.",
        )
    trimmed = image.crop(box)
    trimmed.thumbnail(KEPT)
    out = io.BytesIO()
    trimmed.save(out, "PNG", optimize=True)
    return out.getvalue()


def _decode(data: bytes) -> Image.Image:
    """The picture in RGBA, upright, no larger than WORKED_ON. Its size is known before it is decoded."""
    kind = next((name for magic, name in MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        raise _unreadable("it is neither PNG nor JPEG")
    if LAST[kind] not in data:
        raise _unreadable("its end is missing")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=(kind,))
            if image.width * image.height > LARGEST_PIXELS or max(image.size) > LARGEST_SIDE:
                raise _unreadable(f"it has {image.width} \u00d7 {image.height} pixels")
            image.draft("RGB", WORKED_ON)  # a JPEG is decoded small at once
            image = ImageOps.exif_transpose(image)
            image.thumbnail(WORKED_ON)
            return image.convert("RGBA")
    except InvalidInput:
        raise
    except Exception as error:  # Pillow raises of all kinds on damaged files
        raise _unreadable(f"it is damaged ({type(error).__name__})") from error


def _ink_of(image: Image.Image) -> Image.Image:
    """The picture with its ground transparent: whatever is as light as paper counts as ground."""
    white = Image.new("RGBA", image.size, "white")
    flat = Image.alpha_composite(white, image).convert("L")
    flat = ImageOps.autocontrast(flat, cutoff=(0, 40)) if _is_photograph(image) else flat
    darkness = flat.point(lambda value: 0 if value >= PAPER else min(255, round((PAPER - value) * 255 / 130)))
    ink = Image.alpha_composite(white, image).convert("RGB")
    ink.putalpha(darkness)
    return ink


def _is_photograph(image: Image.Image) -> bool:
    """Whether the ground is opaque and grey, as in a picture taken of paper."""
    low, _ = image.getchannel("A").getextrema()
    if not isinstance(low, int | float) or low < 250:
        return False
    corners = [(0, 0), (image.width - 1, 0), (0, image.height - 1), (image.width - 1, image.height - 1)]
    grey = image.convert("L")
    values = [grey.getpixel(place) for place in corners]
    return any(isinstance(value, int | float) and value < PAPER + 30 for value in values)


def _unreadable(reason: str) -> InvalidInput:
    return InvalidInput(
        "picture-unreadable",
        f"This file cannot be used as a picture of a signature: {reason}.",
        "Choose a PNG or JPEG picture of at most 24 megapixels, or type your name.",
    )
