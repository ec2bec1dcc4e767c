"""A drawn or photographed signature made clean: decoded within limits, paper taken away, written anew.

Nothing of the uploaded file survives but the pixels of the ink.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from app.domain.errors import InvalidInput
from app.rendering.uploaded_picture import decode_picture

KEPT = (1200, 400)  # pixels: more than 300 dpi where it is printed
WORKED_ON = (2400, 1600)
PAPER = 205  # grey value from which on a pixel is paper
FAINTEST_INK = 24  # alpha below which a pixel is no ink
SMALLEST_INK = 12  # pixels on the longer side


def clean_picture(data: bytes) -> bytes:
    """PNG with a transparent ground, trimmed to the ink, within KEPT.

    Raises InvalidInput: `picture-large`, `picture-unreadable` or `picture-empty`.
    """
    decoded = decode_picture(data, WORKED_ON, "a picture of a signature", otherwise=", or type your name")
    image = _ink_of(decoded)
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
