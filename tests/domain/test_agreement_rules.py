"""One bad agreement for every rule: its findings are exactly those that the test names."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from app.domain.answers import Answers, SignerAnswer
from app.domain.assembly import assemble
from app.domain.clause import Block, BlockKind, Clause, Position, Reference, ReferenceList, Words
from app.domain.contract_template import Purpose
from app.domain.coverage import coverage_of_record
from app.domain.finding import Severity
from app.domain.lint.agreement_rules import RULES
from tests.domain.small_library import (
    COMPLETE_FACTS,
    COMPLETE_PARTIES,
    COMPLETE_SIGNERS,
    complete_answers,
    findings_on,
    make_clause,
    make_library,
    make_template,
    parties,
    rules_found,
)

YESNO = '[params.a]\ntype = "yesno"\ndefault = true\nlabel = "A"\nask = "A?"\n[conditions]\na = "a"\n'
MONEY = '[params.sum]\ntype = "money"\nlabel = "Sum"\nask = "Sum?"\nmin = "1"\n'
BASIS = '[params.basis]\ntype = "text"\nmax_length = 100\nlabel = "Basis"\nask = "Basis?"\n'


def check(*clauses: Clause, answers: Answers | None = None, **changes: Any) -> list[str]:
    """The rules that report an agreement of all `clauses`, each slot in the clause's position."""
    template = make_template(*(f"{clause.family}.{clause.position}" for clause in clauses), **changes)
    return rules_found(make_library(*clauses, template=template), template, answers or complete_answers())


def plain(family: str, text: str = "Text.", **lists: Any) -> Clause:
    return make_clause(family, f"# {family}\n\n{text}\n", **lists)


def with_blocks(clause: Clause, *blocks: Block) -> Clause:
    """For texts that the reader of files already refuses."""
    return dataclasses.replace(clause, blocks=blocks)


def block(*inlines: Any) -> Block:
    return Block(BlockKind.TEXT, inlines)


def test_a_complete_agreement_has_no_finding() -> None:
    assert check(parties(), plain("training")) == []


def test_requires_missing() -> None:
    assert check(plain("training", requires=["audit"])) == ["requires-missing"]


@pytest.mark.parametrize("named", ["audit", "audit.standard"])
def test_conflict_present_is_reported_once(named: str) -> None:
    both = (plain("training", conflicts=[named]), plain("audit", conflicts=["training"]))
    assert check(*both) == ["conflict-present"]


def test_family_twice() -> None:
    pair = (plain("audit"), plain("audit", position="strict"))
    assert check(*pair) == ["family-twice"]


def test_mandatory_missing() -> None:
    must = plain("protected-disclosures", mandatory=True)
    template = make_template("parties", "protected-disclosures?")
    library = make_library(parties(), must, template=template)
    left_out = dataclasses.replace(complete_answers(), positions={"protected-disclosures": "none"})
    assert rules_found(library, template, complete_answers()) == []
    assert rules_found(library, template, left_out) == ["mandatory-missing"]


def test_clause_unavailable() -> None:
    template = make_template("parties", "audit.strict")
    library = make_library(parties(), plain("audit"), template=template)
    assert rules_found(library, template, complete_answers()) == ["clause-unavailable"]


def test_forced_terms_missing() -> None:
    people = {"fixed_facts": {"people_in": ["EU"], "personal_data": True}}
    assert check(plain("training"), **people) == ["forced-terms-missing", "forced-terms-missing"]
    assert check(plain("training"), **people, purpose=Purpose.ADDENDUM) == []
    assert check(plain("training"), fixed_facts={"people_in": ["US"], "personal_data": True}) == []


@pytest.mark.parametrize(("code", "law"), [("PH", "GB"), ("US", "US-CA"), ("EU", "DE"), ("GB", "GB")])
def test_jurisdiction_excluded(code: str, law: str) -> None:
    answers = dataclasses.replace(complete_answers(), facts=COMPLETE_FACTS | {"governing_law": law})
    assert check(plain("training", excluded=[code]), answers=answers) == ["jurisdiction-excluded"]
    assert check(plain("training", excluded=["FR"]), answers=answers) == []


def test_jurisdiction_unfit_warns_and_review_informs() -> None:
    assert check(plain("training", fits=["US"])) == ["jurisdiction-unfit"]
    template = make_template("training", "audit")
    clauses = (plain("training", review=["PH"]), plain("audit", review=["*"]))
    found = findings_on(make_library(*clauses, template=template), template, complete_answers())
    assert [(finding.rule, finding.severity, finding.subject) for finding in found] == [
        ("jurisdiction-review", Severity.INFO, "GB"),
        ("jurisdiction-review", Severity.INFO, "PH"),
    ]
    assert "clause 2." in found[0].message
    assert "clauses 1 and 2." in found[1].message


def test_term_duplicate() -> None:
    pair = (plain("training", 'A **"Thing"**, [[Thing]].'), plain("audit", 'A **"Thing"**, [[Thing]].'))
    assert check(*pair) == ["term-duplicate"]


def test_term_clash() -> None:
    first = make_clause(
        "training",
        '# T\n\nA **"Copy"**, [[Copies]], [[Copy]], [[Copy]].\n',
        tables='[terms]\n"Copy" = ["Copies"]\n',
    )
    second = make_clause(
        "audit",
        '# A\n\nA **"Copie"**, [[Copie]], [[Copie]], [[Copies]].\n',
        tables='[terms]\n"Copie" = ["Copies"]\n',
    )
    assert check(first, second) == ["term-clash"]


def test_term_undefined_when_the_owner_is_left_out() -> None:
    assert check(plain("training", "The [[Incident]].")) == ["term-undefined"]


def test_term_unused_and_term_once_inform() -> None:
    assert check(plain("training", 'A **"Thing"** is.')) == ["term-unused"]
    assert check(plain("training", 'A **"Thing"** is a [[Thing]].')) == ["term-once"]
    definitions = make_clause("definitions", "# D\n\n(a) Bold.\n\n(b) Words.\n")
    assert check(definitions, plain("training", 'A **"Thing"** is.')) == ["term-unused"]


def test_ref_broken() -> None:
    body = "# T\n\n(a) See {ref:#gone}.\n\n(b) More.\n\n(c) Gone. {#gone}\n"
    clause = make_clause("training", body)
    without = with_blocks(clause, *clause.blocks[:2])
    assert check(without) == ["ref-broken"]
    assert check(with_blocks(clause, block(Reference(family="audit")))) == ["ref-broken"]
    assert check(with_blocks(clause, block(ReferenceList((("audit", False),))))) == ["ref-broken"]


def test_ref_list_empty() -> None:
    assert check(plain("training", "See {refs:audit?, fees?}.")) == ["ref-list-empty"]
    assert check(plain("training", "See {refs:audit?, fees?}."), plain("fees")) == []


LIST_BODY = "# T\n\n(a) One.\n\n(b) Two:\n\n  (i) this; and {when=a}\n\n  (ii) that. {when=a}\n"


def test_list_empty_and_list_of_one() -> None:
    clause = make_clause("training", LIST_BODY, tables=YESNO)
    assert check(clause, answers=complete_answers(training={"a": False})) == ["list-empty"]
    one = make_clause("training", LIST_BODY.replace("that. {when=a}", "that."), tables=YESNO)
    template = make_template("training")
    found = findings_on(
        make_library(one, template=template), template, complete_answers(training={"a": False})
    )
    assert [(finding.rule, finding.severity) for finding in found] == [("list-of-one", Severity.WARNING)]
    assert found[0].where == "clause 1(b)"
    assert check(one) == []


def test_table_without_rows_is_list_empty() -> None:
    body = "# T\n\nSee {ref:#s}.\n\n## S {#s}\n\n| A | B |\n|---|---|\n| x | y | {when=a}\n"
    clause = make_clause("training", body, tables=YESNO)
    assert check(clause, answers=complete_answers(training={"a": False})) == ["list-empty"]


def test_clause_empty() -> None:
    clause = make_clause("training", "# T\n\n(a) One. {when=a}\n\n(b) Two. {when=a}\n", tables=YESNO)
    assert check(clause, answers=complete_answers(training={"a": False})) == ["clause-empty"]


def test_empty_schedule_is_clause_empty() -> None:
    body = "# T\n\nText {ref:#s}.\n\n## S {#s}\n\n(1) One. {when=a}\n\n(2) Two. {when=a}\n"
    clause = make_clause("training", body, tables=YESNO)
    assert check(clause, answers=complete_answers(training={"a": False})) == ["clause-empty"]


def test_answer_missing_names_question_and_place() -> None:
    clause = make_clause("training", "# T\n\n(a) One.\n\n(b) Pay {{sum}}.\n", tables=MONEY)
    template = make_template("training")
    library = make_library(clause, template=template)
    (found,) = findings_on(library, template, complete_answers())
    assert (found.rule, found.where, found.subject) == ("answer-missing", "clause 1(b)", "training.sum")
    assert "\u201cSum\u201d" in found.message
    assert "Sum?" in found.remedy
    assert rules_found(library, template, complete_answers(training={"sum": "5"})) == []


def test_answer_missing_for_facts_and_open_conditions() -> None:
    answers = dataclasses.replace(complete_answers(), facts={"governing_law": "GB"})
    found = findings_on(*_library(plain("training")), answers)
    assert [finding.subject for finding in found] == [
        f"deal.{name}" for name in ("client_country", "assistant_country", "effective_date", "device_model")
    ]
    tables = YESNO.replace("default = true\n", "")
    clause = make_clause("training", "# T\n\n(a) One.\n\n(b) Two. {when=a}\n", tables=tables)
    assert check(clause) == ["answer-missing"]


def test_answer_missing_for_a_fact_that_the_template_does_not_ask() -> None:
    clause = plain("training", "The law of {{deal.governing_law}}.")
    answers = dataclasses.replace(complete_answers(), facts={})
    assert check(clause, answers=answers, facts={}) == ["answer-missing"]


def test_hidden_questions_need_no_answer() -> None:
    tables = (
        '[params.a]\ntype = "yesno"\ndefault = false\nlabel = "A"\nask = "A?"\n'
        '[params.b]\ntype = "text"\nmax_length = 9\nlabel = "B"\nask = "B?"\nwhen = "a"\n'
        '[conditions]\na = "a"\n'
    )
    body = "# T\n\n(a) One.\n\n(b) {{b}}. {when=a}\n"
    clause = make_clause("training", body, tables=tables)
    assert check(clause) == []
    assert check(clause, answers=complete_answers(training={"a": True})) == ["answer-missing"]


def test_answer_invalid() -> None:
    clause = make_clause("training", "# T\n\nPay {{sum}}.\n", tables=MONEY)
    found = findings_on(*_library(clause), complete_answers(training={"sum": "0"}))
    assert [(finding.rule, finding.subject) for finding in found] == [("answer-invalid", "training.sum")]
    assert found[0].remedy == "Enter an amount such as 1250.50, at least 1."
    facts = COMPLETE_FACTS | {"client_country": "ZZ"}
    assert check(plain("audit"), answers=dataclasses.replace(complete_answers(), facts=facts)) == [
        "answer-invalid"
    ]


@pytest.mark.parametrize(
    "name", ["L\u202eiza", "L\u2066iza", "L\u200fiza", "L\x00iza", "L\x9biza", "two\nlines", "x" * 1001]
)
def test_answer_invalid_for_characters_that_hide_or_forge(name: str) -> None:
    answers = complete_answers(parties=COMPLETE_PARTIES | {"client_name": name})
    assert check(parties(), answers=answers) == ["answer-invalid"]


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"families": {"training": {"colour": "red"}}}, "training.colour"),
        ({"families": {"incidents": {"x": 1}}}, "incidents.x"),
        ({"facts": COMPLETE_FACTS | {"town": "Bristol"}}, "deal.town"),
        ({"positions": {"training": "soft"}}, "positions.training"),
        ({"positions": {"audit": "none"}}, "positions.audit"),
        (
            {"signers": COMPLETE_SIGNERS | {"witness": SignerAnswer("W", "w@w.example", "w")}},
            "signers.witness",
        ),
    ],
)
def test_answer_unknown(change: dict[str, Any], subject: str) -> None:
    found = findings_on(*_library(plain("training")), dataclasses.replace(complete_answers(), **change))
    assert [(finding.rule, finding.subject) for finding in found] == [("answer-unknown", subject)]


def test_answers_of_other_positions_are_known() -> None:
    strict = make_clause("training", "# T\n\nPay {{sum}}.\n", tables=MONEY, position="strict")
    template = make_template("training")
    library = make_library(plain("training"), strict, template=template)
    assert rules_found(library, template, complete_answers(training={"sum": "5"})) == []


@pytest.mark.parametrize("missing", ["name", "email", "capacity"])
def test_signer_missing(missing: str) -> None:
    incomplete = dataclasses.replace(COMPLETE_SIGNERS["client"], **{missing: ""})
    answers = dataclasses.replace(complete_answers(), signers=COMPLETE_SIGNERS | {"client": incomplete})
    (found,) = findings_on(*_library(plain("training")), answers)
    assert (found.rule, found.subject) == ("signer-missing", "signers.client")
    assert missing in found.message
    nobody = dataclasses.replace(complete_answers(), signers={})
    assert check(plain("training"), answers=nobody) == ["signer-missing", "signer-missing"]


def test_a_signer_whose_address_is_none_is_invalid() -> None:
    wrong = SignerAnswer("Nora", "nora", "director")
    answers = dataclasses.replace(complete_answers(), signers=COMPLETE_SIGNERS | {"client": wrong})
    assert check(plain("training"), answers=answers) == ["answer-invalid"]


def test_one_address_for_both_sides_warns() -> None:
    same = dataclasses.replace(COMPLETE_SIGNERS["assistant"], email="Nora@Larkfield.example")
    answers = dataclasses.replace(complete_answers(), signers=COMPLETE_SIGNERS | {"assistant": same})
    assert check(plain("training"), answers=answers) == ["signer-same-address"]


@pytest.mark.parametrize("left", ["at [address]", "at ____", "{{hours}}", "{ref:x}", "TBD", "lorem ipsum"])
def test_placeholder_left_in_library_text(left: str) -> None:
    clause = with_blocks(plain("training"), block(Words(f"Send it {left}.")))
    assert check(clause) == ["placeholder-left"]


def test_placeholders_in_answers_are_the_owners_words() -> None:
    answers = complete_answers(parties=COMPLETE_PARTIES | {"client_name": "A [B] {{7*7}} ____ TBD"})
    assert check(parties(), answers=answers) == []


def test_placeholder_left_in_the_title() -> None:
    assert check(plain("training"), title="Agreement [draft]") == ["placeholder-left"]


@pytest.mark.parametrize(
    ("basis", "rules"),
    [("one day of outside help", []), ("loss", ["penalty-without-basis"])],
)
def test_penalty_without_basis(basis: str, rules: list[str]) -> None:
    clause = make_clause("agreed-compensation", "# T\n\nPay {{sum}} for {{basis}}.\n", tables=MONEY + BASIS)
    answers = complete_answers(agreed_compensation={"sum": "5", "basis": basis})
    assert check(clause, answers=answers) == rules
    bare = make_clause("agreed-compensation", "# T\n\nPay {{sum}}.\n", tables=MONEY)
    assert check(bare, answers=complete_answers(agreed_compensation={"sum": "5"})) == [
        "penalty-without-basis"
    ]


def test_control_heavy_counts_strict_clauses_for_an_individual() -> None:
    families = ("directives", "take-home", "workspace", "access-logging")
    strict = [plain(family, position="strict") for family in families]
    assert check(*strict) == ["control-heavy"]
    assert check(*strict[:3], plain("access-logging")) == []
    company = dataclasses.replace(complete_answers(), facts=COMPLETE_FACTS | {"assistant_kind": "company"})
    assert check(*strict, answers=company) == []


def test_seed_risk_uncovered() -> None:
    clause = plain("training", addresses=["R1"])
    assert check(clause, promised_coverage=("R1",)) == []
    assert check(clause, promised_coverage=("R1", "S10")) == ["seed-risk-uncovered"]


def test_errors_come_first_and_every_rule_runs() -> None:
    clauses = [plain(family, position="strict") for family in ("directives", "take-home", "workspace")]
    clauses.append(plain("access-logging", position="strict", requires=["fees"], review=["PH"]))
    template = make_template(*(f"{clause.family}.strict" for clause in clauses))
    library = make_library(*clauses, template=template)
    severities = [finding.severity for finding in findings_on(library, template, complete_answers())]
    assert severities == [Severity.ERROR, Severity.WARNING, Severity.INFO]
    assert len(RULES) == len(set(RULES))
    assert clauses[0].position is Position.STRICT


def _library(clause: Clause) -> tuple[Any, Any]:
    template = make_template(f"{clause.family}.{clause.position}")
    return make_library(clause, template=template), template


def test_the_record_names_the_clauses_of_each_code_and_the_reasons_for_its_gaps() -> None:
    clause = make_clause("training", "# T\n\nWords.\n", addresses=["R5"])
    template = make_template("training")
    text = assemble(make_library(clause, template=template), template, complete_answers())
    matrix = coverage_of_record(text, {"R2": "The bank audits them.", "R5": "Of no use: it has a clause."})
    entries = {entry["code"]: entry for entry in matrix["entries"]}
    assert [entries["R5"]["state"], entries["R5"]["accepted"]] == ["covered", ""]
    assert [one["clause_id"] for one in entries["R5"]["clauses"]] == ["training.standard"]
    assert [entries["R2"]["state"], entries["R2"]["accepted"]] == ["gap", "The bank audits them."]
    assert (entries["R3"]["state"], entries["R3"]["accepted"]) == ("gap", "")
    assert "R2" in matrix["gaps"]
    assert "R5" not in matrix["gaps"]
