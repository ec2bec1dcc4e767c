"""A word across the page, drawn as outlines: no reader of the text, and no copying, meets it."""

from __future__ import annotations

from functools import cache

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont
from markupsafe import escape

from app.rendering.assets import FONTS
from app.rendering.direction import reads_right_to_left

INK = "#eaeeed"  # so light that black text stays legible on it, on a printer too
CAPITAL = 660  # height of a capital letter in thousandths of the type size
SHORTEST = 3300  # a word of fewer thousandths is not enlarged to fill the page
_FACES = ("SourceSerifPro-Semibold.ttf", "DejaVuSans.ttf")


@cache
def draw_watermark(word: str) -> bytes:
    """A square SVG with `word` on its rising diagonal; b"" where single letters cannot draw it.

    Letters that join or run from right to left need more than their outlines in a row; such a
    label stands in the running head alone.
    """
    if reads_right_to_left(word):
        return b""
    outlines, width = _outlines(word)
    side = round((max(width, SHORTEST) + CAPITAL) / 2**0.5) + 40
    half = side // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-half} {-half} {side} {side}">'
        f"<title>{escape(word)}</title>"
        f'<g transform="rotate(-45) translate({-width / 2:.0f} {CAPITAL / 2:.0f}) scale(1 -1)" fill="{INK}">'
        f"{outlines}</g></svg>"
    ).encode()


def _outlines(word: str) -> tuple[str, float]:
    """The letters as paths side by side, and the width of the row, in thousandths of the type size."""
    faces = [TTFont(FONTS / name, lazy=True) for name in _FACES]
    paths, width = [], 0.0
    for letter in word:
        face = next((face for face in faces if ord(letter) in face.getBestCmap()), None)
        if face is None:
            continue
        scale = 1000 / face["head"].unitsPerEm
        name = face.getBestCmap()[ord(letter)]
        pen = SVGPathPen(face.getGlyphSet())
        face.getGlyphSet()[name].draw(pen)
        if pen.getCommands():
            paths.append(
                f'<path transform="translate({width:.1f} 0) scale({scale:.4f})" d="{pen.getCommands()}"/>'
            )
        width += face.getGlyphSet()[name].width * scale
    for face in faces:
        face.close()
    return "".join(paths), width
