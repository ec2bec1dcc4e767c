"""Two agreement texts side by side: which parts differ, and in which words.

Parts are paired by what they are (a clause by its family, a schedule by its anchor), so that a
clause that moved is compared with itself, and a number that changed because a clause further up came
in is no difference. Numbers of paragraphs are left out; numbers in references are words like others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.agreement_text import AgreementText, Paragraph, ScheduleText, TextTable, text_of
from app.domain.redline import Redline, WordCount, compare_blocks, count_words

OPENING, KEY_TERMS, SIGNATURES = "Title and parties", "Key Terms", "Signatures"


class PartChange(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of one text. name: "clause 7"; position: of a clause, else ""."""

    key: str
    name: str
    title: str
    position: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """A part of either text; the one or the other is None where it is missing there."""

    before: TextPart | None
    after: TextPart | None
    redlines: tuple[Redline, ...]
    count: WordCount

    @property
    def shown(self) -> TextPart:
        part = self.after or self.before
        assert part is not None
        return part

    @property
    def change(self) -> PartChange:
        if self.before is None:
            return PartChange.ADDED
        if self.after is None:
            return PartChange.REMOVED
        moved = self.before.position != self.after.position or self.before.title != self.after.title
        return PartChange.SAME if self.count.nothing and not moved else PartChange.CHANGED


def compare_texts(before: AgreementText, after: AgreementText) -> tuple[ComparedPart, ...]:
    """All parts in the order of `after`; a part that is gone stands where it stood in `before`."""
    old = {part.key: part for part in text_parts(before)}
    new = {part.key: part for part in text_parts(after)}
    return tuple(_compare(old.get(key), new.get(key)) for key in _merge(list(old), list(new)))


def text_parts(text: AgreementText) -> tuple[TextPart, ...]:
    """The printed text cut into its parts, in printed order."""
    terms = (f"{row.label}: {text_of(row.value)}" for row in text.key_terms)
    signatures = (
        ", ".join(word for word in (one.party, one.name, one.capacity) if word) or "nobody named"
        for one in text.signature_blocks
    )
    labels = (one.label for one in text.signature_blocks)
    return (
        _part("opening", "", OPENING, "", (text.title, text.subtitle, text.intro)),
        _part("key-terms", "", KEY_TERMS, "", terms),
        *(
            _part(
                f"clause:{one.family}",
                f"{text.unit_word} {one.number}",
                one.title,
                one.position,
                _paragraphs(one.paragraphs),
            )
            for one in text.clauses()
        ),
        *(
            _part(f"schedule:{one.anchor}", f"Schedule {one.number}", one.title, "", _schedule(one))
            for one in text.schedules
        ),
        _part("signatures", "", SIGNATURES, "", map(": ".join, zip(labels, signatures, strict=True))),
    )


def _part(key: str, name: str, title: str, position: str, blocks: Iterator[str] | Sequence[str]) -> TextPart:
    spaced = (" ".join(block.split()) for block in blocks)
    return TextPart(key, name, title, position, tuple(block for block in spaced if block))


def _compare(before: TextPart | None, after: TextPart | None) -> ComparedPart:
    old, new = (part.blocks if part else () for part in (before, after))
    redlines = compare_blocks(old, new)
    return ComparedPart(before, after, redlines, count_words(redlines))


def _merge(old: list[str], new: list[str]) -> list[str]:
    """Every key once: the new order, with what is only in the old one behind what it stood behind."""
    merged = list(new)
    for place, key in enumerate(old):
        if key not in merged:
            known = [one for one in old[:place] if one in merged]
            merged.insert(merged.index(known[-1]) + 1 if known else 0, key)
    return merged


def _paragraphs(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield text_of(paragraph.runs)
        yield from _paragraphs(paragraph.children)


def _schedule(schedule: ScheduleText) -> Iterator[str]:
    for block in schedule.blocks:
        if isinstance(block, TextTable):
            for row in (block.header, *block.rows):
                yield " | ".join(text_of(cell) for cell in row)
        else:
            yield from _paragraphs((block,))
