"""A pairwise covering array over the whole library: whatever two things an owner chooses together.

Each row chooses a contract template, governing law, the countries of both sides, the facts, a position
of every family and a way of answering. Every two choices that can stand together do so in some row,
and every row gives an agreement without errors, or one whose only errors say that a law does not bear
a choice. What cannot stand together is refused, and a finding says why.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

import pytest

from app.domain.agreement_text import AgreementText
from app.domain.answers import LEFT_OUT, Answers
from app.domain.assembly import print_agreement
from app.domain.contract_template import Library
from app.domain.finding import Finding, Severity
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.outline import outline_agreement
from app.domain.questionnaire import derive_questionnaire
from app.library.loading import load_library
from tests.covering.array import Level, Pairs, Row, cover_pairs
from tests.covering.choices import ASSISTANT, CLIENT, LAW, PEOPLE, TEMPLATE, TICKED, Choices, contradict
from tests.covering.deals import answers_of
from tests.covering.wholeness import faults_of

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path.parent.name for path in ROOT.glob("contract_templates/*/template.toml"))
SHORTER = ("mutual-nda", "exit-certificate", "security-annex", "amendment")
SEED = 20261122
SECONDS = 60  # of processor time for the whole array

# Errors that depend on a country alone: the choice is sound elsewhere.
ONLY_THERE = {
    "jurisdiction-excluded",
    "judgment-not-enforceable",
    "seat-not-recognised",
    "arbitration-clause-form",
    "non-compete-void",
    "non-solicit-void",
}


@lru_cache(maxsize=1)
def shipped() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


@dataclass(frozen=True, slots=True)
class Array:
    choices: Choices
    rows: tuple[Row, ...]
    given_up: tuple[tuple[Level, Level], ...]
    seconds: float


@cache
def array() -> Array:
    started = time.process_time()
    choices = Choices(shipped(), TEMPLATES)
    pairs, given_up = Pairs(), list[tuple[Level, Level]]()
    for template_id in TEMPLATES:
        facts, families = choices.factors[template_id]
        pairs.want({TEMPLATE: (template_id,), **facts, **families}, but=(LAW, ASSISTANT))
    chance = random.Random(SEED)
    rows = list(cover_pairs(choices, pairs, chance, given_up))
    # Law and country make more pairs than all else: the rest of them is met in the shorter contracts.
    facts, _ = choices.factors[SHORTER[0]]
    pairs.want({fact: facts[fact] for fact in (LAW, ASSISTANT)})
    rows += cover_pairs(replace(choices, templates=SHORTER), pairs, chance, given_up)
    return Array(choices, tuple(rows), tuple(given_up), time.process_time() - started)


@dataclass(frozen=True, slots=True)
class Judged:
    row: Row
    text: AgreementText
    errors: tuple[Finding, ...]


def judge(row: Row, number: int) -> Judged:
    choices = array().choices
    template, answers = choices.template(row), answers_of(choices, row, f"{SEED}-{number}")
    outline = outline_agreement(choices.library, template, answers)
    text = print_agreement(outline)
    findings = lint_agreement(choices.library, template, answers, text, outline)
    assert all(finding.message.endswith(".") and finding.remedy for finding in findings), findings
    return Judged(row, text, tuple(one for one in findings if one.severity is Severity.ERROR))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is left of the rows of one template once they are judged."""

    clauses: frozenset[str]
    wrong: tuple[str, ...]
    refused: int
    seconds: float


@cache
def verdict(template_id: str) -> Verdict:
    rows = array().rows
    started, clauses, wrong, refused = time.process_time(), set[str](), list[str](), 0
    for number, row in enumerate(rows):
        if row[TEMPLATE] != template_id:
            continue
        judged = judge(row, number)
        clauses |= {clause.clause_id for clause in judged.text.clauses()}
        refused += bool(judged.errors)
        unexpected = [one.describe() for one in judged.errors if one.rule not in ONLY_THERE]
        wrong += [f"row {number}: {line}" for line in unexpected + faults_of(judged.text)]
    return Verdict(frozenset(clauses), tuple(wrong), refused, time.process_time() - started)


@pytest.mark.parametrize("template_id", TEMPLATES)
def test_every_row_is_a_whole_agreement_or_says_which_law_forbids_it(template_id: str) -> None:
    found = verdict(template_id)
    assert not found.wrong, "\n".join(found.wrong[:20])
    rows = sum(row[TEMPLATE] == template_id for row in array().rows)
    # A refusal is the exception: nearly every combination of an offered template can be signed.
    assert rows > 40
    assert found.refused < rows / 10


def test_every_clause_of_the_library_stood_in_an_agreement() -> None:
    stood = frozenset().union(*(verdict(template_id).clauses for template_id in TEMPLATES))
    assert stood == frozenset(shipped().clauses)


def test_the_rows_hold_every_pair_of_law_country_template_and_position() -> None:
    """Counted anew, without the generator's bookkeeping."""
    made = array()
    beside: dict[Level, set[Level]] = {}
    for row in made.rows:
        for factor in (TEMPLATE, LAW, ASSISTANT):
            beside.setdefault((factor, row[factor]), set()).update(row.items())
    for first, second in made.given_up:
        for one, other in ((first, second), (second, first)):
            beside.get(one, set()).add(other)
    known = sorted(shipped().jurisdiction_facts)
    countries = [code for code in known if "-" not in code]
    positions = {(clause.family, str(clause.position)) for clause in shipped().clauses.values()}
    assert len(known) >= 39
    for law in known:
        assert beside[LAW, law] >= positions | {(ASSISTANT, code) for code in countries}
    for country in countries:
        assert beside[ASSISTANT, country] >= positions
    for template_id in TEMPLATES:
        assert beside[TEMPLATE, template_id] >= {(LAW, code) for code in known}


def test_what_never_stands_together_has_a_reason() -> None:
    unexplained = [pair for pair in array().given_up if not _reason(*pair)]
    assert unexplained == []


def _reason(first: Level, second: Level) -> str:
    """ "requires", "conflicts" or "forced", as the clauses themselves say it; "" for none of these."""
    choices = array().choices
    clauses = [shipped().clause(*level) for level in (first, second)]
    if None not in clauses:
        return "conflicts" if contradict(*clauses) else ""  # type: ignore[arg-type]
    for out, clause in ((first, clauses[1]), (second, clauses[0])):
        if out[1] == LEFT_OUT and clause is not None and out[0] in choices.needs(clause):
            return "requires"
        if out[1] == LEFT_OUT and clause is None and out[0] == "data-processing":
            return "forced"
    return ""


def test_what_cannot_stand_together_is_refused_and_a_finding_says_why() -> None:
    made = array()
    assert {_reason(*pair) for pair in made.given_up} == {"requires", "conflicts", "forced"}
    for first, second in made.given_up:
        reason = _reason(first, second)
        row = _row_with(first, second)
        answers = answers_of(made.choices, row, "refused")
        template = made.choices.template(row)
        if reason == "forced":
            out = first if first[1] == LEFT_OUT else second
            choice = next(
                one
                for one in derive_questionnaire(shipped(), template, answers).choices
                if one.family == out[0]
            )
            assert choice.forced
            assert choice.chosen is not None
            assert choice.because
            continue
        rule = "requires-missing" if reason == "requires" else "conflict-present"
        rules = {one.rule for one in judge(row, 0).errors}
        assert rule in rules, (first, second, rules)


def _row_with(first: Level, second: Level) -> Row:
    """A row of the array into which both levels are put, in a template that offers both."""
    factors = array().choices.factors
    for row in array().rows:
        known = {name: levels for stage in factors[row[TEMPLATE]] for name, levels in stage.items()}
        if first[1] in known.get(first[0], ()) and second[1] in known.get(second[0], ()):
            return {**row, **dict((first, second))}
    raise AssertionError((first, second))


def test_only_what_can_work_is_offered() -> None:
    """What a position requires has a place in the template, or the position is not offered there."""
    library, choices = shipped(), array().choices
    left_out = set()
    for template_id in TEMPLATES:
        template = library.contract_templates[template_id]
        _, families = choices.factors[template_id]
        for choice in derive_questionnaire(library, template, Answers()).choices:
            able = [level for level in families[choice.family] if level != LEFT_OUT]
            assert [str(position) for position in choice.available] == able
            left_out |= {
                (template_id, one.id)
                for one in library.positions_of(choice.family)
                if str(one.position) not in able
            }
    assert ("mutual-nda", "misuse-liability.fallback") in left_out


def test_all_of_it_fits_in_a_minute() -> None:
    made = array()
    assert {CLIENT, PEOPLE, TICKED} <= {name for row in made.rows for name in row}
    taken = made.seconds + sum(verdict(template_id).seconds for template_id in TEMPLATES)
    assert taken < SECONDS, f"{len(made.rows)} rows took {taken:.0f} s"
