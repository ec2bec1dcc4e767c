"""What a paper is printed on: A4 or US Letter, with the organisation's logo or without."""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from app.domain.errors import InvalidInput
from app.rendering.uploaded_picture import decode_picture

# Unicode CLDR, supplemental data, paperSize: the territories that write on US Letter.
LETTER_COUNTRIES = frozenset(
    {"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"}
)
LARGEST_LOGO = (70.0, 18.0)  # millimetres, width and height, as printed
KEPT = (1400, 360)  # pixels: 500 dpi where it is printed
LONGEST_ALTERNATIVE = 120


class PageSize(StrEnum):
    A4 = "a4"
    LETTER = "letter"

    @property
    def millimetres(self) -> tuple[float, float]:
        """Width and height."""
        return (215.9, 279.4) if self is PageSize.LETTER else (210.0, 297.0)


@dataclass(frozen=True, slots=True)
class Logo:
    """A picture that `clean_logo` made. alternative: what it shows, for those who do not see it."""

    png: bytes
    alternative: str
    width: float  # millimetres, as printed
    height: float


@dataclass(frozen=True, slots=True)
class Stationery:
    """The page and what it bears before anything is written on it."""

    page_size: PageSize = PageSize.A4
    logo: Logo | None = None


PLAIN = Stationery()


def choose_page_size(country: str, wanted: str = "") -> PageSize:
    """The size that `wanted` names ("a4", "letter"), or where it is "" the usual one of `country`.

    country: ISO 3166-1 or 3166-2 ("US", "US-CA"); "" and unknown ones write on A4.
    Raises InvalidInput `page-size`.
    """
    if wanted:
        try:
            return PageSize(wanted.lower())
        except ValueError as error:
            raise InvalidInput(
                "page-size",
                f"There is no page size \u201c{wanted[:20]}\u201d.",
                "Choose \u201ca4\u201d or \u201cletter\u201d; empty means the usual one of the country.",
            ) from error
    return PageSize.LETTER if country.upper().partition("-")[0] in LETTER_COUNTRIES else PageSize.A4


def clean_logo(data: bytes, alternative: str) -> Logo:
    """A PNG or JPEG as it can be printed: decoded within limits, opaque on white, written anew.

    alternative: one line, such as the organisation's name; PDF/UA-1 asks for it (7.3).
    Raises InvalidInput: `picture-large`, `picture-unreadable`, `logo-nameless`.
    """
    words = " ".join(alternative.split())[:LONGEST_ALTERNATIVE]
    if not words:
        raise InvalidInput(
            "logo-nameless", "The logo has no words for those who cannot see it.", "Name the organisation."
        )
    image = decode_picture(data, KEPT, "a logo")
    flat = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    scale = min(LARGEST_LOGO[0] / flat.width, LARGEST_LOGO[1] / flat.height)
    return Logo(out.getvalue(), words, round(flat.width * scale, 2), round(flat.height * scale, 2))
