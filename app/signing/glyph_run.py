"""Text of a stamp as PDF operators, in the first face that has all its characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import groupby

from pyhanko.pdf_utils import generic

from app.domain.errors import InvalidInput
from app.signing.embedded_font import add_font
from app.signing.pdf_object import dictionary
from app.signing.stamp_font import Face, Subset, face
from app.signing.writer import RevisionWriter

UPRIGHT = ("regular", "fallback")
ITALIC = ("italic", "regular", "fallback")
NONSPACING = "Mn"
RIGHT_TO_LEFT = ("R", "AL")


class GlyphRuns:
    """Collects the glyphs that a revision uses and adds the fonts to it at the end."""

    def __init__(self) -> None:
        self._subsets: dict[str, Subset] = {}

    def measure(self, text: str, size: float, faces: Sequence[str]) -> float:
        """The width of `text` in points; every character must be drawable."""
        return sum(source.width(part, size) for source, part in _runs(text, faces))

    def show(self, text: str, size: float, x: float, y: float, faces: Sequence[str]) -> bytes:
        """Operators that draw `text` with its baseline starting at (x, y), in points."""
        shown = b""
        for source, part in _runs(text, faces):
            subset = self._subsets.setdefault(source.name, Subset(source))
            encoded = subset.encode(part).hex().encode("ascii")
            name = source.name.rpartition("-")[2].encode("ascii")
            shown += b"/%s %.4g Tf <%s> Tj " % (name, size, encoded)
        return b"BT %.2f %.2f Td %sET\n" % (x, y, shown)

    def add_fonts(self, writer: RevisionWriter) -> generic.DictionaryObject:
        """Embed the subsets in the revision; the /Font dictionary for the streams that use them."""
        return dictionary(
            {face_name.rpartition("-")[2]: add_font(writer, one) for face_name, one in self._subsets.items()}
        )


def drawable(text: str) -> str:
    """`text` as it will be drawn. Raises InvalidInput if a character of it has no glyph here.

    Scripts that are written from right to left or join their letters are not drawn letter by
    letter, because that would be wrong; such a signature is given as a picture.
    """
    composed = unicodedata.normalize("NFC", " ".join(text.split()))
    missing = [character for character in composed if not _is_drawable(character)]
    if missing:
        raise InvalidInput(
            "signature_not_drawable",
            f"{text!r} cannot be written with the fonts of the stamp ({''.join(missing)[:20]}).",
            "Draw the signature or upload a picture of it.",
        )
    return composed


def _is_drawable(character: str) -> bool:
    if unicodedata.category(character) == NONSPACING or unicodedata.bidirectional(character) in RIGHT_TO_LEFT:
        return False
    return any(ord(character) in face(style).characters for style in ITALIC)


def _runs(text: str, faces: Sequence[str]) -> list[tuple[Face, str]]:
    """`text` whole in the first face that covers it; else each stretch in the first that does."""
    candidates = [face(style) for style in faces]
    for source in candidates:
        if source.covers(text):
            return [(source, text)]
    chosen = [(next(one for one in candidates if one.covers(character)), character) for character in text]
    grouped = groupby(chosen, key=lambda pair: pair[0].name)
    return [_joined(list(group)) for _, group in grouped]


def _joined(pairs: list[tuple[Face, str]]) -> tuple[Face, str]:
    return pairs[0][0], "".join(character for _, character in pairs)
