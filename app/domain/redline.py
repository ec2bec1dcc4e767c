"""Redline: what was put in and what was taken out between two wordings, word by word.

Blocks (paragraphs) are paired first, so that one new paragraph does not turn the whole
text red; inside a pair words are compared. Both are deterministic.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

FEWEST_KEPT = 2  # words that stand between two changes
ALIKE = 0.5  # below this share of common words a paragraph is new, not changed
MOST_PAIRS = 40_000  # blocks times blocks: beyond it blocks are paired in order, without comparing all

_TOKEN = re.compile(r"\s+|\w+(?:[\u2019'-]\w+)*|[^\w\s]")


class Mark(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that was kept, put in or taken out."""

    mark: Mark
    text: str


Redline = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class WordCount:
    inserted: int
    removed: int

    @property
    def nothing(self) -> bool:
        return not (self.inserted or self.removed)


def compare_words(before: str, after: str) -> Redline:
    """The pieces whose SAME and REMOVED texts make up `before`, and SAME and INSERTED `after`."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    i = j = 0
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        inside = i < block.a or j < block.b
        last = block.a + block.size == len(old) and block.b + block.size == len(new)
        if inside and not last and _is_scrap(old[block.a : block.a + block.size]):
            continue  # one common word between changes: read as one change
        removed, inserted = "".join(old[i : block.a]), "".join(new[j : block.b])
        same = "".join(old[block.a : block.a + block.size])
        marked = ((Mark.REMOVED, removed), (Mark.INSERTED, inserted), (Mark.SAME, same))
        pieces += (Piece(mark, text) for mark, text in marked if text)
        i, j = block.a + block.size, block.b + block.size
    return tuple(pieces)


def compare_blocks(before: Sequence[str], after: Sequence[str]) -> tuple[Redline, ...]:
    """One redline for each block of either side, in reading order."""
    redlines: list[Redline] = []
    i = j = 0
    for old, new in (*_pair(before, after), (len(before), len(after))):
        redlines += ((Piece(Mark.REMOVED, text),) for text in before[i:old])
        redlines += ((Piece(Mark.INSERTED, text),) for text in after[j:new])
        if old < len(before) and new < len(after):
            redlines.append(compare_words(before[old], after[new]))
        i, j = old + 1, new + 1
    return tuple(redlines)


def count_words(redlines: Sequence[Redline]) -> WordCount:
    """How many words were put in and taken out."""
    totals: Counter[Mark] = Counter()
    for redline in redlines:
        for piece in redline:
            totals[piece.mark] += sum(token[0].isalnum() for token in _TOKEN.findall(piece.text))
    return WordCount(totals[Mark.INSERTED], totals[Mark.REMOVED])


def _is_scrap(tokens: Sequence[str]) -> bool:
    return sum(token[0].isalnum() for token in tokens) < FEWEST_KEPT


def _pair(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Which block became which: the order-keeping pairing with the greatest likeness in all."""
    if len(before) * len(after) > MOST_PAIRS:
        return [(index, index) for index in range(min(len(before), len(after)))]
    old, new = [_bag(text) for text in before], [_bag(text) for text in after]
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            paired = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], paired)
    return _walk(best, likeness)


def _walk(best: Sequence[Sequence[float]], likeness: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(likeness) and j < len(likeness[i]):
        if likeness[i][j] and best[i][j] == likeness[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _bag(text: str) -> Counter[str]:
    return Counter(token.casefold() for token in _TOKEN.findall(text) if not token.isspace())


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """The share of common words; 0 where it is too small for the blocks to be one changed block."""
    size = one.total() + other.total()
    share = 2 * (one & other).total() / size if size else 1.0
    return share if share >= ALIKE else 0.0
