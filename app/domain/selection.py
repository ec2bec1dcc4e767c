"""Which clause version stands for each family of a contract template, given the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.answers import LEFT_OUT, Answers
from app.domain.clause import Clause
from app.domain.contract_template import ContractTemplate, FamilySlot, Library
from app.domain.guidance.advice import NO_GUIDANCE, Guidance


@dataclass(frozen=True, slots=True)
class SelectedSection:
    title: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The clauses of one agreement in printed order.

    by_family: the first clause of each selected family.
    missing: ids of clauses that the template wants and the library does not have.
    """

    sections: tuple[SelectedSection, ...]
    clauses: tuple[Clause, ...]
    by_family: Mapping[str, Clause]
    missing: tuple[str, ...]

    def has(self, family: str) -> bool:
        return family in self.by_family


def select_clauses(
    library: Library,
    contract_template: ContractTemplate,
    answers: Answers,
    guidance: Guidance = NO_GUIDANCE,
) -> Selection:
    """Choose a clause for each slot; a position that has no file falls back to the template's."""
    sections: list[SelectedSection] = []
    missing: list[str] = []
    for section in contract_template.sections:
        chosen: list[Clause] = []
        for slot in section.slots:
            if not is_included(slot, answers, guidance):
                continue
            clause = _clause_for(library, slot, answers, guidance)
            if clause is None:
                missing.append(f"{slot.family}.{slot.position}")
            else:
                chosen.append(clause)
        sections.append(SelectedSection(section.title, tuple(chosen)))
    clauses = tuple(clause for section in sections for clause in section.clauses)
    by_family: dict[str, Clause] = {}
    for clause in clauses:
        by_family.setdefault(clause.family, clause)
    return Selection(tuple(sections), clauses, by_family, tuple(missing))


def usable_positions(
    library: Library, contract_template: ContractTemplate, family: str
) -> tuple[Clause, ...]:
    """The clauses of a family, strict first, without those that require what the template cannot hold."""
    places = {slot.family for slot in contract_template.slots()}
    return tuple(clause for clause in library.positions_of(family) if places.issuperset(clause.requires))


def is_included(slot: FamilySlot, answers: Answers, guidance: Guidance = NO_GUIDANCE) -> bool:
    """Whether the family of this slot is part of the agreement.

    A family that the template demands can be left out too: the lint says what that breaks. One
    that the facts force cannot: the law asks for it, whatever the owner chose.
    """
    if guidance.is_forced(slot.family):
        return True
    choice = answers.positions.get(slot.family) or advised_position(slot, guidance)
    if choice == LEFT_OUT:
        return False
    return not slot.optional or slot.included or bool(choice) or slot.family in guidance.families


def advised_position(slot: FamilySlot, guidance: Guidance) -> str:
    """The position that the facts recommend for an optional family, LEFT_OUT, or ""."""
    advice = guidance.families.get(slot.family)
    return advice.position if advice is not None else ""


def _clause_for(library: Library, slot: FamilySlot, answers: Answers, guidance: Guidance) -> Clause | None:
    for choice in (answers.positions.get(slot.family), advised_position(slot, guidance)):
        chosen = library.clause(slot.family, choice) if choice else None
        if chosen is not None:
            return chosen
    return library.clause(slot.family, slot.position)
