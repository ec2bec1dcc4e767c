"""Rules between the clauses of a library: families, anchors, terms and parameters fit together.

Errors of this kind can only be seen with all clauses at hand. Every position of a family
must offer what other families use, because the owner may choose any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.clause import Clause, Guard, Parameter, ParameterType, Position, Reference
from app.domain.condition import Comparison, ListLiteral, Literal, Name, comparisons_of, parse_condition
from app.domain.contract_template import Jurisdiction
from app.domain.deal_facts import COUNTRIES, FACT_TYPES
from app.domain.errors import InvalidInput
from app.domain.finding import Finding, Severity
from app.domain.lint.clause_uses import (
    DEAL,
    HAS,
    Passage,
    anchors_of,
    line_of_key,
    passages_of,
)
from app.domain.lint.term_rules import check_terms
from app.domain.territory import ANYWHERE, EUROPEAN_UNION


@dataclass(frozen=True, slots=True)
class _Check:
    clause: Clause
    clauses: Mapping[str, Clause]
    families: frozenset[str]  # those that have a file, readable or not
    places: Mapping[str, Jurisdiction]

    def error(self, rule: str, line: int, message: str, remedy: str, subject: str = "") -> Finding:
        return Finding(
            rule, Severity.ERROR, message, remedy, self.clause.path or self.clause.id, line, subject
        )

    def positions(self, family: str) -> tuple[Clause, ...]:
        ids = (f"{family}.{position}" for position in Position)
        return tuple(self.clauses[id_] for id_ in ids if id_ in self.clauses)


def check_clauses(
    clauses: Mapping[str, Clause],
    jurisdictions: Mapping[str, Jurisdiction],
    unreadable: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """All errors between clauses.

    clauses: by clause id. unreadable: ids of clauses whose files have errors of their own;
    they count as present, and nothing is reported that only they could answer.
    """
    families = frozenset(id_.partition(".")[0] for id_ in (*clauses, *unreadable))
    findings: list[Finding] = []
    for clause in clauses.values():
        check = _Check(clause, clauses, families, jurisdictions)
        findings += _check_families(check)
        findings += _check_fallback(check, unreadable)
        findings += _check_places(check)
        findings += _check_anchors(check)
        findings += _check_drift(check)
    findings += check_terms(clauses, frozenset(id_.partition(".")[0] for id_ in unreadable))
    return tuple(findings)


# --- families --------------------------------------------------------------------------


def _check_families(check: _Check) -> Iterator[Finding]:
    """Ids outside the closed list are errors of the file itself; here, whether the required ones exist."""
    for family in check.clause.requires:
        if family not in check.families:
            line = line_of_key(check.clause, "requires")
            message = f"The required family {family} has no clause file."
            yield check.error("family-unknown", line, message, "Add its files, or do not require it.", family)


def _check_fallback(check: _Check, unreadable: frozenset[str]) -> Iterator[Finding]:
    clause, fallback = check.clause, check.clause.fallback_to
    if not fallback:
        return
    if fallback not in check.clauses and fallback not in unreadable:
        message = f"The fallback {fallback!r} has no clause file."
    elif fallback == clause.id or fallback.partition(".")[0] != clause.family:
        message = f"The fallback {fallback!r} is not another position of {clause.family}."
    else:
        return
    yield check.error(
        "fallback-unknown",
        line_of_key(clause, "fallback_to"),
        message,
        'Name another position, or write "".',
        fallback,
    )


def _check_places(check: _Check) -> Iterator[Finding]:
    """Codes of places that do not exist would never match a country, and nobody would notice."""
    if not check.places:
        return
    rules = check.clause.jurisdictions
    line = line_of_key(check.clause, "jurisdictions")
    written = [(code, line) for code in (*rules.fits, *rules.review, *rules.excluded)]
    known = {*check.places, ANYWHERE, EUROPEAN_UNION}
    for code, place in (*written, *_places_compared(check.clause)):
        if code not in known:
            message = f"There is no country or state {code!r}."
            yield check.error(
                "value-unknown", place, message, "Use a code of jurisdictions/names.toml.", code
            )


def _places_compared(clause: Clause) -> Iterator[tuple[str, int]]:
    for name, expression in clause.conditions.items():
        try:
            comparisons = tuple(comparisons_of(parse_condition(expression)))
        except InvalidInput:
            continue
        for comparison in comparisons:
            if any(_is_country(clause, side) for side in (comparison.left, comparison.right)):
                yield from ((text, line_of_key(clause, name)) for text in _texts_of(comparison))


def _is_country(clause: Clause, operand: Literal | ListLiteral | Name) -> bool:
    if not isinstance(operand, Name):
        return False
    if operand.name.startswith(DEAL):
        fact = operand.name.removeprefix(DEAL)
        return fact == COUNTRIES or FACT_TYPES.get(fact) is ParameterType.COUNTRY
    parameter = clause.parameters.get(operand.name)
    return parameter is not None and parameter.type is ParameterType.COUNTRY


def _texts_of(comparison: Comparison) -> Iterator[str]:
    for operand in (comparison.left, comparison.right):
        literals = operand.items if isinstance(operand, ListLiteral) else (operand,)
        for literal in literals:
            if isinstance(literal, Literal) and isinstance(literal.value, str):
                yield literal.value


# --- anchors ---------------------------------------------------------------------------


def _check_anchors(check: _Check) -> Iterator[Finding]:
    for passage in passages_of(check.clause):
        for inline in passage.inlines:
            if isinstance(inline, Reference) and inline.family and inline.anchor:
                yield from _check_anchor(check, inline, passage)


def _check_anchor(check: _Check, reference: Reference, passage: Passage) -> Iterator[Finding]:
    family, anchor = reference.family, reference.anchor
    for target in check.positions(family):
        places = [place for place in anchors_of(target) if place.anchor == anchor]
        if not places:
            message = f"{target.id} has no block {{#{anchor}}}."
            remedy = "Give every position of the family that anchor."
            yield check.error("anchor-missing", passage.line, message, remedy, family)
        elif not any(shared_guards(place.guards) <= set(passage.guards) for place in places):
            message = f"The block {{#{anchor}}} of {target.id} can vanish."
            remedy = "Refer to a block that has no condition of its own."
            yield check.error("ref-unguarded", passage.line, message, remedy, family)


def shared_guards(guards: tuple[Guard, ...]) -> set[Guard]:
    """Guards as another clause must repeat them; a named condition means nothing outside its clause."""
    return {
        guard if guard.condition.startswith(HAS) else Guard(f"own condition {guard.condition}")
        for guard in guards
    }


# --- parameters ------------------------------------------------------------------------


def _check_drift(check: _Check) -> Iterator[Finding]:
    """Answers belong to the family and survive a change of position, so types must agree."""
    for other in check.positions(check.clause.family):
        if other.id == check.clause.id:
            break  # each pair once, reported at the later position
        for name, parameter in check.clause.parameters.items():
            counterpart = other.parameters.get(name)
            if counterpart is not None and _kind(parameter) != _kind(counterpart):
                message = f"{name} is {_describe(parameter)} here and {_describe(counterpart)} in {other.id}."
                remedy = "Use one type and unit in all positions, or another name."
                yield check.error("param-drift", parameter.line, message, remedy, name)


def _kind(parameter: Parameter) -> tuple[object, ...]:
    columns = tuple((column.name, column.type) for column in parameter.columns)
    return (parameter.type, parameter.unit, parameter.currency, parameter.of, columns)


def _describe(parameter: Parameter) -> str:
    return " ".join(word for word in (str(parameter.type), parameter.unit, parameter.currency) if word)
