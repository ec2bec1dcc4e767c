"""Whatever is answered: the agreements of the shipped library stay whole, and answers stay answers."""

from __future__ import annotations

import io
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from html.parser import HTMLParser
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.agreement_text import RunKind
from app.domain.answer_checks import check_answer
from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.clause import Answer, Parameter, ParameterType
from app.domain.contract_template import ContractTemplate, Library
from app.domain.deal import open_deal
from app.domain.finding import Severity
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.plain_text import to_markdown
from app.domain.printed_runs import placed_runs
from app.domain.questionnaire import QuestionState, derive_questionnaire
from app.library.loading import load_library
from app.rendering.markup import render_html
from app.rendering.pages import extract_text
from app.rendering.pdf import render_pdf
from app.rendering.word import render_docx
from tests.covering.strategies import answers_to, family_answers
from tests.covering.wholeness import faults_of
from tests.test_covering_array import ONLY_THERE

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path.parent.name for path in ROOT.glob("contract_templates/*/template.toml"))
CREATED_AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
bounded = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck), max_examples=10
)


@lru_cache(maxsize=1)
def shipped() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


@cache
def sample(template_id: str) -> tuple[ContractTemplate, Answers]:
    path = ROOT / "contract_templates" / template_id / "sample_answers.toml"
    return shipped().contract_templates[template_id], Answers.from_json(
        tomllib.loads(path.read_text(encoding="utf-8"))
    )


# --- any valid answers -----------------------------------------------------------------


@cache
def valid_facts(template_id: str) -> st.SearchStrategy[dict[str, Answer]]:
    template, _ = sample(template_id)
    return st.fixed_dictionaries(
        {name: answers_to(shipped(), fact) for name, fact in template.facts.items()}
    )


@pytest.mark.parametrize("template_id", TEMPLATES)
@bounded
@given(data=st.data())
def test_any_valid_answers_give_a_whole_agreement(template_id: str, data: st.DataObject) -> None:
    """Every reference leads somewhere, every term is defined once, no blank and no mark is left."""
    template, usual = sample(template_id)
    facts = data.draw(valid_facts(template_id))
    deal = open_deal(shipped(), template, replace(usual, facts=facts))
    families = data.draw(family_answers(shipped(), list(deal.selection.by_family.values())))
    answers = replace(usual, facts=facts, families=families)
    questions = derive_questionnaire(shipped(), template, answers)
    invalid = [(one.key, one.problem) for one in questions.questions() if one.problem]
    assert not invalid
    text = assemble(shipped(), template, answers)
    assert faults_of(text) == []
    findings = lint_agreement(shipped(), template, answers, text)
    errors = [one for one in findings if one.severity is Severity.ERROR and one.rule not in ONLY_THERE]
    assert not errors, "\n".join(one.describe() for one in errors)


@bounded
@given(data=st.data())
def test_what_the_strategies_give_is_stored_as_it_is(data: st.DataObject) -> None:
    """Otherwise the property above would speak of answers that nobody can give."""
    clauses = data.draw(st.lists(st.sampled_from(list(shipped().clauses.values())), max_size=8))
    for clause in clauses:
        for parameter in clause.parameters.values():
            answer = data.draw(answers_to(shipped(), parameter))
            assert check_answer(parameter, answer, shipped()) == answer


# --- hostile answers -------------------------------------------------------------------

HOSTILE = (
    "{{7*7}}",
    "<script>alert(1)</script>",
    "{ref:take-home}",
    "[[Incident]] {when=x}",
    "\u0645\u0631\u062d\u0628\u0627 \u05e9\u05dc\u05d5\u05dd",
    "\U0001f469\u200d\U0001f4bb \U0001f600",
    "x" * 10_000,
)


def with_text(template: ContractTemplate, usual: Answers, value: str) -> Answers:
    """The answers with `value` in every text, list of texts and text cell, whatever its limit."""
    deal = open_deal(shipped(), template, usual)
    families = {
        clause.family: {
            **usual.families.get(clause.family, {}),
            **{
                name: answer
                for name, one in clause.parameters.items()
                if (answer := _as_text(one, value)) is not None
            },
        }
        for clause in deal.selection.by_family.values()
    }
    return replace(usual, families=families)


def _as_text(parameter: Parameter, value: str) -> Answer | None:
    match parameter.type:
        case ParameterType.TEXT:
            return value
        case ParameterType.LIST if parameter.of is ParameterType.TEXT:
            return [value]
        case ParameterType.TABLE if all(one.type is ParameterType.TEXT for one in parameter.columns):
            return [{column.name: value for column in parameter.columns}]
    return None


class Reading(HTMLParser):
    """The elements and the text of a page, as a browser sees them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "bdi":  # keeps a text that runs from right to left apart from what stands around it
            self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_answers_come_out_literally(value: str) -> None:
    template, usual = sample("va-nda")
    text = assemble(shipped(), template, with_text(template, usual, value))
    plain = assemble(shipped(), template, with_text(template, usual, "harmless"))
    printed = [run.text for one in placed_runs(text) for run in one.runs if run.kind is RunKind.ANSWER]
    wanted = sum(one == value for one in printed)
    assert wanted >= 15
    assert faults_of(text) == []
    assert to_markdown(text).count(value.replace("|", "\\|")) >= wanted
    page, other = Reading(render_html(text)), Reading(render_html(plain))
    assert page.elements == other.elements
    assert "".join(page.text).count(value) == "".join(other.text).count("harmless")


def test_a_text_that_is_too_long_is_an_error_before_anything_is_sent() -> None:
    template, usual = sample("exit-certificate")
    answers = with_text(template, usual, "x" * 10_000)
    findings = lint_agreement(shipped(), template, answers, assemble(shipped(), template, answers))
    assert "answer-invalid" in {one.rule for one in findings if one.severity is Severity.ERROR}


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_answers_stand_literally_in_word(value: str) -> None:
    template, usual = sample("exit-certificate")
    text = assemble(shipped(), template, with_text(template, usual, value))
    frame = (ROOT / "contract_templates" / template.id / "paper.docx").read_bytes()
    document = python_docx.Document(io.BytesIO(render_docx(text, frame)))
    words = "\n".join("".join(piece.text or "" for piece in one.xpath(".//w:t"))
                      for one in document.element.body.xpath(".//w:p"))  # fmt: skip
    assert words.count(value) >= 3


@pytest.mark.parametrize("value", [" ".join(HOSTILE[:4]), HOSTILE[-1][:160]], ids=["marks", "long"])
def test_hostile_answers_stand_literally_in_the_pdf(value: str) -> None:
    """The long one is one word as long as the question takes; a longer one never reaches the paper."""
    template, usual = sample("exit-certificate")
    address = {**usual.families["parties"], "client_address": value}
    text = assemble(shipped(), template, replace(usual, families={**usual.families, "parties": address}))
    pages = "".join("".join(extract_text(render_pdf(text, created_at=CREATED_AT))).split())
    assert "".join(value.split()) in pages


# --- recommendations -------------------------------------------------------------------


@pytest.mark.parametrize("template_id", ["va-nda", "bpo-services"])
@bounded
@given(data=st.data())
def test_what_is_recommended_never_overrules_what_was_given(template_id: str, data: st.DataObject) -> None:
    template, usual = sample(template_id)
    codes = sorted(code for code in shipped().jurisdiction_facts if "-" not in code)
    countries = {name: data.draw(st.sampled_from(codes)) for name in ("client_country", "assistant_country")}
    answers = Answers(facts=countries, signers=usual.signers, positions=usual.positions)
    deal = open_deal(shipped(), template, answers)
    asked = {key: one for key in deal.guidance.answers if (one := deal.question(key)) is not None}
    assert asked
    facts, families = dict(countries), dict[str, dict[str, Answer]]()
    for key, parameter in asked.items():
        family, _, name = key.partition(".")
        value = data.draw(answers_to(shipped(), parameter), label=key)
        if family == "deal":
            facts[name] = value
        else:
            families.setdefault(family, {})[name] = value
    given_answers = replace(answers, facts=facts, families=families)
    after = open_deal(shipped(), template, given_answers)
    states = {one.key: one for one in derive_questionnaire(shipped(), template, given_answers).questions()}
    for key in asked:
        family, _, name = key.partition(".")
        chosen = facts[name] if family == "deal" else families[family][name]
        clause = after.selection.by_family.get(family)
        held = after.fact(name) if clause is None else after.value(clause, name)
        if clause is not None or family == "deal":
            assert held == chosen, key
            assert states[key].state in (QuestionState.ANSWERED, QuestionState.HIDDEN), key
