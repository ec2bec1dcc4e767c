"""`Assistant` and `Client` in clause texts and headings: where they stand and where they may not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.clause import Role, RoleUse, Words

# Begins with the words themselves, not with \b: the search then jumps to capital A and C.
_ROLE_WORD = re.compile(r"(Assistant|Client)(s?)\b")


def split_role_words(text: str) -> tuple[Words | RoleUse, ...]:
    """Literal text as words and role words, in order; nothing is lost or added."""
    pieces: list[Words | RoleUse] = []
    position = 0
    for found in _role_words(text):
        if found[2]:
            continue  # "Clients": no role word, and reported by misused_role_words
        if found.start() > position:
            pieces.append(Words(text[position : found.start()]))
        pieces.append(RoleUse(Role(found[1])))
        position = found.end()
    if position < len(text):
        pieces.append(Words(text[position:]))
    return tuple(pieces)


def has_role_word(text: str) -> bool:
    return any(not found[2] for found in _role_words(text))


def misused_role_words(text: str) -> tuple[str, ...]:
    """Forms that no contract template can print rightly: "an Assistant", "Clients"."""
    forms = []
    for found in _role_words(text):
        before = text[max(0, found.start() - 12) : found.start()].split(" ")
        article = before[-2].strip("(\"“'") if len(before) > 1 and not before[-1] else ""
        if found[2]:
            forms.append(found[0])
        elif article.lower() in ("a", "an"):
            forms.append(f"{article} {found[1]}")
    return tuple(forms)


def _role_words(text: str) -> Iterator[re.Match[str]]:
    for found in _ROLE_WORD.finditer(text):
        start = found.start()
        if start == 0 or not (text[start - 1].isalnum() or text[start - 1] == "_"):
            yield found
