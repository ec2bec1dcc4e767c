"""The defined terms of one agreement: where each is defined, how it may be used, and their index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.agreement_text import Run, RunKind, Runs
from app.domain.clause import Block, BlockKind, Clause
from app.domain.numbering import NumberedClause, schedule_name, walk
from app.domain.pruning import KeptBlock, KeptClause, KeptTable
from app.domain.terms import anchor_of_term, definitions_in, forms_of, inlines_of
from app.domain.typography import NO_BREAK_SPACE, typographic

DEFINITIONS_FAMILY = "definitions"

# Stands for the generated paragraph; known by identity, printed by `print_index`.
INDEX_BLOCK = Block(BlockKind.PARAGRAPH, (), anchor="index-of-terms")
_INDEX_LEAD = "These terms are defined in other parts of this agreement: "


@dataclass(frozen=True, slots=True)
class DefinedTerm:
    """One definition that stands in the agreement. `place` is as a reference prints it."""

    term: str
    clause: Clause
    place: str


def add_index(clauses: Sequence[KeptClause]) -> tuple[KeptClause, ...]:
    """Give the definitions clause a last paragraph for the index, if another clause defines a term."""
    elsewhere = any(
        any(True for _ in _defined_by(kept)) for kept in clauses if kept.clause.family != DEFINITIONS_FAMILY
    )
    if not elsewhere:
        return tuple(clauses)
    return tuple(
        replace(kept, blocks=(*kept.blocks, KeptBlock(INDEX_BLOCK)))
        if kept.clause.family == DEFINITIONS_FAMILY and kept.blocks
        else kept
        for kept in clauses
    )


def collect_definitions(unit_word: str, clauses: Sequence[NumberedClause]) -> tuple[DefinedTerm, ...]:
    """Every definition that stands, in printed order."""
    found: list[DefinedTerm] = []
    for clause in clauses:
        owner = clause.kept.clause
        for block in walk(clause.blocks):
            place = f"{unit_word}{NO_BREAK_SPACE}{block.path}"
            found += (DefinedTerm(term, owner, place) for term in definitions_in(block.kept.block.inlines))
        for schedule in clause.schedules:
            name = schedule_name(schedule.number)
            for block in walk(schedule.blocks):
                terms = definitions_in(block.kept.block.inlines)
                found += (DefinedTerm(term, owner, block.path) for term in terms)
            for table in schedule.blocks:
                if isinstance(table, KeptTable):
                    found += (DefinedTerm(term, owner, name) for term in _defined_in_table(table))
    return tuple(found)


def anchors_by_form(definitions: Sequence[DefinedTerm]) -> Mapping[str, str]:
    """Printed form -> anchor of the definition; the first definition of a form wins."""
    anchors: dict[str, str] = {}
    for defined in definitions:
        for form in forms_of(defined.clause, defined.term):
            anchors.setdefault(form, anchor_of_term(defined.term))
    return anchors


def print_index(definitions: Sequence[DefinedTerm]) -> Runs:
    """`These terms are defined in other parts of this agreement: Access Code (clause 9(a)) and ...`."""
    others = {
        defined.term: defined
        for defined in reversed(definitions)
        if defined.clause.family != DEFINITIONS_FAMILY
    }
    ordered = sorted(others.values(), key=lambda defined: defined.term.casefold())
    runs = [Run(_INDEX_LEAD)]
    for index, defined in enumerate(ordered):
        if index:
            runs.append(Run(") and " if index == len(ordered) - 1 else "), "))
        anchor = anchor_of_term(defined.term)
        runs += (
            Run(typographic(defined.term, opens=False), RunKind.TERM, anchor),
            Run(" ("),
            Run(defined.place, RunKind.REFERENCE, anchor),
        )
    runs.append(Run(")."))
    return tuple(runs)


def _defined_by(kept: KeptClause) -> Iterator[str]:
    for block in kept.blocks:
        yield from _defined_in_block(block)
    for schedule in kept.schedules:
        for part in schedule.blocks:
            yield from _defined_in_table(part) if isinstance(part, KeptTable) else _defined_in_block(part)


def _defined_in_block(kept: KeptBlock) -> Iterator[str]:
    yield from definitions_in(kept.block.inlines)
    for child in kept.children:
        yield from _defined_in_block(child)


def _defined_in_table(kept: KeptTable) -> Iterator[str]:
    standing = replace(kept.table, rows=tuple(row.row for row in kept.rows))
    for inlines in inlines_of(standing):
        yield from definitions_in(inlines)
