"""Which clause version stands for each family of a contract template, given the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.answers import LEFT_OUT, Answers
from app.domain.clause import Clause
from app.domain.contract_template import ContractTemplate, FamilySlot, Library


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


def select_clauses(library: Library, contract_template: ContractTemplate, answers: Answers) -> Selection:
    """Choose a clause for each slot; a position that has no file falls back to the template's."""
    sections: list[SelectedSection] = []
    missing: list[str] = []
    for section in contract_template.sections:
        chosen: list[Clause] = []
        for slot in section.slots:
            if not is_included(slot, answers):
                continue
            clause = _clause_for(library, slot, answers)
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


def is_included(slot: FamilySlot, answers: Answers) -> bool:
    """Whether the family of this slot is part of the agreement.

    A family that the template demands can be left out too: the lint says what that breaks.
    """
    choice = answers.positions.get(slot.family)
    if choice == LEFT_OUT:
        return False
    return not slot.optional or slot.included or choice is not None


def _clause_for(library: Library, slot: FamilySlot, answers: Answers) -> Clause | None:
    choice = answers.positions.get(slot.family)
    chosen = library.clause(slot.family, choice) if choice is not None else None
    return chosen or library.clause(slot.family, slot.position)
