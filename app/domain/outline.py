"""The skeleton of an agreement: what stands, under which number, and what can be referred to.

Assembly prints it; the lint looks at it to see what the printed text no longer shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.answers import Answers
from app.domain.contract_template import ContractTemplate, Library
from app.domain.deal import Deal, open_deal
from app.domain.definitions import DefinedTerm, add_index, anchors_by_form, collect_definitions
from app.domain.numbering import NumberedClause, number_clauses
from app.domain.pruning import prune_clause
from app.domain.references import ReferenceBook, record_places


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that is decided before a word is printed.

    anchors: printed form of a term -> anchor of its definition.
    """

    deal: Deal
    clauses: tuple[NumberedClause, ...]
    references: ReferenceBook
    definitions: tuple[DefinedTerm, ...]
    anchors: Mapping[str, str]


def outline_agreement(library: Library, contract_template: ContractTemplate, answers: Answers) -> Outline:
    """Select, prune and number the clauses of one agreement."""
    deal = open_deal(library, contract_template, answers)
    kept = add_index([prune_clause(deal, clause) for clause in deal.selection.clauses])
    clauses = number_clauses(kept)
    unit_word = contract_template.unit_word
    definitions = collect_definitions(unit_word, clauses)
    references = record_places(unit_word, clauses)
    return Outline(deal, clauses, references, definitions, anchors_by_form(definitions))
