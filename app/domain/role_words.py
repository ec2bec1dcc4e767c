"""`Assistant` and `Client` in clause texts and headings: where they stand and where they may not."""

from __future__ import annotations

import re

from app.domain.clause import Role, RoleUse, Words

_ROLE_WORD = re.compile(r"\b(Assistant|Client)\b")
_MISUSED = re.compile(r"\b(?:[Aa]n? (?:Assistant|Client)\b|(?:Assistants|Clients)\b)")


def split_role_words(text: str) -> tuple[Words | RoleUse, ...]:
    """Literal text as words and role words, in order; nothing is lost or added."""
    pieces = _ROLE_WORD.split(text)
    return tuple(
        RoleUse(Role(piece)) if index % 2 else Words(piece)
        for index, piece in enumerate(pieces)
        if piece
    )


def has_role_word(text: str) -> bool:
    return _ROLE_WORD.search(text) is not None


def misused_role_words(text: str) -> tuple[str, ...]:
    """Forms that no contract template can print rightly: "an Assistant", "Clients"."""
    return tuple(match.group(0) for match in _MISUSED.finditer(text))
