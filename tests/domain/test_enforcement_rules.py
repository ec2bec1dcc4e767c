"""One bad example for each rule on enforcement; its findings are exactly those beside it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest

from app.domain.answers import Answers
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.finding import Finding, Severity
from app.domain.jurisdiction_facts import Confidence, Group, JurisdictionFacts
from app.domain.lint import enforcement_rules
from app.library.jurisdiction_file import read_jurisdiction_facts
from app.library.jurisdictions import load_jurisdictions
from tests.domain.small_library import (
    COMPLETE_FACTS,
    complete_answers,
    findings_on,
    make_clause,
    make_library,
    make_template,
)

CLAUSES = Path(__file__).parents[2] / "clauses"
COURTS, ARBITRATION = "governing-law-and-courts", "governing-law-and-arbitration"
E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741
SEAT = """
[params.seat]
type = "enum"
default = "singapore"
label = "Seat"
ask = "Seat?"
options = [
  { value = "singapore", print = "Singapore" },
  { value = "dubai", print = "Dubai" },
  { value = "mumbai", print = "Mumbai" },
  { value = "elsewhere", print = "Elsewhere" },
]
"""
MONTHS = '[params.{name}]\ntype = "integer"\nunit = "months"\ndefault = 6\nlabel = "Time"\nask = "Time?"\n'
LANGUAGE = '[params.language]\ntype = "text"\nmax_length = 40\ndefault = "Bahasa"\nlabel = "L"\nask = "L?"\n'


@pytest.fixture(scope="module")
def facts() -> Mapping[str, JurisdictionFacts]:
    found, findings = read_jurisdiction_facts(CLAUSES, load_jurisdictions(CLAUSES))
    assert findings == ()
    return found


def clause(family: str, position: str = "standard", *, tables: str = "", text: str = "Text.") -> Clause:
    return make_clause(family, f"# {family}\n\n{text}\n", position=position, tables=tables)


def courts(position: str = "strict") -> Clause:
    return clause(COURTS, position)


def arbitration(*, signed_apart: bool = True) -> Clause:
    made = clause(ARBITRATION, "strict", tables=SEAT, text="The seat is {{seat}}.")
    return dataclasses.replace(made, initials=signed_apart, prominent=signed_apart)


def restraint(name: str) -> Clause:
    text = "This lasts {{" + name + "}}."
    return clause("conflict-of-interest", "strict", tables=MONTHS.format(name=name), text=text)


def check(
    facts: Mapping[str, JurisdictionFacts],
    pair: str,
    *clauses: Clause,
    seat: str = "singapore",
    drop: frozenset[str] = frozenset(),
) -> list[Finding]:
    """The findings on `clauses`; pair is "client assistant" or "client assistant law"."""
    client, assistant, *law = pair.split()
    codes = {"client_country": client, "assistant_country": assistant, "governing_law": (law or [client])[0]}
    template = make_template(*(f"{one.family}.{one.position}" for one in clauses))
    library: Library = dataclasses.replace(
        make_library(*clauses, template=template),
        jurisdictions=load_jurisdictions(CLAUSES),
        jurisdiction_facts={code: known for code, known in facts.items() if code not in drop},
    )
    arbitrated = any(one.family == ARBITRATION for one in clauses)
    seats = {"governing_law_and_arbitration": {"seat": seat}} if arbitrated else {}
    answers: Answers = dataclasses.replace(
        complete_answers(**seats),
        facts=COMPLETE_FACTS | codes,
        positions={one.family: str(one.position) for one in clauses},
    )
    return list(findings_on(library, template, answers))


# Quiet pairs: GB and SG raise nothing of their own beside the rule that an example is about.
EXAMPLES = {
    "judgment refused": ("GB ID GB", (courts(),), {
        "judgment-not-enforceable": E, "foreign-law-doubtful": I, "signature-form-insufficient": I,
        "stamp-duty-due": W, "language-version-needed": W}),
    "judgment needs a treaty": ("US NP US", (courts(),), {
        "judgment-not-enforceable": E, "signature-form-insufficient": W, "facts-uncertain": I}),
    "judgment needs reciprocity": ("US RS US", (courts(),), {"judgment-not-enforceable": W}),
    "judgment needs a new case": ("US PH US", (courts(),), {"judgment-not-enforceable": W}),
    "judgment listed by a statute": ("GB JM GB", (courts(),), {
        "judgment-not-enforceable": I, "stamp-duty-due": I}),
    "judgment into a country without facts": ("GB KZ GB", (courts(),), {
        "judgment-not-enforceable": W, "facts-uncertain": I}),
    "seat not notified": ("SG IN SG", (arbitration(),), {"seat-not-recognised": E, "stamp-duty-due": W}),
    "law of a state without a link": ("SG GB US-NY", (arbitration(),), {"governing-law-unconnected": W}),
    "law of a third country": ("SG GB AU", (arbitration(),), {"governing-law-unconnected": I}),
    "foreign law in Brazilian courts": ("GB BR GB", (courts("standard"),), {"foreign-law-doubtful": W}),
    "arbitration clause not signed apart": ("GB BR GB", (arbitration(signed_apart=False),), {
        "arbitration-clause-form": E}),
    "arbitration clause to be accepted": ("SG RO SG", (arbitration(signed_apart=False),), {
        "arbitration-clause-form": W, "signature-form-insufficient": I}),
    "arbitration clause to be negotiated": ("GB AR GB", (arbitration(),), {
        "arbitration-clause-form": I, "signature-form-insufficient": I, "stamp-duty-due": I,
        "facts-uncertain": I}),
    "authority to arbitrate": ("GB AE GB", (arbitration(),), {
        "arbitration-clause-form": I, "facts-uncertain": I}),
    "non-compete in India": ("GB IN GB", (restraint("compete_months"),), {
        "non-compete-void": E, "stamp-duty-due": W}),
    "non-compete in California": ("US PH US-CA", (restraint("compete_months"),), {"non-compete-void": E}),
    "non-compete in Mexico": ("GB MX GB", (restraint("compete_months"),), {"non-compete-void": W}),
    "non-solicit in California": ("US PH US-CA", (restraint("solicit_months"),), {"non-solicit-void": E}),
    "sum above a cap": ("GB VN VN", (clause("agreed-compensation"),), {
        "agreed-sum-capped": W, "signature-form-insufficient": I}),
    "sum above the cap of the assistant's own law": ("GB MX GB", (clause("agreed-compensation"),), {
        "agreed-sum-capped": I}),
    "sum that a court may reduce": ("GB PH GB", (clause("agreed-compensation"),), {
        "agreed-sum-reducible": I}),
    "transfer that needs ink": ("GB ZA GB", (clause("work-product", "strict"),), {
        "ip-form-insufficient": W}),
    "copyright that stays with its author": ("GB DE GB", (clause("work-product"),), {
        "ip-form-insufficient": I}),
    "signature that does not count": ("GB EG GB", (), {
        "signature-form-insufficient": W, "stamp-duty-due": I}),
    "signature under conditions": ("GB UA GB", (), {"signature-form-insufficient": I}),
    "stamp duty": ("GB MY GB", (), {"stamp-duty-due": W}),
    "stamp duty to be checked": ("GB KE GB", (), {"stamp-duty-due": I}),
    "a language that the law asks for": ("GB ID GB", (clause("signing-electronically"),), {
        "language-version-needed": W, "foreign-law-doubtful": I, "signature-form-insufficient": I,
        "stamp-duty-due": W}),
    "a language of Quebec": ("CA GB CA", (), {"language-version-needed": I}),
    "facts to be checked": ("GB LK GB", (), {"facts-uncertain": I, "stamp-duty-due": I}),
    "nothing known": ("GB KZ GB", (), {"facts-uncertain": I}),
}  # fmt: skip
SEAT_OF = {"seat not notified": "dubai"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_bad_example(facts: Mapping[str, JurisdictionFacts], name: str) -> None:
    pair, clauses, expected = EXAMPLES[name]
    found = check(facts, pair, *clauses, seat=SEAT_OF.get(name, "singapore"))
    assert {finding.rule: finding.severity for finding in found} == expected
    assert len(found) == len(expected)
    assert all(finding.message.endswith(".") and finding.remedy.endswith(".") for finding in found)
    assert not any("{" in finding.message + finding.remedy for finding in found)


def test_every_rule_has_an_example() -> None:
    assert {rule for _, _, expected in EXAMPLES.values() for rule in expected} == enforcement_rules.RULE_IDS
    assert len(enforcement_rules.RULES) == len(enforcement_rules.RULE_IDS)


GOOD = {
    "the assistant's own courts": ("US PH US", (courts("standard"),)),
    "each party at home": ("US PH US", (courts("fallback"),)),
    "a treaty on choice of court": ("SG MX SG", (courts(),)),
    "inside the European Union": ("FR PL FR", (courts(),)),
    "one country": ("GB GB GB", (courts(),)),
    "a seat that anybody knows": ("GB PH GB", (arbitration(),)),
    "a clause without a restraint": ("US PH US-CA", (clause("conflict-of-interest"),)),
    "a state inside the country of the client": ("US PH US-NY", (arbitration(),)),
    "a licence needs no form": ("GB ZA GB", (clause("work-product", "fallback"),)),
    "Brazil: bold, initialled, arbitration": ("GB BR GB", (arbitration(),)),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_example(facts: Mapping[str, JurisdictionFacts], name: str) -> None:
    pair, clauses = GOOD[name]
    assert check(facts, pair, *clauses) == []


def test_bilingual_position_gives_the_language(facts: Mapping[str, JurisdictionFacts]) -> None:
    bilingual = clause("signing-electronically", "strict", tables=LANGUAGE, text="Also in {{language}}.")
    assert "language-version-needed" not in {finding.rule for finding in check(facts, "GB ID GB", bilingual)}


def test_indian_seat_is_refused_in_nepal_and_unknown_seats_are_not_judged(
    facts: Mapping[str, JurisdictionFacts],
) -> None:
    found = {one.rule: one for one in check(facts, "IN NP IN", arbitration(), seat="mumbai")}
    assert found["seat-not-recognised"].severity is Severity.ERROR
    assert "Mumbai" in found["seat-not-recognised"].message
    assert "seat-not-recognised" not in {
        one.rule for one in check(facts, "IN NP IN", arbitration(), seat="elsewhere")
    }


def test_seat_that_only_the_clients_country_refuses_warns(facts: Mapping[str, JurisdictionFacts]) -> None:
    everything = check(facts, "IN GB IN", arbitration(), seat="dubai")
    (found,) = (one for one in everything if one.rule == "seat-not-recognised")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("group", "pair", "clauses", "rule"),
    [
        (Group.HAGUE, "GB ID GB", (courts(),), "judgment-not-enforceable"),
        (Group.NEW_YORK_CONVENTION, "SG IN SG", (arbitration(),), "seat-not-recognised"),
        (
            Group.RESTRAINT_IP_LANGUAGE_STAMP,
            "GB IN GB",
            (restraint("compete_months"),),
            "non-compete-void",
        ),
    ],
)
def test_doubtful_facts_never_block(
    facts: Mapping[str, JurisdictionFacts],
    group: Group,
    pair: str,
    clauses: tuple[Clause, ...],
    rule: str,
) -> None:
    code = pair.split()[1]
    rated = {**facts[code].confidence_by_group, group: Confidence.CHECK}
    doubtful = {**facts, code: dataclasses.replace(facts[code], confidence_by_group=rated)}
    assert {one.severity for one in check(facts, pair, *clauses, seat="dubai") if one.rule == rule} == {E}
    assert {one.severity for one in check(doubtful, pair, *clauses, seat="dubai") if one.rule == rule} == {W}


def test_shipped_position_with_an_exclusion_is_reported_once(facts: Mapping[str, JurisdictionFacts]) -> None:
    made = restraint("solicit_months")
    places = dataclasses.replace(made.jurisdictions, excluded=("US-CA",))
    found = check(facts, "US PH US-CA", dataclasses.replace(made, jurisdictions=places))
    assert [one.rule for one in found] == ["jurisdiction-excluded"]


def test_library_without_facts_says_nothing(facts: Mapping[str, JurisdictionFacts]) -> None:
    assert check(facts, "GB ID GB", courts(), drop=frozenset(facts)) == []
