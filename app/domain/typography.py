"""Typography of library text: quotes, apostrophes, no-break spaces and the printed role words.

Only what we drafted passes here. What people answered is data and stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from app.domain.clause import Role

NO_BREAK_SPACE = "\u00a0"

_OPENING_QUOTE = re.compile(r"(?:(?<=[\s(\[\u2013\u2014/\u00a0\u201c\u2018])|^)([\"'])(?=\S)")
_UNITS = "minutes?|hours?|days?|weeks?|months?|years?|[Bb]usiness|per|percent|%|U\\.S\\.C\\."
_JOINS = (
    # a number and what it counts
    re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))"),
    # a section sign or the name of a part and its number
    re.compile(r"(?<=\u00a7) (?=\d)"),
    re.compile(
        r"(?<![A-Za-z])(?P<part>[Cc]lauses?|[Ss]ections?|Schedule|[Pp]aragraph|Articles?|arts?\.|No\.) (?=\d)"
    ),
)
_ROLE_WORD = re.compile(r"\b(Assistant|Client)\b")


@lru_cache(maxsize=32768)
def typographic(text: str, *, opens: bool = True) -> str:
    """Give `text` typographic quotes and no-break spaces.

    opens: whether a quotation mark at the very start opens a quotation; False where the
    text goes on directly after a word ("'s report").
    """
    return join_numbers(_curl(text, opens=opens))


def join_numbers(text: str) -> str:
    """Put a no-break space between a number and the word that belongs to it."""
    if not any(character.isdigit() for character in text):
        return text
    text = _JOINS[0].sub(NO_BREAK_SPACE, text)
    text = _JOINS[1].sub(NO_BREAK_SPACE, text)
    return _JOINS[2].sub(lambda match: match["part"] + NO_BREAK_SPACE, text)


def print_role_words(text: str, role_words: Mapping[Role, str]) -> str:
    """Replace the role words in a text that is not parsed, such as a heading or a label."""
    return _ROLE_WORD.sub(lambda match: role_words.get(Role(match[1]), match[1]), text)


def print_heading(text: str, role_words: Mapping[Role, str]) -> str:
    return print_role_words(typographic(text), role_words)


def _curl(text: str, *, opens: bool) -> str:
    if '"' not in text and "'" not in text:
        return text
    first = "" if opens else "x"
    curled = _OPENING_QUOTE.sub(lambda match: "\u201c" if match[1] == '"' else "\u2018", first + text)
    return curled[len(first) :].replace('"', "\u201d").replace("'", "\u2019")
