"""Defined terms across clauses: every use has a definition that stands wherever the use does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.clause import Clause, Guard, ParameterUse, TermUse
from app.domain.finding import Finding, Severity
from app.domain.lint.clause_uses import HAS, Passage, definitions_of, passages_of
from app.domain.terms import forms_of

# A parameter in business days prints this term, which its clause then uses (clauses/README.md).
BUSINESS_DAYS, BUSINESS_DAY = "business days", "Business Day"


@dataclass(frozen=True, slots=True)
class _Definition:
    clause: Clause
    term: str
    guards: frozenset[Guard]


def check_terms(clauses: Mapping[str, Clause], unreadable: frozenset[str]) -> Iterator[Finding]:
    """`term-undefined` and `term-unguarded` for every use; `unreadable` families are taken on trust."""
    index = _index(clauses)
    positions: dict[str, list[Clause]] = {}
    for clause in clauses.values():
        positions.setdefault(clause.family, []).append(clause)
    for clause in clauses.values():
        seen: set[tuple[str, int]] = set()
        for passage, form in _uses(clause):
            if (form, passage.line) in seen:
                continue
            seen.add((form, passage.line))
            if not unreadable & _reachable(clause, passage):
                yield from _check_use(clause, passage, form, index, positions)


def _index(clauses: Mapping[str, Clause]) -> dict[str, list[_Definition]]:
    """Definitions by every form in which their term may be used."""
    index: dict[str, list[_Definition]] = {}
    for clause in clauses.values():
        for term, passage in definitions_of(clause):
            definition = _Definition(clause, term, frozenset(passage.guards))
            for form in forms_of(clause, term):
                index.setdefault(form, []).append(definition)
    return index


def _uses(clause: Clause) -> Iterator[tuple[Passage, str]]:
    for passage in passages_of(clause):
        for inline in passage.inlines:
            if isinstance(inline, TermUse):
                yield passage, inline.form
            elif isinstance(inline, ParameterUse):
                parameter = clause.parameters.get(inline.name)
                if parameter is not None and parameter.unit == BUSINESS_DAYS:
                    yield passage, BUSINESS_DAY


def _reachable(clause: Clause, passage: Passage) -> frozenset[str]:
    """The families that are present wherever this passage is printed."""
    guarded = {
        guard.condition.removeprefix(HAS)
        for guard in passage.guards
        if guard.condition.startswith(HAS) and not guard.negated
    }
    return frozenset({clause.family, *clause.requires, *guarded})


def _check_use(
    clause: Clause,
    passage: Passage,
    form: str,
    index: Mapping[str, list[_Definition]],
    positions: Mapping[str, list[Clause]],
) -> Iterator[Finding]:
    own = [definition for definition in index.get(form, []) if definition.clause.id == clause.id]
    if own:
        if not any(definition.guards <= frozenset(passage.guards) for definition in own):
            yield _unguarded(clause, passage, form, clause.id)
        return
    reachable = _reachable(clause, passage) - {clause.family}
    owners = [found for found in index.get(form, []) if found.clause.family in reachable]
    if not owners:
        yield _undefined(clause, passage, form, index.get(form, []))
        return
    # One family that defines the term in all its positions is enough.
    families = {definition.clause.family for definition in owners}
    faults = [_family_fault(clause, passage, form, family, owners, positions) for family in sorted(families)]
    if all(faults):
        yield from (fault for fault in faults[:1] if fault)


def _family_fault(
    clause: Clause,
    passage: Passage,
    form: str,
    family: str,
    owners: list[_Definition],
    positions: Mapping[str, list[Clause]],
) -> Finding | None:
    for position in positions[family]:
        definitions = [owner for owner in owners if owner.clause.id == position.id]
        if not definitions:
            message = f"{position.id} does not define {form!r}, other positions of {family} do."
            remedy = "Define the term in every position of the family that owns it."
            return _error("term-undefined", clause, passage, message, remedy, form)
        if not any(_stands(definition, passage) for definition in definitions):
            return _unguarded(clause, passage, form, position.id)
    return None


def _stands(definition: _Definition, passage: Passage) -> bool:
    """Whether the definition is printed wherever the passage of another clause is."""
    shared = all(guard.condition.startswith(HAS) for guard in definition.guards)
    return shared and definition.guards <= frozenset(passage.guards)


def _undefined(clause: Clause, passage: Passage, form: str, elsewhere: list[_Definition]) -> Finding:
    if elsewhere:
        owner = elsewhere[0].clause.family
        message = f"{form!r} is defined in {owner}, which may be absent here."
        remedy = f"Add {owner} to requires, or {{when=has:{owner}}} to the block."
    else:
        message, remedy = f"No clause defines {form!r}.", "Correct the spelling, or define the term."
    return _error("term-undefined", clause, passage, message, remedy, form)


def _unguarded(clause: Clause, passage: Passage, form: str, owner: str) -> Finding:
    message = f"The definition of {form!r} in {owner} can vanish while this use stands."
    return _error("term-unguarded", clause, passage, message, "Give both the same conditions.", form)


def _error(rule: str, clause: Clause, passage: Passage, message: str, remedy: str, form: str) -> Finding:
    return Finding(rule, Severity.ERROR, message, remedy, clause.path or clause.id, passage.line, form)
