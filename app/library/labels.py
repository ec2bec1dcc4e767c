"""The labels of paragraphs and items in clause files: (a), (i), (1)."""

from __future__ import annotations

from collections.abc import Sequence


def _letters(count: int) -> list[str]:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return (list(alphabet) + [first + second for first in alphabet for second in alphabet])[:count]


def _roman(number: int) -> str:
    parts = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    text = ""
    for value, symbol in parts:
        count, number = divmod(number, value)
        text += symbol * count
    return text


LETTERS: Sequence[str] = _letters(200)
ROMANS: Sequence[str] = [_roman(number) for number in range(1, 81)]
NUMBERS: Sequence[str] = [str(number) for number in range(1, 200)]


class LabelSequence:
    """Labels that must follow one another without a gap."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels
        self._next = 0

    def expected(self) -> str:
        return self._labels[min(self._next, len(self._labels) - 1)]

    def accept(self, label: str) -> bool:
        """Whether `label` is the next one. Counting goes on from a wrong one: one fault, one finding."""
        fits = self._next < len(self._labels) and label == self._labels[self._next]
        if not fits and label in self._labels:
            self._next = self._labels.index(label)
        self._next += 1
        return fits
