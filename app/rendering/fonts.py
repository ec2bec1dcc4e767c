"""The bundled fonts: the only ones that a paper can use, and the characters they cover."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from fontTools.ttLib import TTFont
from weasyprint.text.ffi import ffi, fontconfig, gobject, pangoft2
from weasyprint.text.fonts import FontConfiguration

from app.rendering.assets import FONTS

# Pango's font map is not safe across threads: each thread has its own configuration.
_own = threading.local()

# Characters that shape their neighbours and print nothing: joiners, selectors, soft hyphen, word joiner.
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
_LAYOUT = frozenset("\n")

ffi.cdef("FcConfig * FcConfigCreate (void);")


class BundledFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint has no types
    """A font configuration that begins empty instead of with the fonts of the machine.

    The base class loads the system's configuration, so the same text could come out in
    other fonts elsewhere (an emoji font, say). WeasyPrint is pinned to the version whose
    attributes are set here.
    """

    def __init__(self) -> None:
        self._config = fontconfig.FcConfigCreate()
        for path in sorted(FONTS.glob("*.ttf")):
            if not fontconfig.FcConfigAppFontAddFile(self._config, str(path).encode()):
                raise FileNotFoundError(path)
        self.font_map = ffi.gc(pangoft2.pango_ft2_font_map_new(), gobject.g_object_unref)
        pangoft2.pango_fc_font_map_set_config(ffi.cast("PangoFcFontMap *", self.font_map), self._config)
        fontconfig.FcConfigDestroy(self._config)  # the font map holds its own reference
        self._folder = None
        self.strut_layouts: dict[object, object] = {}
        self.font_features: dict[object, object] = {}


def font_configuration() -> BundledFonts:
    """This thread's font configuration, made once."""
    if not hasattr(_own, "fonts"):
        _own.fonts = BundledFonts()
    fonts = _own.fonts
    assert isinstance(fonts, BundledFonts)
    return fonts


@cache
def covered_characters() -> frozenset[int]:
    """The code points for which a bundled font has a glyph."""
    covered: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)


def missing_characters(text: str) -> str:
    """The characters of `text`, each once and in order, that no bundled font can print.

    Control, surrogate, private and bidirectional control characters count as missing.
    """
    missing = (char for char in dict.fromkeys(text) if not _can_print(char))
    return "".join(missing)


def describe_character(char: str) -> str:
    """A character for a message: "U+4E2D 中 (CJK UNIFIED IDEOGRAPH-4E2D)"."""
    name = unicodedata.name(char, "no name")
    shown = f" {char}" if char.isprintable() else ""
    return f"U+{ord(char):04X}{shown} ({name})"


def _can_print(char: str) -> bool:
    if char in _LAYOUT or char in _INVISIBLE:
        return True
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
        return False
    return ord(char) in covered_characters()
