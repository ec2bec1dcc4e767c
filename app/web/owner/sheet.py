"""The live sheet: the text of a draft as HTML, part by part, so that only changed parts travel.

A part is the head, a section's title, a clause, a schedule or the signatures. Parts without
marks are kept in memory by their text: an answer changes few of sixty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app
from markupsafe import Markup

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    Paragraph,
    RunKind,
    Runs,
    ScheduleText,
    TextTable,
    text_of,
)
from app.domain.printed_runs import placed_runs
from app.domain.review import ReviewState
from app.web.owner.redline import NO_MARKS, Marks, Piece, mark

KEPT_PARTS = 1500


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the sheet. `id` stays the same while answers change."""

    id: str
    html: Markup
    marked: bool


def lay_out(
    text: AgreementText, review: ReviewState, marks: Mapping[str, Marks] | None = None
) -> tuple[Part, ...]:
    """All parts in printed order."""
    return tuple(_parts(text, review, marks or {}))


def lay_out_wording(clause: ClauseText) -> Markup:
    """One clause without ids, to stand beside its other positions."""
    return _plain("wording", clause)


def _parts(text: AgreementText, review: ReviewState, marks: Mapping[str, Marks]) -> Iterator[Part]:
    head = marks.get("", NO_MARKS)
    yield _part("head", "head", head, text.title, text.subtitle, text.key_terms, text.intro)
    for section in text.sections:
        if section.title:
            yield _part(f"section-{section.clauses[0].family}", "section", NO_MARKS, section.title)
        for clause in section.clauses:
            yield _clause(clause, review, marks.get(clause.family, NO_MARKS), text)
    for schedule in text.schedules:
        yield _schedule(schedule, marks.get(schedule.family, NO_MARKS))
    yield _part("signatures", "signatures", NO_MARKS, text.signature_blocks)


def _clause(clause: ClauseText, review: ReviewState, marks: Marks, text: AgreementText) -> Part:
    state = "none" if clause.clause_id in review.waiting else "sample" if review.sample else "signed"
    # A passage of a schedule is marked there, not a second time here.
    return _part(clause.family, "clause", marks, clause, state, text.unit_word)


def _schedule(schedule: ScheduleText, marks: Marks) -> Part:
    own = Marks(marks.added, ())
    return _part(schedule.anchor, "schedule", own if _holds(schedule, own) else NO_MARKS, schedule)


def _holds(schedule: ScheduleText, marks: Marks) -> bool:
    return bool(marks.added) and any(text in marks.added for text in _texts(schedule))


def _texts(schedule: ScheduleText) -> Iterator[str]:
    blocks: list[Paragraph | TextTable] = list(schedule.blocks)
    while blocks:
        block = blocks.pop()
        if isinstance(block, TextTable):
            for row in (block.header, *block.rows):
                yield from (text_of(cell) for cell in row)
        else:
            yield text_of(block.runs)
            blocks += block.children


def _part(part_id: str, macro: str, marks: Marks, *values: Any) -> Part:
    if not marks:
        return Part(part_id, _plain(macro, *values), marked=False)
    return Part(part_id, _render(macro, marks, *values), marked=True)


@lru_cache(maxsize=KEPT_PARTS)
def _plain(macro: str, *values: Any) -> Markup:
    return _render(macro, NO_MARKS, *values)


def _render(macro: str, marks: Marks, *values: Any) -> Markup:
    module: Any = current_app.jinja_env.get_template("owner/sheet.html").module

    def pieces(runs: Runs) -> tuple[Piece, ...]:
        return mark(runs, marks)

    return Markup(getattr(module, macro)(pieces, marks, *values))  # noqa: S704  escaped by the template


def count_blanks(text: AgreementText) -> int:
    """How many different answers the text still waits for."""
    runs = (run for placed in placed_runs(text) for run in placed.runs)
    return len({run.target for run in runs if run.kind is RunKind.OPEN})
