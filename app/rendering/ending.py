"""The text that stays on one page with the signatures, so that they never stand alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.agreement_text import AgreementText, Paragraph, TextTable, text_of
from app.rendering.stationery import PageSize

# What fits beside two signature blocks and the seal on one page, with room to spare.
MOST_CHARACTERS = {PageSize.A4: 780, PageSize.LETTER: 560}
CHARACTERS_OF_A_ROW = 90
CHARACTERS_OF_A_BLOCK = 750


@dataclass(frozen=True, slots=True)
class Ending:
    """The clause or schedule (by its anchor) before the signatures, and its first block that is kept.

    kept_from: 0 where the whole of it is kept together with the signatures.
    """

    anchor: str
    kept_from: int


NO_ENDING = Ending("", 0)


def find_ending(text: AgreementText, page_size: PageSize) -> Ending:
    """The last clause or schedule where it is short, otherwise as many of its last blocks as fit.

    A table that fills pages cannot be kept; then the result is NO_ENDING.
    """
    clauses = tuple(text.clauses())
    blocks: tuple[Paragraph | TextTable, ...]
    if text.schedules:
        anchor, blocks = text.schedules[-1].anchor, text.schedules[-1].blocks
    elif clauses:
        anchor, blocks = clauses[-1].anchor, clauses[-1].paragraphs
    else:
        return NO_ENDING
    kept_from, room = len(blocks), MOST_CHARACTERS[page_size] - _excess_of_signatures(text)
    while kept_from and (room := room - _size(blocks[kept_from - 1])) >= 0:
        kept_from -= 1
    if kept_from == len(blocks) and blocks and isinstance(blocks[-1], Paragraph):
        kept_from -= 1  # one long paragraph: the page breaks inside it
    return Ending(anchor, kept_from) if kept_from < len(blocks) else NO_ENDING


def _excess_of_signatures(text: AgreementText) -> int:
    """Characters that signature blocks beyond the second, and names of several lines, take away."""
    names = sum(
        max(0, len(part) - CHARACTERS_OF_A_ROW)
        for block in text.signature_blocks
        for part in (block.label + block.party, block.name, block.capacity)
    )
    return names + CHARACTERS_OF_A_BLOCK * max(0, len(text.signature_blocks) - 2)


def _size(block: Paragraph | TextTable) -> int:
    """Characters, rounded up by what the white space around them costs."""
    if isinstance(block, Paragraph):
        return len(text_of(block.runs)) + 40 + sum(_size(child) for child in block.children)
    rows = (block.header, *block.rows)
    return sum(CHARACTERS_OF_A_ROW + max(len(text_of(cell)) for cell in row) for row in rows)
