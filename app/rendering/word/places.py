"""Where references lead: bookmarks on the blocks that are referred to, and fields to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    Paragraph,
    Run,
    RunKind,
    Runs,
    ScheduleText,
    TextTable,
)
from app.domain.numbering import schedule_name
from app.rendering.word.elements import Element, make, make_field, make_run

Block: TypeAlias = ClauseText | ScheduleText | Paragraph | TextTable


@dataclass(frozen=True, slots=True)
class Place:
    """bookmark: its name. path: the number that a REF field computes, "" where it cannot."""

    bookmark: str
    path: str


class PlaceBook:
    """The places of one agreement: by anchor for those who refer, by block for who sets the bookmark."""

    def __init__(self, text: AgreementText) -> None:
        self._wanted = {run.target for run in _all_runs(text) if run.kind is RunKind.REFERENCE}
        self._wanted |= {term.target for term in text.key_terms}
        self._places: dict[str, Place] = {}
        self._bookmarks: dict[int, str] = {}  # by the identity of the block: equal blocks may repeat
        for clause in text.clauses():
            self._add((clause.anchor,), clause, clause.number)
            self._add_paragraphs(clause.paragraphs, clause)
        for schedule in text.schedules:
            self._add((schedule.anchor,), schedule, schedule_name(schedule.number))
            for block in schedule.blocks:
                anchors = (block.anchor, *(_defined(block) if isinstance(block, Paragraph) else ()))
                self._add(anchors, block, "")

    def bookmark_of(self, block: Block) -> str:
        """The bookmark to set at this block, or "" where nothing refers to it."""
        return self._bookmarks.get(id(block), "")

    def make_reference(self, text: str, target: str, *properties: Element) -> list[Element]:
        """`text` as a REF field where it ends with the number of its target, else as a link."""
        place = self._places.get(target)
        if place is None:
            return [make_run(text, *properties)]
        if place.path and text.endswith(place.path):
            before = text.removesuffix(place.path)
            field = make_field(f"REF {place.bookmark} \\w \\h", place.path, *properties)
            return ([make_run(before, *properties)] if before else []) + field
        return [make("w:hyperlink", make_run(text, *properties), anchor=place.bookmark, history="1")]

    def _add_paragraphs(self, blocks: tuple[Paragraph, ...], clause: ClauseText) -> None:
        """A sole paragraph has no number; a field that asks for it must ask the clause's heading."""
        for block in blocks:
            home = block if block.number else clause
            self._add((block.anchor, *_defined(block)), home, block.path)
            self._add_paragraphs(block.children, clause)

    def _add(self, anchors: tuple[str, ...], home: Block, path: str) -> None:
        for anchor in self._wanted.intersection(anchors) - {""}:
            bookmark = self._bookmarks.setdefault(id(home), f"_Ref{len(self._bookmarks) + 1:06d}")
            self._places.setdefault(anchor, Place(bookmark, path))


def _defined(block: Paragraph) -> tuple[str, ...]:
    return tuple(run.target for run in block.runs if run.kind is RunKind.DEFINITION)


def _all_runs(text: AgreementText) -> Iterator[Run]:
    for row in _all_texts(text):
        yield from row


def _all_texts(text: AgreementText) -> Iterator[Runs]:
    yield from (term.value for term in text.key_terms)
    for clause in text.clauses():
        yield from _paragraph_texts(clause.paragraphs)
    for schedule in text.schedules:
        for block in schedule.blocks:
            if isinstance(block, Paragraph):
                yield from _paragraph_texts((block,))
            else:
                yield from (cell for row in (block.header, *block.rows) for cell in row)


def _paragraph_texts(blocks: tuple[Paragraph, ...]) -> Iterator[Runs]:
    for block in blocks:
        yield block.runs
        yield from _paragraph_texts(block.children)
