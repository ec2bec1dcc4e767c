"""Conditions in words: the shipped ones all have some, and each kind says what it means."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.config import ROOT
from app.domain.clause import Guard
from app.domain.condition_words import ConditionWords, facts_of
from app.domain.contract_template import Library
from app.domain.lint.clause_uses import guards_of
from app.library.loading import load_library


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("deal.assistant_kind == 'company'", "is \u201ca company\u201d"),
        (
            "deal.device_model != 'client'",
            "\u201cComputer\u201d is not \u201ca device lent by the business\u201d",
        ),
        ("'US' in deal.countries", "the United States is a country of the parties or of the governing law"),
        ("'EU' not in deal.countries", "the European Union is not a country of the parties"),
        ("deal.governing_law in ['GB', 'PH']", "is one of the United Kingdom or the Philippines"),
        ("deal.personal_data", "\u201cInformation about individuals\u201d is answered with yes"),
        ("not deal.personal_data", "is answered with no"),
        ("erase_hours > 24", "\u201cTime to return or erase a stray copy\u201d is more than 24"),
        ("24 < erase_hours", "\u201cTime to return or erase a stray copy\u201d is more than 24"),
        (
            "erase_hours <= 24 and (deal.personal_data or erase_hours == 1)",
            "is at most 24 and (\u201cInformation",
        ),
        ("deal.currency != ''", "is filled in"),
        ("not (erase_hours > 1 and erase_hours < 9)", "it is not so that"),
    ],
)
def test_each_kind_of_condition_is_said(library: Library, expression: str, words: str) -> None:
    clause = replace(library.clauses["take-home.strict"], conditions={"c": expression})
    said = ConditionWords(library, clause, facts_of(library)).say(Guard("c"))
    assert said.startswith("only if ")
    assert words in said


def test_families_and_negations_are_named(library: Library) -> None:
    words = ConditionWords(library, library.clauses["take-home.strict"], facts_of(library))
    title = library.positions_of("backups")[0].title
    assert words.say(Guard("has:backups")) == f"only if the contract has the clause \u201c{title}\u201d"
    assert words.say(Guard("has:backups", negated=True)).startswith("not if ")


def test_no_shipped_condition_shows_its_code(library: Library) -> None:
    said = [
        ConditionWords(library, clause, facts_of(library)).say(guard)
        for clause in library.clauses.values()
        for guard, _ in guards_of(clause)
    ]
    assert len(said) > 100
    assert not [
        words for words in said if "==" in words or "deal." in words or "_" in words or words.endswith(" ")
    ]
