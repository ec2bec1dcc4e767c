"""A contract template: which clause families make up a contract, for whom, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.domain.clause import RISKS, STANDARDS, Answer, Clause, Parameter, Position, Role
from app.domain.jurisdiction_facts import JurisdictionFacts


class Purpose(StrEnum):
    """What a contract template is for: it decides who must sign and what is asked of it."""

    AGREEMENT = "agreement"  # stands alone
    ADDENDUM = "addendum"  # belongs to an agreement that the parties have
    STATEMENT = "statement"  # one side states facts; the Assistant alone may sign


@dataclass(frozen=True, slots=True)
class FamilySlot:
    """One family in the order of the contract. An optional one is left out unless chosen."""

    family: str
    position: Position
    optional: bool = False
    included: bool = True  # of an optional one: the default


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """A run of families; numbering goes on through sections. `title` may be empty."""

    title: str
    slots: tuple[FamilySlot, ...]


@dataclass(frozen=True, slots=True)
class SignerRole:
    """A place for a signer: `id` is used in field names, `side` says whom the signer acts for."""

    id: str  # e.g. "assistant"; letters, digits and hyphens
    side: Role
    label: str  # e.g. "Signed by the Assistant"
    order: int  # signs in this order; equal numbers sign in parallel


@dataclass(frozen=True, slots=True)
class ContractTemplate:
    id: str
    version: str
    title: str
    description: str  # one sentence for the owner who chooses
    role_words: Mapping[Role, str]  # what `Assistant` and `Client` print as
    unit_word: str  # "clause" or "section"
    sections: tuple[TemplateSection, ...]
    facts: Mapping[str, Parameter]  # the deal.* facts that this template asks
    signer_roles: tuple[SignerRole, ...]
    promised_coverage: tuple[str, ...]  # R and S codes that the default selection covers
    key_terms: tuple[str, ...]  # "family.param" or "deal.fact", in the order of the Key Terms page
    intro: str = ""  # a sentence under the Key Terms
    question_groups: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (title, "family"|"deal"|"family.param")
    confidential: bool = True  # print CONFIDENTIAL on every page
    purpose: Purpose = Purpose.AGREEMENT
    fixed_facts: Mapping[str, Answer] = field(default_factory=dict)  # never asked
    asked_first: tuple[str, ...] = ()  # question keys shown openly though they have a usual answer

    @property
    def promised_risks(self) -> tuple[str, ...]:
        return tuple(code for code in self.promised_coverage if code in RISKS)

    @property
    def promised_standards(self) -> tuple[str, ...]:
        return tuple(code for code in self.promised_coverage if code in STANDARDS)

    def slots(self) -> tuple[FamilySlot, ...]:
        return tuple(slot for section in self.sections for slot in section.slots)


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A country or state: how its name prints, and how its law is named ("England and Wales")."""

    code: str  # ISO 3166-1 alpha-2, or ISO 3166-2 for a state: "US-CA"
    name: str
    law_name: str


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that assembly reads: the clause versions in use, templates, jurisdictions."""

    clauses: Mapping[str, Clause]  # by clause id, the current version of each
    contract_templates: Mapping[str, ContractTemplate]
    jurisdictions: Mapping[str, Jurisdiction]
    jurisdiction_facts: Mapping[str, JurisdictionFacts] = field(default_factory=dict)  # by code

    def clause(self, family: str, position: Position | str) -> Clause | None:
        return self.clauses.get(f"{family}.{position}")

    def positions_of(self, family: str) -> tuple[Clause, ...]:
        """The clauses of a family, strict first."""
        found = [self.clause(family, position) for position in Position]
        return tuple(clause for clause in found if clause is not None)
