"""How the signer's pages say times, days, sizes and addresses."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

WORDS_A_MINUTE = 180


def say_day(moment: datetime) -> str:
    """ "29 November 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def in_zones(moment: datetime) -> Markup:
    """A time element in UTC; a script adds the reader's own zone before it."""
    words = f"{moment.day} {moment:%B %Y, %H:%M} UTC"
    return Markup('<time datetime="{}" data-local>{}</time>').format(moment.isoformat(), words)


def mask_email(address: str) -> str:
    """ "l***@santos.example": enough to know the mailbox, too little to learn the address."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}***@{domain}"


def say_size(count: int) -> str:
    """ "412 KB"."""
    return f"{max(1, round(count / 1000))} KB" if count < 950_000 else f"{count / 1_000_000:.1f} MB"


def reading_minutes(words: int) -> int:
    """How long reading takes, to the next five minutes."""
    return max(5, -(-words // WORDS_A_MINUTE // 5) * 5)
