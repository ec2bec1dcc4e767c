"""Schedules: texts, numbered paragraphs, tables of the clause file and tables of answers."""

from __future__ import annotations

from app.domain.agreement_text import Paragraph, Run, RunKind, Runs, ScheduleText, TextTable
from app.domain.blocks import print_block
from app.domain.clause import BlockKind, Clause, Column, Parameter
from app.domain.numbering import NumberedBlock, NumberedClause, NumberedSchedule
from app.domain.printing import NOTHING_LISTED, blank, print_cell
from app.domain.pruning import KeptTable, list_name
from app.domain.references import anchor_of
from app.domain.text_printer import TextPrinter
from app.domain.typography import print_heading


def print_schedules(printer: TextPrinter, clause: NumberedClause) -> tuple[ScheduleText, ...]:
    return tuple(_print_schedule(printer, clause.kept.clause, schedule) for schedule in clause.schedules)


def _print_schedule(printer: TextPrinter, clause: Clause, schedule: NumberedSchedule) -> ScheduleText:
    blocks: list[Paragraph | TextTable] = []
    if schedule.kept.waiting:
        blocks.append(_waiting_line(printer, schedule.kept.waiting))
    for block in schedule.blocks:
        if isinstance(block, KeptTable):
            blocks.extend(_print_table(printer, clause, block))
        elif block.kept.block.kind is BlockKind.TABLE_PARAMETER:
            blocks.extend(_print_answer_table(printer, clause, block))
        else:
            blocks.append(print_block(printer, clause, block))
    source = schedule.kept.schedule
    return ScheduleText(
        number=schedule.number,
        title=print_heading(source.title, printer.role_words),
        anchor=anchor_of(clause.family, source.anchor),
        family=clause.family,
        blocks=tuple(blocks),
    )


def _print_table(printer: TextPrinter, clause: Clause, kept: KeptTable) -> list[Paragraph | TextTable]:
    header = tuple(printer.runs(clause, cell) for cell in kept.table.header)
    rows = []
    for kept_row in kept.rows:
        cells = [printer.runs(clause, cell) for cell in kept_row.row.cells]
        if kept_row.waiting and cells:
            cells[0] = printer.waiting_runs(kept_row.waiting) + cells[0]
        rows.append(tuple(cells))
    table = TextTable(header, tuple(rows), anchor_of(clause.family, kept.table.anchor))
    return [_waiting_line(printer, kept.waiting), table] if kept.waiting else [table]


def _print_answer_table(
    printer: TextPrinter, clause: Clause, block: NumberedBlock
) -> list[Paragraph | TextTable]:
    """The table that a person filled in; "none" where it was left empty, a blank where it is open."""
    source = block.kept.block
    name = list_name(source)
    key = f"{clause.family}.{name}"
    anchor = anchor_of(clause.family, source.anchor)
    parameter, value = clause.parameters.get(name), printer.deal.value(clause, name)
    marks = printer.waiting_runs(block.kept.waiting)
    before: list[Paragraph | TextTable] = [Paragraph("", 0, marks[:-1])] if marks else []
    if parameter is None or value is None:
        return [*before, Paragraph("", 0, (blank(printer.deal, key),), anchor, block.path)]
    rows = value if isinstance(value, list) else []
    if not rows:
        none = Run(NOTHING_LISTED.capitalize() + ".", RunKind.ANSWER, key)
        return [*before, Paragraph("", 0, (none,), anchor, block.path)]
    header = tuple(_title(printer, column) for column in parameter.columns)
    cells = tuple(_print_row(printer, parameter, row, key) for row in rows)
    return [*before, TextTable(header, cells, anchor)]


def _title(printer: TextPrinter, column: Column) -> Runs:
    return (Run(print_heading(column.title or column.name, printer.role_words)),)


def _print_row(printer: TextPrinter, parameter: Parameter, row: object, key: str) -> tuple[Runs, ...]:
    values = row if isinstance(row, dict) else {}
    columns = parameter.columns
    return tuple(print_cell(printer.deal, column, values.get(column.name), key) for column in columns)


def _waiting_line(printer: TextPrinter, waiting: tuple[str, ...]) -> Paragraph:
    return Paragraph("", 0, printer.waiting_runs(waiting)[:-1])
