"""Warnings on the wording of clause files: a bad example for each, and wordings that are fine."""

from __future__ import annotations

import pytest

from app.domain.finding import Severity
from tests.library.library_folders import LibraryFolders

LONG = "The Assistant must " + "report and " * 22 + "stop."

BAD = [
    ("archaic", "The Assistant shall report."),
    ("archaic", "The Assistant must report pursuant to law."),
    ("pronoun", "The Assistant must keep his device safe."),
    ("pronoun", "You must report."),
    ("role-lowercase", "The Assistant tells the client."),
    ("number-hardcoded", "The Assistant must report within 3 days."),
    ("number-hardcoded", "The Assistant must report within three days."),
    ("ref-unmarked", "The Assistant must follow this clause."),
    ("ref-unmarked", "The Assistant must do what is described above."),
    ("sentence-long", LONG),
]


@pytest.mark.parametrize(("rule", "text"), BAD)
def test_wording(folders: LibraryFolders, rule: str, text: str) -> None:
    folders.clause("backups.strict", "A.", text)
    (finding,) = folders.findings()
    assert (finding.rule, finding.severity) == (rule, Severity.WARNING)
    source = (folders.clauses / "backups" / "strict.md").read_text().split("\n")
    assert source[finding.line - 1] == f"(b) {text}"


def test_number_twice(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", "The Assistant must report within five (5) days.")
    assert set(folders.rules()) == {"double-number", "number-hardcoded"}


def test_number_of_a_clause(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", "The Assistant must follow clause 7.")
    assert set(folders.rules()) == {"ref-unmarked", "number-hardcoded"}


@pytest.mark.parametrize(
    "text",
    [
        "The Assistant's clientele is not meant, nor is one act or the parties' agreement.",
        "The Assistant must report, and the report must say what happened.",
        "The Assistant must report where a law requires it.",
    ],
)
def test_good_wording(folders: LibraryFolders, text: str) -> None:
    folders.clause("backups.strict", text)
    assert folders.rules() == []


def test_cited_numbers_are_allowed(folders: LibraryFolders) -> None:
    text = "An individual keeps the rights under 18 U.S.C. § 1833(b)."
    folders.clause("backups.strict", text, cites='["18 U.S.C. § 1833(b)"]')
    assert folders.rules() == []
    folders.clause("backups.strict", text)
    assert folders.rules() == ["number-hardcoded"] * 2


def test_two_short_sentences_are_short(folders: LibraryFolders) -> None:
    half = "The Assistant must " + "report and " * 15 + "stop."
    folders.clause("backups.strict", f"{half} {half}")
    assert folders.rules() == []


def test_term_unused(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", 'A **"Stray Copy"** is a copy.')
    assert folders.rules() == ["term-unused"]
    folders.clause("exit.strict", "Erase each [[Stray Copy]].", requires='["backups"]')
    assert folders.rules() == []


def test_term_unmarked(folders: LibraryFolders) -> None:
    folders.clause("incident-notice.strict", 'An **"Incident"** is an event.', "Stop each [[Incident]].")
    folders.clause("backups.strict", "Report every Incident.")
    (finding,) = folders.findings()
    assert (finding.rule, finding.where) == ("term-unmarked", "clauses/backups/strict.md")


def test_capital_at_a_sentence_start_is_no_term(folders: LibraryFolders) -> None:
    folders.clause("training.strict", '**"Training"** is a course.', "The [[Training]] is free.")
    folders.clause("backups.strict", "Backups are allowed. Training is not.")
    assert folders.rules() == []
    folders.clause("backups.strict", "Training is not free.", requires='["training"]')
    assert folders.rules() == ["term-unmarked"]


def test_headings_of_tables_are_no_term_uses(folders: LibraryFolders) -> None:
    table = "## List {#list}\n\n| Stray Copy |\n|---|\n| a [[Stray Copy]] |"
    text = f'A **"Stray Copy"** is a copy in {{ref:#list}}.\n\n{table}'
    folders.clause("backups.strict", text)
    assert folders.rules() == []
