"""What is proposed for two countries, and what people are told to expect there."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.answers import LEFT_OUT
from app.domain.clause import Position
from app.domain.contract_template import Library
from app.domain.enforcement import wording
from app.domain.enforcement.outlook import LAW_TOPICS, OutlookPoint, Topic, describe_outlook
from app.domain.enforcement.proposal import (
    ARBITRATION_FAMILY,
    COURTS_FAMILY,
    LAW,
    RULES,
    SEAT,
    SECOND_LANGUAGE,
    SIGNING_FAMILY,
    EnforcementProposal,
    Route,
    propose,
)
from app.domain.enforcement.routes import DEPENDABLE, country_of, judgment_instrument
from app.domain.enforcement.seats import RULES_NAMES, SEAT_BY_VALUE, SEATS, refusal_of_seat
from app.domain.enforcement.wording import Verdict
from app.domain.jurisdiction_facts import (
    AGREED_SUMS,
    BREACH_WORDS,
    CAPPED_OBLIGATIONS,
    CONTRACT_LANGUAGES,
    FOREIGN_JUDGMENTS,
    IP_FORMS,
    NON_COMPETES,
    SAFE_SIGNATURES,
    SIMPLE_SIGNATURES,
    STAMP_DUTIES,
    Confidence,
    Instrument,
)
from app.library.jurisdiction_file import read_jurisdiction_facts
from app.library.jurisdictions import load_jurisdictions
from app.library.loading import read_clauses

CLAUSES = Path(__file__).parents[2] / "clauses"
COUNTRIES_WITH_FACTS = 35


@pytest.fixture(scope="module")
def library() -> Library:
    names = load_jurisdictions(CLAUSES)
    facts, findings = read_jurisdiction_facts(CLAUSES, names)
    assert findings == ()
    return Library({}, {}, names, facts)


def proposed(library: Library, client: str, assistant: str, kind: str | None = None) -> EnforcementProposal:
    made = propose(library, client_country=client, assistant_country=assistant, assistant_kind=kind)
    assert made is not None
    return made


def test_nothing_is_proposed_while_a_country_is_open(library: Library) -> None:
    assert propose(library, client_country="", assistant_country="PH") is None
    assert propose(library, client_country="GB", assistant_country="") is None


# The table "Suggested default by pair" of the reference, row by row.
UNION_OWNERS = ("IE", "DE", "FR", "NL", "ES")
COURT_PAIRS = [
    *((owner, va, Instrument.HAGUE_2005) for owner in ("GB", "SG") for va in ("UA", "RO", "PL", "MX")),
    *((owner, va, Instrument.HAGUE_2005) for owner in UNION_OWNERS for va in ("UA", "MX")),
    *((owner, va, Instrument.BRUSSELS_RECAST) for owner in UNION_OWNERS for va in ("RO", "PL")),
]
ARBITRATION_PAIRS = {
    # UA, RO, PL, MX with another owner: the owner's seat, or Vienna, Paris, London
    ("US", "UA"): "new-york", ("US", "RO"): "new-york", ("AE", "PL"): "dubai", ("CA", "MX"): "toronto",
    ("JM", "UA"): "vienna", ("PH", "PL"): "vienna",
    # IN: Singapore, whoever the owner is (never a seat that is not notified)
    ("US", "IN"): "singapore", ("GB", "IN"): "singapore", ("AE", "IN"): "singapore",
    ("NZ", "IN"): "singapore", ("IE", "IN"): "singapore", ("IL", "IN"): "singapore",
    # ID, VN: arbitration only, Singapore
    ("US", "ID"): "singapore", ("GB", "ID"): "singapore", ("AU", "VN"): "singapore",
    ("FR", "VN"): "singapore",
    # EG: London, Paris, Dubai; NP, BD: Singapore
    ("US", "EG"): "london", ("AE", "EG"): "london", ("GB", "NP"): "singapore", ("IN", "NP"): "singapore",
    ("US", "BD"): "singapore", ("GB", "BD"): "singapore",
    # ZA, KE: London; BR: the owner's seat or Sao Paulo
    ("US", "ZA"): "london", ("AU", "KE"): "london", ("US", "BR"): "new-york", ("RS", "BR"): "sao-paulo",
    # the others: the owner's seat, or Singapore or London
    ("GB", "PH"): "london", ("US", "PH"): "new-york", ("ZA", "PH"): "singapore", ("SG", "PK"): "singapore",
    ("GB", "LK"): "london", ("KE", "NG"): "london", ("DE", "RS"): "frankfurt", ("MX", "CO"): "london",
    ("US", "AR"): "new-york", ("CA", "JM"): "toronto", ("AU", "MY"): "sydney",
}  # fmt: skip


@pytest.mark.parametrize(("client", "assistant", "instrument"), COURT_PAIRS)
def test_pairs_whose_courts_are_proposed(
    library: Library, client: str, assistant: str, instrument: Instrument
) -> None:
    made = proposed(library, client, assistant)
    assert (made.route, made.instrument, made.seat, made.rules) == (Route.COURTS, instrument, "", "")
    assert made.positions[COURTS_FAMILY] == Position.STRICT
    assert made.positions[ARBITRATION_FAMILY] == LEFT_OUT
    assert SEAT not in made.answers
    assert "Hague" in made.reasons[f"position:{COURTS_FAMILY}"] or instrument is Instrument.BRUSSELS_RECAST


@pytest.mark.parametrize(("pair", "seat"), ARBITRATION_PAIRS.items())
def test_pairs_whose_arbitration_is_proposed(library: Library, pair: tuple[str, str], seat: str) -> None:
    made = proposed(library, *pair)
    assert (made.route, made.seat, made.language) == (Route.ARBITRATION, seat, "English")
    assert made.positions[ARBITRATION_FAMILY] == Position.STRICT
    assert made.positions[COURTS_FAMILY] == LEFT_OUT
    assert made.answers[SEAT] == seat
    assert made.answers[RULES] == made.rules == SEAT_BY_VALUE[seat].rules


def test_every_pair_with_facts_is_consistent_with_them(library: Library) -> None:
    codes = [code for code in library.jurisdiction_facts if "-" not in code]
    assert len(codes) == COUNTRIES_WITH_FACTS
    for client in codes:
        for assistant in codes:
            check_pair(library, client, assistant)


def check_pair(library: Library, client: str, assistant: str) -> None:
    made = proposed(library, client, assistant)
    facts = library.jurisdiction_facts[assistant]
    instrument = judgment_instrument(library, client, assistant)
    assert made.certain
    assert made.governing_law == made.answers.get(LAW, "") == ("" if client == "US" else client)
    if made.route is Route.COURTS:
        assert client == assistant or instrument in DEPENDABLE
        assert client == assistant or facts.coded.foreign_court_judgments not in ("none", "treaty")
    else:
        seat = SEAT_BY_VALUE[made.seat]
        assert instrument not in DEPENDABLE
        assert not refusal_of_seat(facts, seat.country)
        assert not refusal_of_seat(library.jurisdiction_facts[client], seat.country)
        assert facts.coded.award_route == "new_york_convention"
    assert (made.second_language != "") == (facts.coded.contract_language == "required")
    assert set(made.answers) <= set(made.reasons)
    for reason in made.reasons.values():
        assert reason.endswith(".")
        assert "{" not in reason
        assert reason[0].isupper()


def test_all_249_countries_have_a_proposal_and_unknown_ones_say_ask(library: Library) -> None:
    codes = [code for code in library.jurisdictions if "-" not in code]
    unknown = [code for code in codes if code not in library.jurisdiction_facts]
    for client in ("GB", "US", "IN", "KZ", "AT"):
        for assistant in unknown:
            made = proposed(library, client, assistant)
            assert not made.certain
            said = " ".join(made.reasons.values())
            assert made.route is Route.COURTS or "Ask a lawyer" in said
    assert all(proposed(library, client, "PH").route for client in codes)


def test_two_members_of_the_union_without_facts_use_its_regulation(library: Library) -> None:
    assert proposed(library, "AT", "HR").instrument is Instrument.BRUSSELS_RECAST
    assert proposed(library, "DE", "PT").route is Route.COURTS
    assert proposed(library, "GB", "PT").route is Route.ARBITRATION


def test_indonesia_gets_two_languages_and_a_warning_on_the_law(library: Library) -> None:
    made = proposed(library, "GB", "ID")
    assert made.second_language == made.answers[SECOND_LANGUAGE] == "Bahasa Indonesia"
    assert made.positions[SIGNING_FAMILY] == Position.STRICT
    assert "Bahasa Indonesia" in made.reasons[f"position:{SIGNING_FAMILY}"]
    assert "Ask a lawyer" in made.reasons[LAW]


def test_an_individual_is_told_that_employment_breaks_the_route(library: Library) -> None:
    key = f"position:{COURTS_FAMILY}"
    assert "employment" in proposed(library, "GB", "UA", "individual").reasons[key]
    assert "employment" in proposed(library, "GB", "UA").reasons[key]
    assert "employment" not in proposed(library, "GB", "UA", "company").reasons[key]


def test_seats_and_rules_are_options_of_every_arbitration_clause() -> None:
    clauses, _, findings = read_clauses(CLAUSES)
    assert findings == ()
    for position in Position:
        parameters = clauses[f"{ARBITRATION_FAMILY}.{position}"].parameters
        assert {option.value for option in parameters["seat"].options} == {seat.value for seat in SEATS}
        assert {option.value for option in parameters["rules"].options} == set(RULES_NAMES)


# --- the outlook ------------------------------------------------------------------------


def outlook(
    library: Library, client: str, assistant: str, law: str = "", seat: str = ""
) -> list[OutlookPoint]:
    return list(
        describe_outlook(
            library, client_country=client, assistant_country=assistant, governing_law=law, seat=seat
        )
    )


def verdicts(points: list[OutlookPoint], code: str) -> dict[Topic, Verdict]:
    return {point.topic: point.verdict for point in points if point.code == code}


def test_outlook_of_india(library: Library) -> None:
    found = verdicts(outlook(library, "US", "IN", "IN", "singapore"), "IN")
    assert found == {
        Topic.AWARD: Verdict.WORKS,
        Topic.JUDGMENT: Verdict.WITH_CARE,
        Topic.SIGNATURE: Verdict.WORKS,
        Topic.AGREED_SUM: Verdict.WITH_CARE,
        Topic.NON_COMPETE: Verdict.WILL_NOT_WORK,
        Topic.IP_ASSIGNMENT: Verdict.WILL_NOT_WORK,
        Topic.LANGUAGE: Verdict.WORKS,
        Topic.STAMP_DUTY: Verdict.WITH_CARE,
        Topic.BREACH_NOTICE: Verdict.WITH_CARE,
        Topic.CONTRACTOR_STATUS: Verdict.WITH_CARE,
    }
    assert verdicts(outlook(library, "AE", "IN", "AE", "dubai"), "IN")[Topic.AWARD] is Verdict.WILL_NOT_WORK


@pytest.mark.parametrize(
    ("client", "assistant", "verdict", "words"),
    [
        ("GB", "GB", Verdict.WORKS, "needs no recognition"),
        ("DE", "PL", Verdict.WORKS, "Brussels"),
        ("GB", "MX", Verdict.WORKS, "2005"),
        ("GB", "KE", Verdict.WITH_CARE, "list"),
        ("US", "ID", Verdict.WILL_NOT_WORK, "refuses"),
        ("US", "NP", Verdict.WILL_NOT_WORK, "treaty"),
        ("IL", "VN", Verdict.WITH_CARE, "in return"),
        ("US", "ZA", Verdict.WITH_CARE, "new court case"),
        ("US", "BR", Verdict.WITH_CARE, "own law"),
        ("US", "LK", Verdict.ASK_A_LAWYER, "Ask a lawyer there."),
    ],
)
def test_outlook_of_judgments(
    library: Library, client: str, assistant: str, verdict: Verdict, words: str
) -> None:
    (point,) = (one for one in outlook(library, client, assistant) if one.topic is Topic.JUDGMENT)
    assert point.verdict is verdict
    assert words in point.sentence


def test_doubtful_points_always_say_ask(library: Library) -> None:
    doubtful = 0
    for code in library.jurisdiction_facts:
        for point in outlook(library, "GB", country_of(code), code, "singapore"):
            assert "{" not in point.sentence
            assert point.sentence.endswith(".")
            if point.confidence is Confidence.CHECK:
                doubtful += 1
                assert point.verdict is Verdict.ASK_A_LAWYER
            if point.verdict is Verdict.ASK_A_LAWYER:
                assert point.sentence.endswith("Ask a lawyer there.")
    assert doubtful > 10


def test_law_and_client_add_their_points(library: Library) -> None:
    points = outlook(library, "US", "PH", "US-CA", "new-york")
    assert {point.topic for point in points if point.code == "US-CA"} == set(LAW_TOPICS)
    assert {point.topic for point in points if point.code == "US"} == {Topic.BREACH_NOTICE}
    (ban,) = (point for point in points if point.code == "US-CA" and point.topic is Topic.NON_COMPETE)
    assert ban.verdict is Verdict.WILL_NOT_WORK
    assert "unlawful" in ban.sentence
    assert "not to solicit" in ban.sentence


def test_country_without_facts(library: Library) -> None:
    first, *others = outlook(library, "GB", "KZ", "GB")
    assert (first.topic, first.verdict, first.code) == (Topic.EVERYTHING, Verdict.ASK_A_LAWYER, "KZ")
    assert "Kazakhstan" in first.sentence
    assert {point.code for point in others} == {"GB"}


def test_state_reads_federal_prose_where_it_says_so(library: Library) -> None:
    facts = library.jurisdiction_facts
    assert facts["US-NY"].ip_assignment == facts["US"].ip_assignment
    assert facts["US-CA"].ip_assignment != facts["US"].ip_assignment
    assert facts["US-CA"].coded.law_without_connection == "needs_connection"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (wording.FOREIGN_JUDGMENT, FOREIGN_JUDGMENTS),
        (wording.SIMPLE_SIGNATURE, SIMPLE_SIGNATURES),
        (wording.SAFE_SIGNATURE, SAFE_SIGNATURES),
        (wording.AGREED_SUM, AGREED_SUMS),
        (wording.CAPPED_OBLIGATION, CAPPED_OBLIGATIONS),
        (wording.NON_COMPETE, NON_COMPETES),
        (wording.IP_FORM, IP_FORMS),
        (wording.CONTRACT_LANGUAGE, CONTRACT_LANGUAGES),
        (wording.STAMP_DUTY, STAMP_DUTIES),
        (wording.BREACH_WORD, BREACH_WORDS),
    ],
)
def test_every_coded_word_has_its_sentence(table: dict[str, object], words: tuple[str, ...]) -> None:
    assert set(table) == set(words)
