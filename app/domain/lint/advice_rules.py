"""Rules that warn: what the owner may do, but should know about."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.clause import Clause, Parameter, ParameterType, Position
from app.domain.coverage import COVERAGE_NAMES, compute_coverage
from app.domain.finding import Finding
from app.domain.lint.examination import Examination, Rule, warning

AGREED_COMPENSATION = "agreed-compensation"
MIN_BASIS_WORDS = 3  # "legal fees only" is a basis, "loss" is none

# Strict positions of these say how, where and with what the work is done: facts that courts and
# authorities count as signs of employment.
CONTROL_FAMILIES = (
    "directives",
    "take-home",
    "device-security",
    "workspace",
    "access-logging",
    "background-check",
    "subcontracting",
    "conflict-of-interest",
)
CONTROL_LIMIT = 4


def seed_risk_uncovered(seen: Examination) -> Iterator[Finding]:
    answered = {code for clause in seen.text.clauses() for code in clause.addresses}
    if answered.issuperset(seen.contract_template.promised_coverage):
        return
    coverage = compute_coverage(seen.library, seen.contract_template, seen.text)
    for code in coverage.broken_promises:
        entry = coverage.entry(code)
        message = f"{code}, {COVERAGE_NAMES[code]}: no clause of this agreement answers it."
        offers = ", ".join(entry.offers)
        remedy = f"Choose one of {offers}." if offers else "Choose another contract template."
        yield warning("seed-risk-uncovered", message, remedy, where=code, subject=code)


def penalty_without_basis(seen: Examination) -> Iterator[Finding]:
    clause = seen.outline.deal.selection.by_family.get(AGREED_COMPENSATION)
    if clause is None:
        return
    for name, parameter in clause.parameters.items():
        if parameter.type is not ParameterType.MONEY or not _is_due(seen, clause, parameter):
            continue
        basis = clause.parameters.get(name.removesuffix("sum") + "basis")
        if not name.endswith("sum") or (basis is not None and _is_stated(seen, clause, basis)):
            continue
        message = f"{seen.label(parameter)} has no basis that says how the sum was worked out."
        remedy = "Name the cost items: without them a court may take the sum for a penalty."
        place = seen.place_of(clause.family)
        yield warning(
            "penalty-without-basis", message, remedy, where=place, subject=f"{clause.family}.{name}"
        )


def control_heavy(seen: Examination) -> Iterator[Finding]:
    """Only an individual can turn out to be an employee."""
    if seen.outline.deal.fact("assistant_kind") == "company":
        return
    strict = [
        clause
        for clause in seen.clauses
        if clause.family in CONTROL_FAMILIES and clause.position is Position.STRICT
    ]
    if len(strict) >= CONTROL_LIMIT:
        places = seen.numbers(clause.family for clause in strict)
        message = f"{len(strict)} strict clauses control how the work is done: {places}."
        remedy = "Together they may make a contractor look like an employee. Soften some, or ask a lawyer."
        yield warning("control-heavy", message, remedy, where=places, subject=strict[0].family)


def _is_due(seen: Examination, clause: Clause, parameter: Parameter) -> bool:
    deal = seen.outline.deal
    return deal.is_asked(clause, parameter) and deal.value(clause, parameter.name) is not None


def _is_stated(seen: Examination, clause: Clause, basis: Parameter) -> bool:
    value = seen.outline.deal.value(clause, basis.name)
    return isinstance(value, str) and len(value.split()) >= MIN_BASIS_WORDS


RULES: tuple[Rule, ...] = (seed_risk_uncovered, penalty_without_basis, control_heavy)
