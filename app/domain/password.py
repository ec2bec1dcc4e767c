"""Which passwords are refused: too short, too long, known to everybody, or about the person.

Works without asking anybody: the commonest long passwords are variations of few words, rows of
keys and repetitions, so the shape is judged instead of a list of millions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SHORTEST = 12
LONGEST = 128  # characters; also bounds the work of hashing
FEWEST_DIFFERENT = 5

WORDS = """
    password passwort passwd passphrase secret geheim letmein welcome iloveyou admin administrator
    root user guest login master superman batman monkey dragon sunshine princess football baseball
    qwerty qwertz azerty asdf trustno abc test changeme default temp company office owner lawyer
    contract agreement countersign signature summer winter spring autumn january february march
    april june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday hello correcthorsebatterystaple whatever starwars pokemon computer
    internet samsung google facebook
"""
COMMON_WORDS = frozenset(WORDS.split())
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "01234567890123456789",
    "98765432109876543210",
)
LOOKALIKES = str.maketrans("@40135$78", "aaoiessbb")
RUN = 4  # that many neighbours on a row of keys count as one place
FREE = 6  # digits and signs that people add to a common word, such as a year


def find_weakness(password: str, about: Iterable[str] = ()) -> str:
    """Why this password is refused, in a sentence with its remedy; "" if it is not.

    about: the person's name, e-mail address and business.
    """
    if len(password) < SHORTEST:
        return f"Use {SHORTEST} characters or more. Three or four words that do not belong together are good."
    if len(password) > LONGEST:
        return f"Use {LONGEST} characters or fewer."
    if len(set(password.casefold())) < FEWEST_DIFFERENT or _is_repetition(password):
        return "This repeats itself too much. Use three or four words that do not belong together."
    if _is_common(password):
        return "This is one of the passwords that are tried first. Use words that do not belong together."
    if _is_about(password, about):
        return "This is made of your name, address or business, which others know. Use other words."
    return ""


def _is_repetition(password: str) -> bool:
    return re.fullmatch(r"(.{1,6}?)\1+.{0,2}", password.casefold()) is not None


def _is_common(password: str) -> bool:
    """Whether little remains once common words, rows of keys, years and digits are taken away."""
    plain = password.casefold()
    return min(_rest(plain), _rest(plain.translate(LOOKALIKES))) < RUN


def _rest(text: str) -> int:
    for word in sorted(COMMON_WORDS, key=len, reverse=True):
        text = text.replace(word, " ")
    kept = _without_rows(text).replace(" ", "")
    letters = sum(character.isalpha() for character in kept)
    return letters + max(0, len(kept) - letters - FREE)


def _without_rows(text: str) -> str:
    kept = []
    start = 0
    while start < len(text):
        length = max(_run_length(text, start, row) for row in (*ROWS, *(row[::-1] for row in ROWS)))
        if length < RUN:
            kept.append(text[start])
            length = 1
        start += length
    return "".join(kept)


def _run_length(text: str, start: int, row: str) -> int:
    length = 1
    while start + length < len(text) and text[start : start + length + 1] in row:
        length += 1
    return length if text[start] in row else 0


def _is_about(password: str, about: Iterable[str]) -> bool:
    plain = re.sub(r"[\W_]", "", password.casefold())
    words = {part for text in about for part in re.split(r"[\W_]+", text.casefold()) if len(part) >= RUN}
    words |= {re.sub(r"[\W_]", "", text.casefold()) for text in about} - {""}
    for word in sorted(words, key=len, reverse=True):
        plain = plain.replace(word, "")
    return len(re.sub(r"\d", "", plain)) < RUN and bool(words)
