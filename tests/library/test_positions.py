"""The 58 families and their positions: each says what the plan of the library asks of it, in its own way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest

from app.domain.clause import COVERAGE_CODES, Clause, Position
from app.domain.clause_family import DOCUMENT_FAMILIES, FAMILIES, TABLE_FAMILIES
from app.domain.contract_template import Library
from app.library.loading import load_library

ROOT = Path(__file__).parents[2]
NONE = ""  # the plan says "none" (the family is left out) or names no third position

# What the strict, standard and fallback position of each family must say: from the plan, not from the files.
PLAN: Mapping[str, tuple[str, str, str]] = {
    "parties": (
        "official document with a photograph",
        "registered under this number",
        "states that the signer may",
    ),
    "definitions": ("Any other list is complete", "starts on the day after the event", "ordinary meaning"),
    "permitted-purpose": (
        "(*) {{tasks}}",
        "orders from the Assistant in writing",
        "work between the parties",
    ),
    "services": (
        "only when it passes the check",
        "that time ends without a written complaint",
        "agreed by e-mail",
    ),
    "directives": (
        "in writing through {{channel}}",
        "a spoken instruction of such a person",
        "in any form by a person",
    ),
    "confidential-information": (
        "whether or not the information is marked",
        "a reasonable person in the Assistant's place",
        "that is marked as confidential",
    ),
    "sensitive-data": (
        "information about an individual who is identified",
        "(*) {{categories}}",
        "to move money",
    ),
    "marking": (
        "a missing mark does not release",
        "Each party must mark",
        "must mark [[Confidential Information]]",
    ),
    "exclusions": (
        "an individual who can be identified",
        "made by the Assistant without",
        "remembers without notes",
    ),
    "compelled-disclosure": (
        "can contest it",
        "tell the Client in writing before",
        "without notice to the Client",
    ),
    "need-to-know": ("task by task", "the role of each individual", "Among the people who work"),
    "take-home": ("must not: (i) download", '"Working Copy"', "on devices that the Assistant controls"),
    "copies-and-media": ("must not make, use or keep", "must record each", "must take reasonable care"),
    "approved-systems": (
        "only in {{countries}}",
        "each other one that a [[Directive]] allows",
        "encrypts information",
    ),
    "return-and-erasure": (
        "sign and send the certificate",
        "Within {{return_days}}",
        "within a reasonable time",
    ),
    "secure-transfer": ("only with {{tools}}", "a service that encrypts it", "an ordinary e-mail"),
    "backups": ("where the Assistant has no access", "encrypt the backup", "no duty to make a backup"),
    "credentials": ("for one task", "in {{vault}} and nowhere else", "used nowhere else"),
    "sign-in": ('"Security Key"', "an authentication app, a passkey", "that offers one"),
    "device-security": ("managed through {{tool}}", "must confirm in writing", "protection against malware"),
    "workspace": ("a room that can be closed", "only through {{vpn}}", "must take reasonable care"),
    "access-logging": ("opens, changes, copies, shares", "deletes [[Sensitive Data]]", "entered and left"),
    "security-framework": ("are the rules in {ref:#rules}", "policy named {{policy}}", "a careful provider"),
    "training": ("pass the test", "again every {{training_months}}", "must read those rules"),
    "background-check": ("criminal record", "at least two people who know", "to the Assistant's knowledge"),
    "ai-tools": (
        "use an [[AI Tool]] to make a result",
        "{ref:#tools} lists it",
        "must not enter [[Sensitive Data]]",
    ),
    "subcontracting": (
        "must not use a [[Subcontractor]]",
        "prior written consent",
        "at least {{notice_days}} before",
    ),
    "offshore-sharing": (
        "must not disclose",
        "has first consented in writing",
        "must tell the Client in writing the name",
    ),
    "staff-ndas": (
        "enforce a signed promise directly",
        "warrants that each individual",
        "a written secrecy policy",
    ),
    "capability": ("(*) {{evidence}}", "promises that the Assistant has", "about earlier work"),
    "service-levels": (
        '"Service Credit"',
        "does not by itself lower a fee",
        "must take reasonable steps to answer",
    ),
    "continuity": ('"Replacement"', "at least {{absence_days}} before", "as early as reasonably possible"),
    "audit": ("at any time and without notice", "After {{audit_notice}} of notice", "written questions"),
    "incident-notice": (
        "first knows or suspects it",
        "has reason to believe it",
        "in writing and without delay",
    ),
    "affected-persons": (
        "at the latest {{tell_hours}}",
        "give the Client the facts",
        "if a law requires the Client to do so",
    ),
    "suspension": (
        "at once and without prior notice",
        "put it right within {{correct_days}}",
        "agree in writing what is suspended",
    ),
    "misuse-liability": ("has no limit", "at most {{misuse_cap}}", "at most the fees for the work"),
    "agreed-compensation": ("the amount that {ref:#rates} states", "must pay the Client {{sum}}", NONE),
    "withholding": ("not more than the amount claimed", "every fee that is not in dispute", NONE),
    "indemnity": ("loss of the Client's own", "must pay to another person", NONE),
    "liability-cap": (
        "what the Assistant owes because",
        "what a party owes because that party",
        "the fees for the work in that period",
    ),
    "insurance": ("cyber insurance for at least", "must keep liability insurance for the work", NONE),
    "injunction": ("does not have to give a bond", "Either party may ask a court", NONE),
    "termination": (
        "intentionally or by carelessness",
        "{{cure_days}} after the request",
        "may block all access during that time",
    ),
    "exit": ("within {{exit_hours}}", "within {{exit_days}}", "without delay stop using"),
    "fees": (
        "the result of a milestone has been accepted",
        "must send an invoice that lists",
        "{{hourly_rate}} for each hour",
    ),
    "contractor-status": (
        "must supply the equipment",
        "not as an employee, partner or agent",
        "pays the taxes that the law puts",
    ),
    "work-product": (
        "at the moment when each part is made",
        "has paid the fee for that part",
        "keeps the rights in the",
    ),
    "conflict-of-interest": ("for {{competitors}} without", "stays free to work for others", NONE),
    "governing-law-and-courts": (
        "at the Client's address",
        "at the Assistant's address",
        "against which the claim is made",
    ),
    "governing-law-and-arbitration": (
        "an emergency arbitrator",
        "The seat of the arbitration is {{seat}}",
        "a neutral mediator",
    ),
    "local-enforcement": (
        "must make a local copy",
        "a person who receives documents",
        "at the address stated in {ref:parties}",
    ),
    "data-processing": ("is {{laws}}, and every other law", "is every law on personal data", NONE),
    "data-transfers": ("have assessed in writing", "with the Client as exporter", NONE),
    "sector-annex": (NONE, "contact with {{regimes}}", NONE),
    "protected-disclosures": (NONE, "Nothing in this agreement", NONE),
    "signing-electronically": (
        "in English and in {{language}}",
        "a summary in plain English",
        "in English only",
    ),
    "general": ("part that comes first in this list prevails", "the rest stays in force", NONE),
}

_NUMBER = re.compile(r"\b[0-9]+\b")
_PARAMETER = re.compile(r"\{\{[^}]*\}\}")
_LABEL = re.compile(r"^ *\([a-z0-9*]+\) ", re.MULTILINE)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


def body_of(clause: Clause) -> str:
    return clause.source.split("\n+++\n", 1)[1]


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_every_family_of_the_plan_is_here_and_no_other() -> None:
    assert set(PLAN) == set(TABLE_FAMILIES)
    assert len(PLAN) == 58


def test_every_family_has_a_clause(library: Library) -> None:
    assert {clause.family for clause in library.clauses.values()} == set(FAMILIES)
    for family in DOCUMENT_FAMILIES:
        positions = {clause.position for clause in library.positions_of(family)}
        assert positions >= {Position.STANDARD}, family


def test_each_family_has_the_positions_of_the_plan_and_each_says_its_own(library: Library) -> None:
    missing = []
    for family, phrases in PLAN.items():
        wanted = {position for position, phrase in zip(Position, phrases, strict=True) if phrase}
        assert {clause.position for clause in library.positions_of(family)} == wanted, family
        for position, phrase in zip(Position, phrases, strict=True):
            if not phrase:
                continue
            text = squeezed(body_of(library.clauses[f"{family}.{position}"]))
            if squeezed(phrase) not in text:
                missing.append(f"{family}.{position}: {phrase}")
    assert missing == []


def sentences(clause: Clause) -> frozenset[str]:
    """The sentences of a body without labels, numbers and parameter names: what it says, not how much."""
    text = _LABEL.sub("", body_of(clause))
    text = squeezed(_NUMBER.sub("N", _PARAMETER.sub("P", text)))
    parts = re.split(r"(?<=[.;:]) ", text)
    return frozenset(part.strip().lower() for part in parts if part.strip())


def test_positions_of_a_family_differ_in_substance(library: Library) -> None:
    """Not in a number only. Three sentences: one that stands in place of another, and one more."""
    alike = []
    for family in FAMILIES:
        for one, other in combinations(library.positions_of(family), 2):
            if len(sentences(one) ^ sentences(other)) < 3:
                alike.append((one.id, other.id))
    assert alike == []


def test_a_changed_number_alone_is_seen_as_no_difference(library: Library) -> None:
    clause = library.clauses["backups.standard"]
    changed = clause.source.replace("{{backup_days}}", "{{other_days}}").replace("30", "60")
    assert changed != clause.source
    twin = type(clause)(**{**{name: getattr(clause, name) for name in clause.__slots__}, "source": changed})
    assert sentences(twin) == sentences(clause)


@pytest.mark.parametrize("code", COVERAGE_CODES)
def test_every_risk_and_standard_is_answered_by_two_families(library: Library, code: str) -> None:
    families = {clause.family for clause in library.clauses.values() if code in clause.addresses}
    assert len(families & set(TABLE_FAMILIES)) >= 2, families


def test_conflicts_are_declared_on_both_sides(library: Library) -> None:
    one_sided = []
    for clause in library.clauses.values():
        for conflict in clause.conflicts:
            family, _, position = conflict.partition(".")
            others = [library.clauses[conflict]] if position else list(library.positions_of(family))
            for other in others:
                if not {clause.id, clause.family} & set(other.conflicts):
                    one_sided.append((clause.id, other.id))
    assert one_sided == []


def test_retreats_lead_to_a_softer_position(library: Library) -> None:
    order = list(Position)
    for clause in library.clauses.values():
        if clause.fallback_to:
            softer = library.clauses[clause.fallback_to]
            assert order.index(softer.position) > order.index(clause.position), clause.id


def test_no_contract_template_offers_the_weakest_compelled_disclosure_as_usual(library: Library) -> None:
    for template in library.contract_templates.values():
        usual = {f"{slot.family}.{slot.position}" for slot in template.slots()}
        assert "compelled-disclosure.fallback" not in usual, template.id
