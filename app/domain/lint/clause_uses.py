"""What a clause tree mentions and where: its texts with the conditions under which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.clause import (
    Block,
    BlockKind,
    Clause,
    Definition,
    FactUse,
    Guard,
    Inline,
    ParameterType,
    ParameterUse,
    Reference,
    ReferenceList,
    Table,
)
from app.domain.condition import names_used, parse_condition
from app.domain.errors import InvalidInput

HAS = "has:"
DEAL = "deal."


@dataclass(frozen=True, slots=True)
class Passage:
    """One stretch of clause text: a block without its children, or a table cell.

    guards: its own conditions and those of everything around it.
    """

    inlines: tuple[Inline, ...]
    guards: tuple[Guard, ...]
    line: int
    kind: BlockKind | None  # None: a cell
    is_heading: bool = False  # a cell of a table's header: words in Title Case that use no term


@dataclass(frozen=True, slots=True)
class AnchorPlace:
    anchor: str
    guards: tuple[Guard, ...]
    line: int


def passages_of(clause: Clause) -> Iterator[Passage]:
    """Every text of the body and the schedules, in order."""
    for block in clause.blocks:
        yield from _passages(block, ())
    for schedule in clause.schedules:
        for part in schedule.blocks:
            if isinstance(part, Table):
                yield from _cells(part, schedule.guards)
            else:
                yield from _passages(part, schedule.guards)


def _passages(block: Block, around: tuple[Guard, ...]) -> Iterator[Passage]:
    guards = around + block.guards
    yield Passage(block.inlines, guards, block.line, block.kind)
    for child in block.children:
        yield from _passages(child, guards)


def _cells(table: Table, around: tuple[Guard, ...]) -> Iterator[Passage]:
    guards = around + table.guards
    for cell in table.header:
        yield Passage(cell, guards, table.line, None, is_heading=True)
    for row in table.rows:
        for cell in row.cells:
            yield Passage(cell, guards + row.guards, row.line, None)


def anchors_of(clause: Clause) -> Iterator[AnchorPlace]:
    """Every anchor with all conditions under which its block stands."""
    for block in clause.blocks:
        yield from _anchors(block, ())
    for schedule in clause.schedules:
        if schedule.anchor:
            yield AnchorPlace(schedule.anchor, schedule.guards, schedule.line)
        for part in schedule.blocks:
            yield from _anchors(part, schedule.guards)


def _anchors(block: Block | Table, around: tuple[Guard, ...]) -> Iterator[AnchorPlace]:
    guards = around + block.guards
    if block.anchor:
        yield AnchorPlace(block.anchor, guards, block.line)
    if isinstance(block, Block):
        for child in block.children:
            yield from _anchors(child, guards)


def guards_of(clause: Clause) -> Iterator[tuple[Guard, int]]:
    """Every condition with the line on which it stands; line 0 for the summary."""
    for line in clause.summary:
        yield from ((guard, 0) for guard in line.guards)
    for block in clause.blocks:
        yield from _guards(block)
    for schedule in clause.schedules:
        yield from ((guard, schedule.line) for guard in schedule.guards)
        for part in schedule.blocks:
            yield from _guards(part)


def _guards(block: Block | Table) -> Iterator[tuple[Guard, int]]:
    yield from ((guard, block.line) for guard in block.guards)
    if isinstance(block, Table):
        for row in block.rows:
            yield from ((guard, row.line) for guard in row.guards)
    else:
        for child in block.children:
            yield from _guards(child)


def definitions_of(clause: Clause) -> Iterator[tuple[str, Passage]]:
    """Every term that the clause defines, with the passage that does."""
    for passage in passages_of(clause):
        for inline in passage.inlines:
            if isinstance(inline, Definition):
                yield inline.term, passage


def line_of_key(clause: Clause, key: str) -> int:
    """The line of a key in the front matter of the clause's file; 0 where it has no file text."""
    # Searched without splitting: it is asked some thousand times while a library is loaded.
    text = "\n" + clause.source
    end = text.find("\n+++\n", 1)
    front = text if end < 0 else text[:end]
    places = [place for sign in (" =", "=") if (place := front.find(f"\n{key}{sign}")) >= 0]
    return front.count("\n", 0, min(places) + 1) if places else 0


def families_referred_to(inline: Inline) -> tuple[tuple[str, bool], ...]:
    """(family, optional) for every other family that a reference names."""
    if isinstance(inline, ReferenceList):
        return inline.targets
    if isinstance(inline, Reference) and inline.family:
        return ((inline.family, False),)
    return ()


def families_named(clause: Clause) -> Iterator[tuple[str, int]]:
    """Every other family's id that the clause writes down, with its line."""
    yield from ((family, line_of_key(clause, "requires")) for family in clause.requires)
    conflicts = (name.partition(".")[0] for name in clause.conflicts)
    yield from ((family, line_of_key(clause, "conflicts")) for family in conflicts)
    for guard, line in guards_of(clause):
        if guard.condition.startswith(HAS):
            yield guard.condition.removeprefix(HAS), line or line_of_key(clause, "summary")
    for parameter in clause.parameters.values():
        if parameter.when.startswith(HAS):
            yield parameter.when.removeprefix(HAS), parameter.line
    for passage in passages_of(clause):
        for inline in passage.inlines:
            yield from ((family, passage.line) for family, _ in families_referred_to(inline))


def condition_names(clause: Clause, condition: str) -> frozenset[str]:
    """Parameters and `deal.` facts in a named condition of the clause; none where it cannot be read."""
    try:
        return names_used(parse_condition(clause.conditions[condition]))
    except (KeyError, InvalidInput):
        return frozenset()


def facts_used(clause: Clause) -> frozenset[str]:
    """The facts of the deal that the clause prints or decides by, `currency` of its sums included."""
    facts = {
        inline.name for inlines in _all_inlines(clause) for inline in inlines if isinstance(inline, FactUse)
    }
    for condition in clause.conditions:
        names = condition_names(clause, condition)
        facts |= {name.removeprefix(DEAL) for name in names if name.startswith(DEAL)}
    sums = [
        parameter
        for parameter in clause.parameters.values()
        if parameter.type is ParameterType.MONEY
        or any(column.type is ParameterType.MONEY for column in parameter.columns)
    ]
    if any(not parameter.currency for parameter in sums):
        facts.add("currency")
    return frozenset(facts)


def parameters_printed(clause: Clause) -> frozenset[str]:
    """The parameters that the contract text prints; the summary does not count."""
    return frozenset(
        inline.name
        for passage in passages_of(clause)
        for inline in passage.inlines
        if isinstance(inline, ParameterUse)
    )


def _all_inlines(clause: Clause) -> Iterator[tuple[Inline, ...]]:
    yield from (passage.inlines for passage in passages_of(clause))
    yield from (line.inlines for line in clause.summary)
