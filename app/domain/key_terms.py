"""The Key Terms page: the answers that matter most, and the clause that uses each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.agreement_text import KeyTerm, Run, RunKind, Runs
from app.domain.clause import Clause, FactUse, Inline, Parameter, ParameterType
from app.domain.condition import names_used
from app.domain.deal import DEAL, parsed_condition
from app.domain.numbering import NumberedClause, schedule_name, walk
from app.domain.outline import Outline
from app.domain.printing import blank, print_fact, print_parameter
from app.domain.pruning import KeptTable, list_name
from app.domain.references import ReferenceBook, anchor_of
from app.domain.text_printer import TextPrinter
from app.domain.typography import print_heading


def print_key_terms(outline: Outline, printer: TextPrinter) -> tuple[KeyTerm, ...]:
    """The rows in the template's order; what the chosen positions do not ask has no row."""
    printing = _first_to_print(outline)
    rows = (
        _fact_row(outline, printer, key, printing)
        if key.startswith(DEAL)
        else _parameter_row(outline, printer, key)
        for key in outline.deal.contract_template.key_terms
    )
    return tuple(row for row in rows if row is not None)


def _first_to_print(outline: Outline) -> Mapping[str, NumberedClause]:
    """Name of a fact -> the first clause that prints it."""
    found: dict[str, NumberedClause] = {}
    for clause in outline.clauses:
        for name in _facts_in(clause):
            found.setdefault(name, clause)
    return found


def _fact_row(
    outline: Outline, printer: TextPrinter, key: str, printing: Mapping[str, NumberedClause]
) -> KeyTerm | None:
    name = key.removeprefix(DEAL)
    fact = outline.deal.contract_template.facts.get(name)
    if fact is None:
        return None
    deciding = (clause for clause in outline.clauses if _depends_on(clause.kept.clause, key))
    user = printing.get(name) or next(deciding, None)
    return _row(printer, fact, print_fact(outline.deal, name), outline.references, user)


def _parameter_row(outline: Outline, printer: TextPrinter, key: str) -> KeyTerm | None:
    family, _, name = key.partition(".")
    numbered = next((each for each in outline.clauses if each.kept.clause.family == family), None)
    if numbered is None:
        return None
    clause = numbered.kept.clause
    parameter = clause.parameters.get(name)
    if parameter is None or not outline.deal.is_asked(clause, parameter):
        return None
    value = _value(outline, numbered, clause, parameter)
    return _row(printer, parameter, value, outline.references, numbered) if value else None


def _value(outline: Outline, numbered: NumberedClause, clause: Clause, parameter: Parameter) -> Runs:
    """The answer; for a table the schedule that shows it. A list without entries says nothing."""
    answer = outline.deal.value(clause, parameter.name)
    if parameter.type is ParameterType.LIST and answer == []:
        return ()
    if parameter.type is not ParameterType.TABLE:
        return print_parameter(outline.deal, clause, parameter.name)
    if answer is None:
        return (blank(outline.deal, f"{clause.family}.{parameter.name}"),)
    for schedule in numbered.schedules:
        for block in schedule.blocks:
            if not isinstance(block, KeptTable) and list_name(block.kept.block) == parameter.name:
                target = anchor_of(clause.family, schedule.kept.schedule.anchor)
                return (Run(schedule_name(schedule.number), RunKind.REFERENCE, target),)
    return ()


def _row(
    printer: TextPrinter,
    parameter: Parameter,
    value: Runs,
    references: ReferenceBook,
    user: NumberedClause | None,
) -> KeyTerm:
    label = print_heading(parameter.label or parameter.name, printer.role_words)
    if user is None:
        return KeyTerm(label, value, "", "")
    family = user.kept.clause.family
    return KeyTerm(label, value, references.name(references.destinations[family, ""]), family)


def _depends_on(clause: Clause, key: str) -> bool:
    """Whether a condition of the clause asks for the fact."""
    return any(key in names_used(parsed_condition(expression)) for expression in clause.conditions.values())


def _facts_in(clause: NumberedClause) -> Iterator[str]:
    for block in walk(clause.blocks):
        yield from _fact_names(block.kept.block.inlines)
    for schedule in clause.schedules:
        for part in schedule.blocks:
            if isinstance(part, KeptTable):
                for row in part.rows:
                    for cell in row.row.cells:
                        yield from _fact_names(cell)
        for block in walk(schedule.blocks):
            yield from _fact_names(block.kept.block.inlines)


def _fact_names(inlines: tuple[Inline, ...]) -> Iterator[str]:
    return (inline.name for inline in inlines if isinstance(inline, FactUse))
