"""What the facts of a deal recommend and force, on the shipped library."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest

from app.domain.answers import LEFT_OUT, Answers, SignerAnswer
from app.domain.assembly import assemble
from app.domain.clause import Position, Role
from app.domain.contract_template import ContractTemplate, FamilySlot, Library, TemplateSection
from app.domain.deal import open_deal
from app.domain.guidance.fact_rules import CURRENCIES
from app.domain.guidance.guide import guide
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.questionnaire import Question, QuestionState, derive_questionnaire
from app.library.loading import load_library

ROOT = Path(__file__).resolve().parent.parent
FORCED = ("data-processing", "data-transfers", "sector-annex")


@lru_cache(maxsize=1)
def shipped() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


def template() -> ContractTemplate:
    return shipped().contract_templates["va-nda"]


def answers(**facts: object) -> Answers:
    given = {"client_country": "GB", "assistant_country": "PH", **facts}
    return Answers(facts={name: value for name, value in given.items() if value is not None})  # type: ignore[misc]


def ticking(*kinds: str, **facts: object) -> Answers:
    return replace(answers(**facts), families={"sensitive-data": {"categories": list(kinds)}})


def question(given: Answers, key: str) -> Question:
    found = derive_questionnaire(shipped(), template(), given).find(key)
    assert found is not None, key
    return found


def families(given: Answers) -> set[str]:
    return set(open_deal(shipped(), template(), given).selection.by_family)


# --- forced families -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "forced"),
    [
        ({"client_country": "GB", "assistant_country": "PH"}, {"data-processing", "data-transfers"}),
        ({"client_country": "DE", "assistant_country": "PL"}, {"data-processing"}),
        ({"client_country": "GB", "assistant_country": "RO"}, {"data-processing"}),
        ({"client_country": "IE", "assistant_country": "NZ"}, {"data-processing"}),
        ({"client_country": "US", "assistant_country": "PH"}, set()),
        ({"client_country": "US", "people_in": ["EU", "US"]}, {"data-processing", "data-transfers"}),
        ({"client_country": "GB", "personal_data": False}, set()),
        ({"client_country": "AU", "people_in": ["other"]}, set()),
    ],
)
def test_european_personal_data_forces_its_terms(facts: dict[str, object], forced: set[str]) -> None:
    given = ticking("names", **facts)
    assert families(given) & set(FORCED) == forced


@pytest.mark.parametrize(
    ("kind", "facts", "forced"),
    [
        ("health", {"client_country": "US"}, True),
        ("health", {"client_country": "AU", "people_in": ["other"]}, False),
        ("payment_cards", {"client_country": "AU"}, True),
        ("children", {"client_country": "AU", "people_in": ["US", "other"]}, True),
        ("financial", {"client_country": "US"}, True),
        ("names", {"client_country": "US"}, False),
    ],
)
def test_ticked_data_forces_the_sector_annex(kind: str, facts: dict[str, object], forced: bool) -> None:
    given = ticking(kind, **facts)
    assert ("sector-annex" in families(given)) is forced


def test_what_no_clause_asks_forces_nothing() -> None:
    strict = replace(ticking("health", client_country="US"), positions={"sensitive-data": "strict"})
    assert "sector-annex" not in families(strict)


def test_the_ticked_kinds_become_the_regimes_of_the_annex() -> None:
    regimes = question(ticking("payment_cards", "health", client_country="US"), "sector-annex.regimes")
    assert regimes.state is QuestionState.RECOMMENDED
    assert regimes.value == ["health", "cards"]


def test_what_is_forced_cannot_be_left_out_and_says_why() -> None:
    given = replace(ticking("names"), positions={"data-processing": LEFT_OUT})
    choices = {one.family: one for one in derive_questionnaire(shipped(), template(), given).choices}
    choice = choices["data-processing"]
    assert choice.forced
    assert choice.chosen is not None
    assert "UK GDPR" in choice.because


def test_the_position_of_a_forced_family_is_still_the_owners_choice() -> None:
    given = replace(ticking("names"), positions={"data-processing": "standard"})
    assert (
        open_deal(shipped(), template(), given).selection.by_family["data-processing"].position == "standard"
    )


def test_a_contract_without_a_place_for_forced_terms_is_warned_about() -> None:
    bare = replace(
        template(),
        sections=tuple(
            TemplateSection(section.title, tuple(slot for slot in section.slots if slot.family not in FORCED))
            for section in template().sections
        ),
    )
    given = ticking("names")
    text = assemble(shipped(), bare, given)
    found = [
        one for one in lint_agreement(shipped(), bare, given, text) if one.rule == "forced-terms-missing"
    ]
    assert [one.subject for one in found] == ["data-processing", "data-transfers"]


def test_a_template_that_has_the_terms_anyway_is_left_as_it_is() -> None:
    slot = FamilySlot("data-processing", Position.STRICT)
    always = replace(template(), sections=(*template().sections, TemplateSection("", (slot,))))
    given = ticking("names", client_country="US", people_in=["US"])
    assert "data-processing" in open_deal(shipped(), always, given).selection.by_family


# --- how much is asked -----------------------------------------------------------------

MOST_QUESTIONS = {
    "va-nda": 12,
    "mutual-nda": 12,
    "outsourcing-services": 30,
    "bpo-services": 30,
    "data-processing-addendum": 30,
    "security-annex": 12,
    "exit-certificate": 12,
    "amendment": 12,
}


def begun(contract_template: ContractTemplate, client: str, assistant: str, kind: str) -> Answers:
    """What a draft holds once business and person are chosen (services/drafting.prefill)."""
    parties = {"client_name": "Larkfield Ltd", "client_address": "1 Mill Lane, York"}
    parties |= {"assistant_name": "Liza Santos", "assistant_address": "14 Mango Road, Cebu City"}
    sides = {Role.CLIENT: ("Nora Whitlow", "nora@example.com"), Role.ASSISTANT: ("Liza", "liza@example.com")}
    return Answers(
        facts={"client_country": client, "assistant_country": assistant, "assistant_kind": kind},
        families={"parties": parties},
        signers={role.id: SignerAnswer(*sides[role.side], "") for role in contract_template.signer_roles},
    )


@pytest.mark.parametrize("template_id", sorted(MOST_QUESTIONS))
@pytest.mark.parametrize(
    ("client", "assistant", "kind"),
    [
        ("GB", "PH", "individual"),
        ("IE", "IN", "company"),
        ("US-NY", "KE", "individual"),
        ("AU", "BD", "company"),
    ],
)
def test_an_owner_answers_few_questions(template_id: str, client: str, assistant: str, kind: str) -> None:
    each = shipped().contract_templates[template_id]
    questions = list(derive_questionnaire(shipped(), each, begun(each, client, assistant, kind)).questions())
    answered_by_owner = [one for one in questions if one.foremost and one.state is not QuestionState.ANSWERED]
    keys = [one.key for one in answered_by_owner]
    assert len(keys) <= MOST_QUESTIONS[template_id], keys
    assert not [one.key for one in questions if one.needs_answer and not one.foremost], (
        "an open one is hidden"
    )


def test_the_limits_are_for_every_contract_template_there_is() -> None:
    assert set(MOST_QUESTIONS) == set(shipped().contract_templates)


# --- recommended answers ---------------------------------------------------------------


def test_law_and_currency_follow_the_business_until_they_are_answered() -> None:
    given = answers(client_country="GB")
    assert question(given, "deal.governing_law").value == "GB"
    assert question(given, "deal.currency").value == "GBP"
    moved = answers(client_country="AU")
    assert (question(moved, "deal.governing_law").value, question(moved, "deal.currency").value) == (
        "AU",
        "AUD",
    )
    own = question(answers(governing_law="SG"), "deal.governing_law")
    assert (own.state, own.value) == (QuestionState.ANSWERED, "SG")


def test_every_recommended_currency_is_a_code() -> None:
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES.values())


def test_people_who_sign_are_recommended_where_people_are_asked() -> None:
    roles = {role.side: role.id for role in template().signer_roles}
    given = replace(
        answers(),
        signers={
            roles[next(side for side in roles if side == "Client")]: SignerAnswer(
                "Ann Owner", "ann@example.com", "director"
            )
        },
    )
    assert question(given, "directives.directors").value == ["Ann Owner, director"]
    assert question(given, "general.client_notice_email").value == "ann@example.com"
    assert question(given, "incident-notice.channel").value == "ann@example.com"


def test_a_recommendation_is_printed_and_no_blank_is_left() -> None:
    given = answers(effective_date="2026-12-01")
    keys = {run.target for one in assemble(shipped(), template(), given).key_terms for run in one.value}
    assert "deal.governing_law" in keys
    found = lint_agreement(shipped(), template(), given, assemble(shipped(), template(), given))
    assert "deal.governing_law" not in {one.subject for one in found if one.rule == "answer-missing"}


def test_agreed_sums_bring_a_total() -> None:
    given = replace(answers(), families={"agreed-compensation": {"sum": "500"}})
    assert guide(shipped(), template(), given).value("agreed-compensation.total_cap") == "1500"


@pytest.mark.parametrize("bad", ["", "a lot", "-5", "1e400", "NaN"])
def test_a_sum_that_is_none_recommends_nothing(bad: str) -> None:
    given = replace(answers(), families={"agreed-compensation": {"sum": bad}})
    assert guide(shipped(), template(), given).value("agreed-compensation.total_cap") is None


def test_every_recommendation_says_why_in_a_few_words() -> None:
    for each in shipped().contract_templates.values():
        for country in ("GB", "US", "AU"):
            advice = guide(shipped(), each, ticking("health", "payment_cards", client_country=country))
            reasons = [one.because for one in advice.answers.values()]
            reasons += [one.because for one in advice.families.values() if one.position != LEFT_OUT]
            assert all(reason.endswith(".") and len(reason) < 280 for reason in reasons)


def test_every_recommended_value_is_one_that_its_question_accepts() -> None:
    for each in shipped().contract_templates.values():
        for country in ("GB", "DE", "US-CA", "AU", "ZA"):
            given = ticking("health", "payment_cards", client_country=country)
            for one in derive_questionnaire(shipped(), each, given).questions():
                if one.state is QuestionState.RECOMMENDED:
                    stored = replace(
                        given,
                        facts=given.facts | ({one.key[5:]: one.value} if one.key.startswith("deal.") else {}),
                        families=dict(given.families) | _as_answer(one),
                    )
                    again = derive_questionnaire(shipped(), each, stored).find(one.key)
                    assert again is not None
                    assert again.state is QuestionState.ANSWERED, (one.key, again.problem)


def _as_answer(one: Question) -> dict[str, dict[str, object]]:
    family, _, name = one.key.partition(".")
    return {} if family == "deal" else {family: {name: one.value}}
