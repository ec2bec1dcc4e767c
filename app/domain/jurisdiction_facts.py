"""What is known about the law of a country or state: prose for people, coded fields for rules.

The prose is the reference of the project, as it was compiled, with a confidence for each group
and its sources; it is shown as prose and never interpreted. Rules, proposals and findings read
`CodedFacts` only, whose words come from closed lists. Nothing here is legal advice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

SCHEMA = "jurisdiction/1"
ANY_CLIENT = "client"  # in `advised_seats`: the city where the Client is, where it is offered


class Confidence(StrEnum):
    HIGH = "high"  # settled law, or confirmed by a source named
    MEDIUM = "medium"  # believed right, not every citation verified
    CHECK = "check"  # moving or not verified: ask a lawyer there


class Group(StrEnum):
    """The groups of facts that share one confidence."""

    NEW_YORK_CONVENTION = "new_york_convention"
    HAGUE = "hague"
    ESIGN = "esign"
    DATA_PROTECTION = "data_protection"
    LIQUIDATED_DAMAGES = "liquidated_damages"
    RESTRAINT_IP_LANGUAGE_STAMP = "restraint_ip_language_stamp"


class Instrument(StrEnum):
    """What carries a court judgment from one country into another; the surest first."""

    BRUSSELS_RECAST = "brussels_recast"
    HAGUE_2005 = "hague_2005"
    HAGUE_2019 = "hague_2019"
    RECIPROCAL_STATUTE = "reciprocal_statute"


# The closed lists of `[coded]`. Their meaning in words stands in `enforcement/wording.py`.
AWARD_ROUTES = ("new_york_convention", "unknown")
AWARD_SEATS = ("any", "notified", "reciprocal")
FOREIGN_JUDGMENTS = (
    "none",
    "treaty",
    "treaty_or_reciprocity",
    "new_action",
    "local_recognition",
    "unknown",
)
FOREIGN_LAWS = ("no_known_limit", "arbitration_only", "local_law_may_apply")
LAW_LINKS = ("needs_connection", "unknown")
CLAUSE_FORMS = ("plain", "specific_signature", "express_acceptance", "negotiated", "authorised_signatory")
SAFE_SIGNATURES = ("simple", "simple_with_identity_proof", "qualified_or_ink", "local_certified_or_ink")
AGREED_SUMS = (
    "penalty_test",
    "reduced_by_court",
    "reduced_not_beside_damages",
    "reasonable_compensation",
    "capped",
    "unknown",
)
CAPPED_OBLIGATIONS = ("breached_obligation", "principal_obligation")
NON_COMPETES = (
    "unlawful",
    "void",
    "unenforceable",
    "paid_only",
    "paid_for_employees",
    "limited_for_employees",
    "reasonable_only",
    "state_law",
    "unknown",
)
NON_SOLICITS = ("void", "portable")
IP_FORMS = ("writing", "signed_writing", "certified_preferred", "certified_or_ink", "licence_only")
CONTRACT_LANGUAGES = ("none", "required", "regional", "consumers_and_employees")
STAMP_DUTIES = ("yes", "check", "none_known", "none")
SIMPLE_SIGNATURES = ("yes", "conditional", "no")
TREATY_STATES = ("in_force", "signed_only", "not_party")
BREACH_WORDS = ("none", "unknown", "no_fixed_hours", "3_business_days", "15_business_days")
ROLES = ("owner", "va")


@dataclass(frozen=True, slots=True)
class NewYorkConvention:
    """`since` is an ISO date."""

    member: bool
    since: str
    reservations: str


@dataclass(frozen=True, slots=True)
class ElectronicSignature:
    """`simple_ok`: whether a simple signature is enough for an ordinary NDA; one of SIMPLE_SIGNATURES."""

    statute: str
    section: str
    simple_ok: str
    notes: str


@dataclass(frozen=True, slots=True)
class DataProtection:
    """`breach_regulator_hours`: hours, or one of BREACH_WORDS."""

    statute: str
    regulator: str
    breach_regulator_hours: int | str
    breach_individuals: str
    note: str


@dataclass(frozen=True, slots=True)
class CodedFacts:
    """What rules may rely on. Every text is a word of the list named beside it.

    award_route: AWARD_ROUTES. award_seats: AWARD_SEATS; `notified_seats` are the countries of
    seats that count with "notified", `refused_seats` those whose awards were refused.
    advised_seats: countries of seats in the order of advice; ANY_CLIENT for the Client's own.
    award_days: days in which an award must be brought to court, None where none is known.
    judgment_routes: instrument -> codes of countries whose money judgments it carries here.
    agreed_sum_cap_percent: of `agreed_sum_cap_of` (CAPPED_OBLIGATIONS), with "capped".
    contract_language_name, court_language: English names of languages, or "".
    uncertain: names of fields here that are to be checked, whatever their group says.
    """

    award_route: str
    award_seats: str
    notified_seats: tuple[str, ...]
    refused_seats: tuple[str, ...]
    advised_seats: tuple[str, ...]
    award_days: int | None
    foreign_court_judgments: str  # FOREIGN_JUDGMENTS
    judgment_routes: Mapping[Instrument, tuple[str, ...]]
    foreign_governing_law: str  # FOREIGN_LAWS
    law_without_connection: str  # LAW_LINKS
    arbitration_clause_form: str  # CLAUSE_FORMS
    safe_signature: str  # SAFE_SIGNATURES
    agreed_sum: str  # AGREED_SUMS
    agreed_sum_cap_percent: int | None
    agreed_sum_cap_of: str  # CAPPED_OBLIGATIONS or ""
    post_term_non_compete: str  # NON_COMPETES
    post_term_non_solicit: str  # NON_SOLICITS
    ip_assignment_form: str  # IP_FORMS
    contract_language: str  # CONTRACT_LANGUAGES
    contract_language_name: str
    court_language: str
    stamp_duty: str  # STAMP_DUTIES
    uncertain: tuple[str, ...]


# Which group's confidence a coded field has.
GROUP_OF: Mapping[str, Group] = MappingProxyType(
    {
        **dict.fromkeys(
            ("award_route", "award_seats", "award_days", "arbitration_clause_form"),
            Group.NEW_YORK_CONVENTION,
        ),
        **dict.fromkeys(
            ("foreign_court_judgments", "judgment_routes", "foreign_governing_law", "law_without_connection"),
            Group.HAGUE,
        ),
        "safe_signature": Group.ESIGN,
        "agreed_sum": Group.LIQUIDATED_DAMAGES,
        **dict.fromkeys(
            (
                *("post_term_non_compete", "post_term_non_solicit", "ip_assignment_form"),
                *("contract_language", "court_language", "stamp_duty"),
            ),
            Group.RESTRAINT_IP_LANGUAGE_STAMP,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class JurisdictionFacts:
    """One file of `clauses/jurisdictions/`. Of a state, `inherits` names the country around it."""

    code: str
    name: str
    role: str
    inherits: str
    hague_choice_of_court: str  # TREATY_STATES
    hague_choice_of_court_since: str
    hague_judgments: str  # TREATY_STATES
    hague_judgments_since: str
    foreign_judgments_and_awards: str
    liquidated_damages: str
    non_compete: str
    ip_assignment: str
    language: str
    stamp_duty: str
    contractor_status: str
    confidence: Confidence
    confidence_by_group: Mapping[Group, Confidence]
    sources: tuple[str, ...]
    new_york_convention: NewYorkConvention
    esign: ElectronicSignature
    data_protection: DataProtection
    coded: CodedFacts

    def confidence_of(self, field: str) -> Confidence:
        """How certain a coded field is: CHECK where it is named `uncertain`, else as its group."""
        if field in self.coded.uncertain:
            return Confidence.CHECK
        return self.confidence_by_group[GROUP_OF[field]]

    def is_reliable(self, field: str) -> bool:
        """Whether a finding may call something impossible because of this field."""
        return self.confidence_of(field) is not Confidence.CHECK
