"""A clause as its reader sees it: runs, blocks, schedules; the tree that `reading.read_clause` makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.clause import Clause
from app.services.reading_blanks import Blank
from app.services.reading_terms import TermPlace


class ReadingKind(StrEnum):
    TEXT = "text"
    DEFINITION = "definition"
    TERM = "term"
    BLANK = "blank"
    FACT = "fact"
    REFERENCE = "reference"
    ROLE = "role"


@dataclass(frozen=True, slots=True)
class ReadingRun:
    """A stretch of text. target: an anchor of this page for TERM, BLANK and DEFINITION, "#anchor"
    or a clause id for REFERENCE. note: what a reader may want to know of it.
    """

    text: str
    kind: ReadingKind = ReadingKind.TEXT
    target: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReadingBlock:
    """A numbered paragraph or item. conditions: "only if ...", of this block alone."""

    number: str
    level: int
    runs: tuple[ReadingRun, ...]
    conditions: tuple[str, ...]
    anchor: str
    children: tuple[ReadingBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingRow:
    cells: tuple[tuple[ReadingRun, ...], ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadingTable:
    header: ReadingRow
    rows: tuple[ReadingRow, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadingSchedule:
    title: str
    anchor: str
    conditions: tuple[str, ...]
    blocks: tuple[ReadingBlock | ReadingTable, ...]


@dataclass(frozen=True, slots=True)
class SummaryReading:
    runs: tuple[ReadingRun, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """One clause version, ready to be laid out."""

    clause: Clause
    blocks: tuple[ReadingBlock, ...]
    schedules: tuple[ReadingSchedule, ...]
    summary: tuple[SummaryReading, ...]
    terms: tuple[TermPlace, ...]
    blanks: tuple[Blank, ...]

    def texts(self) -> tuple[str, ...]:
        """Every block as one line of plain text, for redlines and for searching."""
        return (self.clause.title, *_texts(self.blocks), *_schedule_texts(self.schedules))


def _texts(blocks: Sequence[ReadingBlock | ReadingTable]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, ReadingTable):
            for row in (block.header, *block.rows):
                yield " | ".join(_join(cell) for cell in row.cells)
            continue
        conditions = "".join(f" ({words})" for words in block.conditions)
        yield f"{block.number} {_join(block.runs)}{conditions}".strip()
        yield from _texts(block.children)


def _schedule_texts(schedules: Sequence[ReadingSchedule]) -> Iterator[str]:
    for schedule in schedules:
        yield f"Schedule: {schedule.title}"
        yield from _texts(schedule.blocks)


def _join(runs: Sequence[ReadingRun]) -> str:
    return "".join(run.text for run in runs)
