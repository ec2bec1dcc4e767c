"""The shipped contract templates: their sample answers give an agreement without errors, word for word.

Each template has at least two samples, `sample_answers.toml` and `sample_answers_2.toml`, for parties in
different countries; `expected.md` and `expected_2.md` are the texts that `to_markdown` gives. After a
wanted change of clauses, templates or assembly rewrite them and read the difference:

    UPDATE_EXPECTED=1 ./run test tests/test_contract_templates.py
"""

from __future__ import annotations

import os
import random
import time
import tomllib
from functools import cache, lru_cache
from pathlib import Path

import pytest

from app.domain.answer_file import read_answers
from app.domain.answers import LEFT_OUT, Answers
from app.domain.assembly import assemble
from app.domain.clause import COVERAGE_CODES
from app.domain.contract_template import ContractTemplate, FamilySlot, Library
from app.domain.coverage import compute_coverage
from app.domain.finding import Severity
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.plain_text import reading_blocks, to_markdown
from app.domain.printed_runs import placed_runs
from app.domain.questionnaire import derive_questionnaire
from app.library.loading import load_library

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "contract_templates"
IDS = sorted(path.parent.name for path in TEMPLATES.glob("*/template.toml"))
SAMPLES = sorted(
    (path.parent.name, path.stem.removeprefix("sample_answers"))
    for path in TEMPLATES.glob("*/sample_answers*.toml")
)
UPDATE = os.environ.get("UPDATE_EXPECTED") == "1"


@lru_cache(maxsize=1)
def shipped() -> Library:
    return load_library(ROOT / "clauses", TEMPLATES)


def sample(template_id: str, which: str = "") -> tuple[Library, ContractTemplate, Answers]:
    """The library, the template and the answers of `sample_answers<which>.toml`."""
    library = shipped()
    template = library.contract_templates[template_id]
    path = TEMPLATES / template_id / f"sample_answers{which}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    answers, findings = read_answers(library, template, data)
    assert not findings, "\n".join(finding.describe() for finding in findings)
    return library, template, answers


def test_the_contracts_that_readme_names_exist() -> None:
    assert set(IDS) >= {
        "va-nda",
        "mutual-nda",
        "outsourcing-services",
        "bpo-services",
        "data-processing-addendum",
        "security-annex",
        "exit-certificate",
        "amendment",
    }


@pytest.mark.parametrize("template_id", IDS)
def test_each_template_has_samples_for_parties_in_different_countries(template_id: str) -> None:
    answers = [sample(template_id, which)[2] for id_, which in SAMPLES if id_ == template_id]
    assert len(answers) >= 2
    for fact in ("client_country", "assistant_country"):
        countries = [each.facts[fact] for each in answers]
        assert len(set(countries)) == len(countries), (fact, countries)


@pytest.mark.parametrize(("template_id", "which"), SAMPLES)
def test_sample_answers_give_the_expected_text(template_id: str, which: str) -> None:
    text = assemble(*sample(template_id, which))
    expected = TEMPLATES / template_id / f"expected{which}.md"
    if UPDATE:
        expected.write_text(to_markdown(text), encoding="utf-8")
    assert to_markdown(text) == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("template_id", "which"), SAMPLES)
def test_sample_answers_leave_no_error_and_keep_the_promised_coverage(template_id: str, which: str) -> None:
    library, template, answers = sample(template_id, which)
    text = assemble(library, template, answers)
    findings = lint_agreement(library, template, answers, text)
    serious = [finding.describe() for finding in findings if finding.severity is not Severity.INFO]
    errors = [line for line in serious if ": error " in line]
    assert errors == []
    coverage = compute_coverage(library, template, text)
    assert coverage.broken_promises == ()
    assert {entry.code for entry in coverage.entries if entry.promised} == set(template.promised_coverage)
    assert derive_questionnaire(library, template, answers).open_count == 0


@pytest.mark.parametrize("template_id", ["va-nda", "outsourcing-services", "bpo-services"])
def test_contracts_for_work_answer_every_risk_and_every_standard(template_id: str) -> None:
    library, template, answers = sample(template_id)
    assert compute_coverage(library, template, assemble(library, template, answers)).gaps == ()
    assert set(template.promised_coverage) == set(COVERAGE_CODES)


def test_the_services_contract_has_its_cover_page_and_schedules() -> None:
    text = assemble(*sample("outsourcing-services"))
    assert len(text.key_terms) >= 15
    families = [schedule.family for schedule in text.schedules]
    assert families == [
        "services",  # statement of work
        "work-product",  # separate paper for rights, which the law of India asks for
        "sensitive-data",
        "need-to-know",  # access matrix
        "approved-systems",
        "sector-annex",
        "device-security",
        "security-framework",
        "subcontracting",
        "staff-ndas",
        "agreed-compensation",
    ]


@pytest.mark.parametrize("template_id", IDS)
def test_a_template_promises_exactly_what_its_usual_clauses_answer(template_id: str) -> None:
    """Owners choose by this list; `library lint` finds the promises that are not kept."""
    library = shipped()
    template = library.contract_templates[template_id]
    usual = [slot for slot in template.slots() if slot.included or not slot.optional]
    clauses = [library.clause(slot.family, slot.position) for slot in usual]
    answered = {code for clause in clauses if clause for code in clause.addresses}
    assert set(template.promised_coverage) == answered


@pytest.mark.parametrize("template_id", IDS)
def test_each_choice_for_each_family_alone_gives_a_whole_text(template_id: str) -> None:
    """Whatever a choice breaks is said by `requires-missing`, never by a broken text alone.

    Each choice is tried in one of the templates that offer it; mixtures are tried below in all of them.
    """
    library, template, answers = sample(template_id)
    for slot in template.slots():
        usual = answers.positions.get(slot.family, slot.position)
        for number, choice in enumerate(choices(library, slot)):
            offering = templates_with(slot.family)
            if choice == str(usual) or offering[number % len(offering)] != template_id:
                continue
            positions = {**answers.positions, slot.family: choice}
            changed = Answers(answers.facts, answers.families, positions, answers.signers)
            check_whole(library, template, changed, f"{slot.family}: {choice}")


@cache
def templates_with(family: str) -> tuple[str, ...]:
    templates = shipped().contract_templates
    return tuple(id_ for id_ in IDS if any(slot.family == family for slot in templates[id_].slots()))


@pytest.mark.parametrize("template_id", IDS)
@pytest.mark.parametrize("seed", range(8))
def test_any_mixture_of_positions_facts_and_gaps_gives_a_whole_text(template_id: str, seed: int) -> None:
    library, template, answers = sample(template_id)
    chance = random.Random(seed)
    codes = sorted(library.jurisdictions)
    changes = {
        "assistant_kind": chance.choice(["individual", "company"]),
        "device_model": chance.choice(["client", "assistant"]),
        "personal_data": chance.choice([True, False]),
        "assistant_country": chance.choice([code for code in codes if "-" not in code]),
        "governing_law": chance.choice(codes),
        "people_in": chance.sample(["EU", "GB", "US", "other"], chance.randint(1, 3)),
    }
    facts = {**answers.facts, **{name: value for name, value in changes.items() if name in template.facts}}
    if chance.random() < 0.3:
        del facts[chance.choice(sorted(facts))]
    families = {
        family: {name: value for name, value in values.items() if chance.random() < 0.9}
        for family, values in answers.families.items()
    }
    positions = {slot.family: chance.choice(choices(library, slot)) for slot in template.slots()}
    changed = Answers(facts, families, positions, answers.signers)
    check_whole(library, template, changed, f"seed {seed}")


def choices(library: Library, slot: FamilySlot) -> list[str]:
    left_out = [LEFT_OUT] if slot.optional else []
    return [str(clause.position) for clause in library.positions_of(slot.family)] + left_out


def check_whole(library: Library, template: ContractTemplate, answers: Answers, what: str) -> None:
    text = assemble(library, template, answers)
    findings = lint_agreement(library, template, answers, text)
    errors = {finding.rule for finding in findings if finding.severity is Severity.ERROR}
    explained = {"requires-missing", "conflict-present", "jurisdiction-excluded", "answer-missing"}
    if "requires-missing" in errors:
        explained |= {"ref-broken", "ref-list-empty", "term-undefined"}
    described = [finding.describe() for finding in findings if finding.rule in errors - explained]
    assert not described, (what, described)
    for placed in placed_runs(text):
        check_spacing(placed.place, "".join(run.text for run in placed.runs))


def check_spacing(place: str, printed: str) -> None:
    assert printed == printed.strip(), place
    for wrong in ("  ", " .", " ,", " ;", "..", ",,", "{", "}", "**"):
        assert wrong not in printed, (place, printed)


@pytest.mark.parametrize("template_id", IDS)
def test_an_empty_questionnaire_assembles_and_says_what_is_missing(template_id: str) -> None:
    library = shipped()
    template = library.contract_templates[template_id]
    text = assemble(library, template, Answers())
    findings = lint_agreement(library, template, Answers(), text)
    questions = derive_questionnaire(library, template, Answers())
    missing = {finding.subject for finding in findings if finding.rule == "answer-missing"}
    asked = {question.key for question in questions.questions() if question.needs_answer}
    assert missing == {key for key in asked if not key.startswith("signers.")}
    assert {finding.rule for finding in findings if finding.severity is Severity.ERROR} == {
        "answer-missing",
        "signer-missing",
    }
    assert reading_blocks(text)


@pytest.mark.parametrize("template_id", IDS)
def test_assembly_takes_milliseconds(template_id: str) -> None:
    """The budget is 30 ms of this process; the best of several runs, because caches fill in the first."""
    library, template, answers = sample(template_id)
    assemble(library, template, answers)
    times = []
    for _ in range(15):
        start = time.process_time()
        assemble(library, template, answers)
        times.append(time.process_time() - start)
    assert min(times) < 0.030


@pytest.mark.parametrize(("template_id", "which"), SAMPLES)
def test_each_line_of_the_text_is_whole(template_id: str, which: str) -> None:
    text = assemble(*sample(template_id, which))
    for placed in placed_runs(text):
        printed = "".join(run.text for run in placed.runs)
        check_spacing(placed.place, printed)
        assert not set(printed) & set("\"'"), placed.place
