"""Checks of the named conditions of a clause: names exist, comparisons can be true."""

from __future__ import annotations

from app.domain.clause import Clause, ParameterType
from app.domain.condition import (
    Comparison,
    Condition,
    ListLiteral,
    Literal,
    Name,
    comparisons_of,
    names_used,
    parse_condition,
    yes_no_names,
)
from app.domain.deal_facts import ALL_FACTS, FACT_TYPES, FACT_VALUES
from app.domain.errors import InvalidInput
from app.domain.lint.clause_uses import DEAL
from app.library.findings import FindingList, shorten
from app.library.toml_lines import LineIndex


def check_conditions(clause: Clause, lines: LineIndex, findings: FindingList) -> None:
    """Report conditions that name nothing, or that compare with a value that cannot occur."""
    for name, expression in clause.conditions.items():
        try:
            condition = parse_condition(expression)
        except InvalidInput:
            continue  # already reported where the front matter is read
        line = lines.line_of("conditions", name)
        _check_names(clause, condition, line, findings)
        for used in yes_no_names(condition):
            if _type_of(clause, used) not in (None, ParameterType.YESNO):
                message = f"{used} is no yes or no, so it cannot stand alone in {name}."
                findings.error("condition-syntax", line, message, "Compare it with a value.", name)
        for comparison in comparisons_of(condition):
            _check_comparison(clause, comparison, line, findings)


def _check_names(clause: Clause, condition: Condition, line: int, findings: FindingList) -> None:
    for used in sorted(names_used(condition)):
        if used.startswith(DEAL):
            if used.removeprefix(DEAL) not in ALL_FACTS:
                message = f"The deal has no fact {shorten(used)}."
                findings.error("fact-unknown", line, message, f"Use one of {', '.join(sorted(ALL_FACTS))}.")
        elif used not in clause.parameters:
            message = f"{shorten(used)} is no parameter of this clause."
            findings.error("param-unknown", line, message, "Declare it in [params].", used)


def _type_of(clause: Clause, name: str) -> ParameterType | None:
    if name.startswith(DEAL):
        fact = name.removeprefix(DEAL)
        return FACT_TYPES.get(fact, ParameterType.LIST if fact in ALL_FACTS else None)
    parameter = clause.parameters.get(name)
    return parameter.type if parameter else None


def _check_comparison(clause: Clause, comparison: Comparison, line: int, findings: FindingList) -> None:
    """A value that is no option never equals the answer: a misspelt condition would be silently false."""
    sides = (comparison.left, comparison.right)
    for side, other in (sides, sides[::-1]):
        if not isinstance(side, Name):
            continue
        options = _options_of(clause, side.name)
        for value in _texts_in(other):
            if options is not None and value not in options:
                message = f"{side.name} never has the value {shorten(value)!r}."
                findings.error(
                    "value-unknown", line, message, f"Use {', '.join(sorted(options))}.", side.name
                )


def _options_of(clause: Clause, name: str) -> frozenset[str] | None:
    if name.startswith(DEAL):
        return FACT_VALUES.get(name.removeprefix(DEAL))
    parameter = clause.parameters.get(name)
    if parameter is None or not parameter.options:
        return None
    return frozenset(option.value for option in parameter.options)


def _texts_in(operand: Literal | ListLiteral | Name) -> list[str]:
    if isinstance(operand, Name):
        return []
    literals = operand.items if isinstance(operand, ListLiteral) else (operand,)
    return [literal.value for literal in literals if isinstance(literal.value, str)]
