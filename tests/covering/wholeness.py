"""What an agreement must be whatever was chosen, seen without the lint: resolved, defined once, filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from app.domain.agreement_text import AgreementText, Paragraph, RunKind, TextTable
from app.domain.printed_runs import placed_runs

_OURS = (RunKind.TEXT, RunKind.DEFINITION, RunKind.TERM, RunKind.ROLE, RunKind.REFERENCE)
_LEFT_OVERS = "{}[]<>*"


def faults_of(text: AgreementText) -> list[str]:
    """One line for each reference without a place, term without its one definition, blank or mark."""
    runs = [(placed.place, run) for placed in placed_runs(text) for run in placed.runs]
    defined = Counter(run.target for _, run in runs if run.kind is RunKind.DEFINITION)
    places = set(_anchors(text)) | set(defined)
    found = [f"{target} is defined {count} times" for target, count in defined.items() if count > 1]
    for place, run in runs:
        if run.kind is RunKind.OPEN:
            found.append(f"{place}: open: {run.text}")
        elif run.kind is RunKind.REFERENCE and run.target not in places:
            found.append(f"{place}: leads nowhere: {run.text}")
        elif run.kind is RunKind.TERM and run.target not in defined:
            found.append(f"{place}: nothing defines {run.text}")
        if run.kind in _OURS and set(run.text) & set(_LEFT_OVERS):
            found.append(f"{place}: left over: {run.text}")
    found += [f"clause {clause.number} is empty" for clause in text.clauses() if not clause.paragraphs]
    found += [f"schedule {schedule.number} is empty" for schedule in text.schedules if not schedule.blocks]
    numbers = [clause.number for clause in text.clauses()]
    if numbers != [str(number) for number in range(1, len(numbers) + 1)]:
        found.append(f"clauses are numbered {numbers}")
    return found


def _anchors(text: AgreementText) -> Iterator[str]:
    for clause in text.clauses():
        yield clause.anchor
        yield from _of_paragraphs(clause.paragraphs)
    for schedule in text.schedules:
        yield schedule.anchor
        for block in schedule.blocks:
            yield from (block.anchor,) if isinstance(block, TextTable) else _of_paragraphs((block,))


def _of_paragraphs(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield paragraph.anchor
        yield from _of_paragraphs(paragraph.children)
