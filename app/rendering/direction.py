"""Text that runs from right to left, and how it is kept from turning its neighbours round."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

LEFT_TO_RIGHT_MARK = "\u200e"
FIRST_STRONG_ISOLATE = "\u2068"
POP_DIRECTIONAL_ISOLATE = "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def reads_right_to_left(text: str) -> bool:
    """Whether any letter of `text` belongs to a script written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text)


def begins_right_to_left(text: str) -> bool:
    """Whether the first letter of `text` is of a script written from right to left (UAX #9, P2)."""
    strong = (kind for kind in map(unicodedata.bidirectional, text) if kind in {"L", "R", "AL"})
    return next(strong, "L") != "L"


def join_plain(parts: Iterable[str], separator: str = " · ") -> str:
    """The parts that are not empty, in left-to-right order whatever their letters do."""
    kept = [part for part in parts if part]
    joined = separator.join(isolate_plain(part) for part in kept)
    return f"{LEFT_TO_RIGHT_MARK}{joined}" if reads_right_to_left(joined) else joined


def isolate_plain(text: str) -> str:
    """`text`, between isolating characters (UAX #9, 2.4) where it runs from right to left.

    For places that know no markup, such as running heads.
    """
    if not reads_right_to_left(text):
        return text
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_DIRECTIONAL_ISOLATE}"
