"""Checks of a contract template against the clauses that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.clause import Clause, Role
from app.domain.contract_template import ContractTemplate, FamilySlot, Purpose
from app.domain.deal_facts import COUNTRIES
from app.domain.lint.clause_uses import facts_used
from app.library.findings import FindingList, shorten
from app.library.template_facts import check_facts
from app.library.toml_lines import LineIndex

_FIELD_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38}[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class KnownClauses:
    """The clauses that a template may name. Made once, asked by every template.

    unreadable: ids of clauses whose files have errors of their own. facts: by id, the facts of
    the deal that a clause uses.
    """

    clauses: Mapping[str, Clause]
    unreadable: frozenset[str]
    facts: Mapping[str, frozenset[str]]


def know_clauses(clauses: Mapping[str, Clause], unreadable: frozenset[str] = frozenset()) -> KnownClauses:
    facts = {id_: frozenset(facts_used(clause)) for id_, clause in clauses.items()}
    return KnownClauses(clauses, unreadable, facts)


@dataclass(frozen=True, slots=True)
class _Check:
    template: ContractTemplate
    known: KnownClauses
    lines: LineIndex
    findings: FindingList

    @property
    def clauses(self) -> Mapping[str, Clause]:
        return self.known.clauses

    @property
    def unreadable(self) -> frozenset[str]:
        return self.known.unreadable

    def default_clauses(self) -> tuple[Clause, ...]:
        """The clauses of the default selection that exist."""
        ids = (f"{slot.family}.{slot.position}" for slot in self.template.slots() if _by_default(slot))
        return tuple(self.clauses[id_] for id_ in ids if id_ in self.clauses)

    def selectable_clauses(self) -> tuple[Clause, ...]:
        """Every position of every family of the template."""
        families = {slot.family for slot in self.template.slots()}
        return tuple(clause for clause in self.clauses.values() if clause.family in families)

    def complete(self) -> bool:
        """Whether every clause of the default selection can be read; otherwise its sums mean nothing."""
        ids = {f"{slot.family}.{slot.position}" for slot in self.template.slots()}
        return not ids & self.unreadable


def check_contract_template(
    template: ContractTemplate, known: KnownClauses, lines: LineIndex, findings: FindingList
) -> None:
    """Report every name that the library does not have and every default that does not hold together."""
    check = _Check(template, known, lines, findings)
    _check_families(check)
    _check_signers(check)
    check_facts(template, _facts_needed(check), lines, findings)
    if check.complete():
        _check_selection(check)
        _check_mandatory(check)
        _check_coverage(check)
    _check_key_terms(check)
    _check_asked_first(check)
    _check_groups(check)


def _facts_needed(check: _Check) -> dict[str, str]:
    """The facts that the clauses use, each with a clause that does."""
    needed: dict[str, str] = {}
    for clause in check.selectable_clauses():
        for name in check.known.facts[clause.id] - {COUNTRIES}:
            needed.setdefault(name, clause.id)
    return needed


def _by_default(slot: FamilySlot) -> bool:
    return slot.included or not slot.optional


def _slots(check: _Check) -> Iterator[tuple[FamilySlot, int]]:
    for number, section in enumerate(check.template.sections):
        line = check.lines.line_of("sections", number, "families")
        yield from ((slot, check.lines.line_containing(line, f'"{slot.family}"')) for slot in section.slots)


def _check_families(check: _Check) -> None:
    seen: set[str] = set()
    for slot, line in _slots(check):
        id_ = f"{slot.family}.{slot.position}"
        if id_ not in check.clauses and id_ not in check.unreadable:
            message = f"There is no clause {shorten(id_)}."
            check.findings.error(
                "template-family", line, message, "Name a family and position with a file.", id_
            )
        if slot.family in seen:
            message = f"{slot.family} stands in the template twice."
            check.findings.error("template-family", line, message, "Keep it once.", slot.family)
        if not slot.optional and not slot.included:
            message = f"{slot.family} is neither optional nor included."
            check.findings.error("template-family", line, message, "Add optional = true.", slot.family)
        seen.add(slot.family)


def _check_signers(check: _Check) -> None:
    roles = check.template.signer_roles
    line = check.lines.line_of("signer_roles", 0)
    statement = check.template.purpose is Purpose.STATEMENT
    for side in (Role.ASSISTANT,) if statement else tuple(Role):
        if all(role.side is not side for role in roles):
            check.findings.error(
                "template-signer", line, f"Nobody signs for the {side}.", "Add a [[signer_roles]]."
            )
    seen: set[str] = set()
    for number, role in enumerate(roles):
        line = check.lines.line_of("signer_roles", number)
        if not _FIELD_NAME.fullmatch(role.id):
            message = f"The id {shorten(role.id)!r} cannot be a field name."
            check.findings.error(
                "template-signer", line, message, "Use letters, digits and hyphens.", role.id
            )
        if role.id in seen:
            message = f"Two signer roles have the id {role.id}."
            check.findings.error("template-signer", line, message, "Give each its own id.", role.id)
        seen.add(role.id)


# --- the default selection -------------------------------------------------------------


def _check_selection(check: _Check) -> None:
    chosen = check.default_clauses()
    families = {clause.family for clause in chosen}
    names = families | {clause.id for clause in chosen}
    lines = {slot.family: line for slot, line in _slots(check)}
    for clause in chosen:
        for family in clause.requires:
            if family not in families:
                message = f"{clause.id} requires {family}, which the default selection lacks."
                check.findings.error(
                    "template-requires", lines[clause.family], message, "Add the family.", family
                )
        for name in set(clause.conflicts) & names:
            message = f"{clause.id} excludes {name}; the default selection has both."
            check.findings.error("template-conflict", lines[clause.family], message, "Leave one out.", name)


def _check_mandatory(check: _Check) -> None:
    slots = {slot.family: (slot, line) for slot, line in _slots(check)}
    for clause in check.clauses.values():
        if not clause.mandatory:
            continue
        slot, line = slots.get(clause.family, (None, check.lines.line_of("sections", 0)))
        if slot is None or slot.optional:
            message = f"{clause.family} is mandatory and must always be present."
            check.findings.error(
                "template-mandatory", line, message, "Add it, without optional.", clause.family
            )


def _check_coverage(check: _Check) -> None:
    answered = {code for clause in check.default_clauses() for code in clause.addresses}
    line = check.lines.line_of("coverage")
    for code in check.template.promised_coverage:
        if code not in answered:
            message = f"No clause of the default selection answers {code}."
            check.findings.error(
                "template-coverage", line, message, "Add a clause, or do not promise it.", code
            )


# --- names -----------------------------------------------------------------------------


def _known_names(check: _Check) -> set[str]:
    names = {f"deal.{fact}" for fact in check.template.facts}
    for clause in check.selectable_clauses():
        names |= {f"{clause.family}.{name}" for name in clause.parameters}
    return names


def _is_unreadable(check: _Check, family: str) -> bool:
    return any(id_.startswith(f"{family}.") for id_ in check.unreadable)


def _check_key_terms(check: _Check) -> None:
    known = _known_names(check)
    line = check.lines.line_of("key_terms")
    seen: set[str] = set()
    for name in check.template.key_terms:
        place = check.lines.line_containing(line, f'"{name}"')
        if name not in known and not _is_unreadable(check, name.partition(".")[0]):
            message = f"{shorten(name)} is no fact of the template and no parameter of its clauses."
            check.findings.error(
                "template-key-term", place, message, "Write deal.fact or family.parameter.", name
            )
        if name in seen:
            check.findings.error(
                "template-key-term", place, f"{shorten(name)} stands there twice.", "Keep it once.", name
            )
        seen.add(name)


def _check_asked_first(check: _Check) -> None:
    known = _known_names(check)
    line = check.lines.line_of("asked_first")
    for name in check.template.asked_first:
        if name not in known and not _is_unreadable(check, name.partition(".")[0]):
            message = f"{shorten(name)} is no fact of the template and no parameter of its clauses."
            place = check.lines.line_containing(line, f'"{name}"')
            remedy = "Write deal.fact or family.parameter."
            check.findings.error("template-group", place, message, remedy, name)


def _check_groups(check: _Check) -> None:
    known = _known_names(check) | {"deal"} | {slot.family for slot in check.template.slots()}
    seen: set[str] = set()
    for number, (_, items) in enumerate(check.template.question_groups):
        line = check.lines.line_of("question_groups", number, "items")
        for name in items:
            place = check.lines.line_containing(line, f'"{name}"')
            if name not in known and not _is_unreadable(check, name.partition(".")[0]):
                message = f"{shorten(name)} is no family, fact or parameter of the template."
                check.findings.error("template-group", place, message, "Name what the template asks.", name)
            if name in seen:
                message = f"{shorten(name)} stands in two question groups."
                check.findings.error("template-group", place, message, "Keep it once.", name)
            seen.add(name)
