"""Walking through the printed text: every run with the place where a reader finds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    Paragraph,
    Run,
    Runs,
    ScheduleText,
    TextTable,
)
from app.domain.definitions import DEFINITIONS_FAMILY, INDEX_BLOCK
from app.domain.references import anchor_of

KEY_TERMS = "Key Terms"
INDEX_OF_TERMS = anchor_of(DEFINITIONS_FAMILY, INDEX_BLOCK.anchor)


@dataclass(frozen=True, slots=True)
class PlacedRuns:
    """The runs of one block or cell. `place` as people say it: "clause 7(b)", "Schedule 1"."""

    place: str
    family: str  # "" for the Key Terms
    runs: Runs
    is_index: bool = False  # the generated index of terms


def placed_runs(text: AgreementText) -> Iterator[PlacedRuns]:
    """All blocks of clauses and schedules in printed order; the Key Terms repeat answers and come last."""
    for clause in text.clauses():
        yield from _of_paragraphs(clause.paragraphs, clause.family, f"{text.unit_word} ")
    for schedule in text.schedules:
        yield from _of_schedule(schedule)
    for row in text.key_terms:
        yield PlacedRuns(KEY_TERMS, "", row.value)


def runs_of_clause(text: AgreementText, clause: ClauseText) -> Iterator[Run]:
    """Every run of a clause and of its schedules."""
    for placed in _of_paragraphs(clause.paragraphs, clause.family, ""):
        yield from placed.runs
    for schedule in text.schedules:
        if schedule.family == clause.family:
            for placed in _of_schedule(schedule):
                yield from placed.runs


def _of_schedule(schedule: ScheduleText) -> Iterator[PlacedRuns]:
    place = f"Schedule {schedule.number}"
    for block in schedule.blocks:
        if isinstance(block, TextTable):
            for cells in (block.header, *block.rows):
                for cell in cells:
                    yield PlacedRuns(place, schedule.family, cell)
        else:
            yield from _of_paragraphs((block,), schedule.family, "")


def _of_paragraphs(paragraphs: Iterable[Paragraph], family: str, prefix: str) -> Iterator[PlacedRuns]:
    for paragraph in paragraphs:
        place = (prefix + paragraph.path).replace("\u00a0", " ")
        yield PlacedRuns(place, family, paragraph.runs, paragraph.anchor == INDEX_OF_TERMS)
        yield from _of_paragraphs(paragraph.children, family, prefix)
