"""Which blocks of a clause stand under the answers, before anything is numbered or printed.

A block whose condition is false falls with all that is below it; one whose condition is
still open stays and remembers for which answers it waits. `(*) {{list}}` becomes one block
for each element, and the endings of a list are computed for the items that are left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.clause import Block, BlockKind, Clause, Inline, ParameterUse, Schedule, Table, TableRow, Words
from app.domain.deal import Deal
from app.domain.printing import list_elements

_LINKED_ENDINGS = ("; and", "; or")
_ENDINGS = (*_LINKED_ENDINGS, ";", ".")


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block that stands.

    waiting: question keys on whose answers the block depends.
    element: for an EACH block, the one element to print; None while the list is not answered.
    ending: what replaces the ending of an item in a list; None keeps the text's own.
    """

    block: Block
    children: tuple[KeptBlock, ...] = ()
    waiting: tuple[str, ...] = ()
    element: str | None = None
    ending: str | None = None


@dataclass(frozen=True, slots=True)
class KeptRow:
    row: TableRow
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptTable:
    table: Table
    rows: tuple[KeptRow, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptSchedule:
    schedule: Schedule
    blocks: tuple[KeptBlock | KeptTable, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeptClause:
    clause: Clause
    blocks: tuple[KeptBlock, ...]
    schedules: tuple[KeptSchedule, ...]


def prune_clause(deal: Deal, clause: Clause) -> KeptClause:
    """The blocks and schedules of `clause` that stand under the answers of the deal."""
    blocks = tuple(kept for block in clause.blocks for kept in _prune_block(deal, clause, block))
    schedules = (_prune_schedule(deal, clause, schedule) for schedule in clause.schedules)
    return KeptClause(clause, blocks, tuple(schedule for schedule in schedules if schedule is not None))


def list_name(block: Block) -> str:
    """The parameter of an EACH or TABLE_PARAMETER block."""
    return next((inline.name for inline in block.inlines if isinstance(inline, ParameterUse)), "")


def ending_of(inlines: Sequence[Inline]) -> str:
    """How the text of an item ends: `; and`, `; or`, `;`, `.` or nothing of these."""
    if not inlines or not isinstance(inlines[-1], Words):
        return ""
    text = inlines[-1].text.rstrip()
    return next((ending for ending in _ENDINGS if text.endswith(ending)), "")


def without_ending(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    ending = ending_of(inlines)
    if not ending:
        return inlines
    last = inlines[-1]
    assert isinstance(last, Words)
    text = last.text.rstrip().removesuffix(ending)
    return (*inlines[:-1], Words(text)) if text else inlines[:-1]


def _prune_schedule(deal: Deal, clause: Clause, schedule: Schedule) -> KeptSchedule | None:
    decision = deal.decide(clause, schedule.guards)
    if decision.stands is False:
        return None
    blocks: list[KeptBlock | KeptTable] = []
    for block in schedule.blocks:
        if isinstance(block, Table):
            blocks.extend(_prune_table(deal, clause, block))
        else:
            blocks.extend(_prune_block(deal, clause, block))
    return KeptSchedule(schedule, tuple(blocks), decision.waiting)


def _prune_table(deal: Deal, clause: Clause, table: Table) -> tuple[KeptTable, ...]:
    decision = deal.decide(clause, table.guards)
    if decision.stands is False:
        return ()
    rows = []
    for row in table.rows:
        row_decision = deal.decide(clause, row.guards)
        if row_decision.stands is not False:
            rows.append(KeptRow(row, row_decision.waiting))
    return (KeptTable(table, tuple(rows), decision.waiting),)


def _prune_block(deal: Deal, clause: Clause, block: Block) -> tuple[KeptBlock, ...]:
    decision = deal.decide(clause, block.guards)
    if decision.stands is False:
        return ()
    if block.kind is BlockKind.EACH:
        return _expand_list(deal, clause, block, decision.waiting)
    if not block.children:
        return (KeptBlock(block, waiting=decision.waiting),)
    children = [kept for child in block.children for kept in _prune_block(deal, clause, child)]
    finished = _with_endings(clause, block.children, children)
    return (KeptBlock(block, finished, decision.waiting),)


def _expand_list(deal: Deal, clause: Clause, block: Block, waiting: tuple[str, ...]) -> tuple[KeptBlock, ...]:
    name = list_name(block)
    parameter, value = clause.parameters.get(name), deal.value(clause, name)
    if parameter is None or value is None:
        return (KeptBlock(block, waiting=waiting),)
    elements = list_elements(deal, parameter, value)
    return tuple(KeptBlock(block, waiting=waiting, element=element) for element in elements)


def _with_endings(
    clause: Clause, source: Sequence[Block], kept: Sequence[KeptBlock]
) -> tuple[KeptBlock, ...]:
    """Give the items that are left `;`, `; and` (or `; or`) and `.`, unless all are sentences."""
    endings = [ending_of(item.inlines) for item in source]
    expands = any(item.kind is BlockKind.EACH for item in source)
    if not expands and all(ending in ("", ".") for ending in endings):
        return tuple(kept)
    linked = next((ending for ending in endings if ending in _LINKED_ENDINGS), None)
    link = linked or f"; {_conjunction(clause, source)}"
    last = len(kept) - 1
    return tuple(
        replace(item, ending="." if index == last else link if index == last - 1 else ";")
        for index, item in enumerate(kept)
    )


def _conjunction(clause: Clause, source: Sequence[Block]) -> str:
    for item in source:
        parameter = clause.parameters.get(list_name(item)) if item.kind is BlockKind.EACH else None
        if parameter is not None:
            return parameter.join
    return "and"
