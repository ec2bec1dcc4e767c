"""The shipped library as a whole, and a library in which nothing is loaded half."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.clause_family import FAMILIES
from app.domain.errors import InvalidInput, LibraryBroken
from app.domain.finding import Severity
from app.library.clause_file import parse_clause
from app.library.export import clause_row, clause_to_text, write_clauses
from app.library.jurisdictions import load_jurisdictions
from app.library.loading import check_library, load_library, read_clauses
from tests.library.clause_texts import BODY, PATH, clause_text
from tests.library.library_folders import LibraryFolders

ROOT = Path(__file__).parents[2]
CLAUSES = ROOT / "clauses"
CONTRACT_TEMPLATES = ROOT / "contract_templates"


def test_every_shipped_file_is_sound() -> None:
    _, findings = check_library(CLAUSES, CONTRACT_TEMPLATES)
    errors = [finding.describe() for finding in findings if finding.severity is Severity.ERROR]
    assert errors == []


def test_shipped_library_is_loaded() -> None:
    library = load_library(CLAUSES, CONTRACT_TEMPLATES)
    files = list(CLAUSES.glob("*/*.md"))
    assert len(library.clauses) == len(files) > 100
    assert {clause.family for clause in library.clauses.values()} <= set(FAMILIES)
    assert len({clause.digest for clause in library.clauses.values()}) == len(library.clauses)


def test_export_changes_no_byte(tmp_path: Path) -> None:
    clauses, _, _ = read_clauses(CLAUSES)
    written = write_clauses(clauses.values(), tmp_path)
    assert len(written) == len(clauses) > 100
    for path in written:
        assert path.read_bytes() == (CLAUSES / path.relative_to(tmp_path)).read_bytes()
    again, _, findings = read_clauses(tmp_path)
    assert findings == ()
    assert {clause.digest for clause in again.values()} == {clause.digest for clause in clauses.values()}


def test_export_leaves_no_other_files(tmp_path: Path) -> None:
    clause, _ = parse_clause(clause_text(), PATH)
    assert clause is not None
    write_clauses([clause, clause], tmp_path)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["strict.md"]


def test_clause_without_text_cannot_be_exported() -> None:
    clause, _ = parse_clause(clause_text(), PATH)
    assert clause is not None
    assert clause_to_text(clause) == clause_text()
    with pytest.raises(InvalidInput, match="no file text"):
        clause_to_text(replace(clause, source=""))


def test_row_of_a_clause() -> None:
    clause, _ = parse_clause(clause_text(), PATH)
    assert clause is not None
    row = clause_row(clause)
    expected = {
        "id": "backups.strict",
        "family": "backups",
        "position": "strict",
        "version": "0.1.0",
        "digest": clause.digest,
        "addresses": ["S6"],
    }
    assert expected.items() <= row.items()


def test_loading_is_fast() -> None:
    """A start may not wait for the library. Measured in time of the processor: others may be busy."""
    started = time.process_time()
    load_library(CLAUSES, CONTRACT_TEMPLATES)
    assert time.process_time() - started < 1.0


def test_broken_library_is_not_loaded(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", "At [x].")
    folders.clause("exit.strict", "An [[Unknown]].")
    folders.clause("fees.strict", "You must pay.")  # a warning only
    with pytest.raises(LibraryBroken) as caught:
        load_library(folders.clauses, folders.contract_templates)
    message = caught.value.message
    assert "clauses/backups/strict.md:20: error placeholder-left" in message
    assert "clauses/exit/strict.md:20: error term-undefined" in message
    assert "pronoun" not in message
    library, findings = check_library(folders.clauses, folders.contract_templates)
    assert library is None
    assert [finding.rule for finding in findings] == ["placeholder-left", "term-undefined", "pronoun"]


def test_warnings_do_not_stop_loading(folders: LibraryFolders) -> None:
    folders.clause("fees.strict", "You must pay.")
    library, findings = check_library(folders.clauses, folders.contract_templates)
    assert library is not None
    assert [finding.rule for finding in findings] == ["pronoun"]
    assert list(load_library(folders.clauses, folders.contract_templates).clauses) == ["fees.strict"]


def test_file_that_is_not_utf8(folders: LibraryFolders) -> None:
    path = folders.write("clauses/backups/strict.md", "")
    path.write_bytes(b"+++\nok\n\xff\n")
    (finding,) = folders.findings()
    assert (finding.rule, finding.line) == ("text-encoding", 3)


def test_file_with_another_name(folders: LibraryFolders) -> None:
    folders.write("clauses/backups/draft.md", clause_text())
    assert folders.rules() == ["id-mismatch"]


def test_missing_names(folders: LibraryFolders) -> None:
    (folders.clauses / "jurisdictions" / "names.toml").unlink()
    (finding,) = folders.findings()
    assert (finding.rule, finding.where) == ("text-encoding", "clauses/jurisdictions/names.toml")
    with pytest.raises(LibraryBroken):
        load_jurisdictions(folders.clauses)


def test_wrong_name(folders: LibraryFolders) -> None:
    names = 'GB = { name = "the United Kingdom", law_name = "England" }\nxx = { name = "X" }\n'
    folders.write("clauses/jurisdictions/names.toml", names)
    (finding,) = folders.findings()
    assert (finding.rule, finding.line) == ("jurisdiction-names", 2)


def test_shipped_jurisdictions() -> None:
    names = load_jurisdictions(CLAUSES)
    states = {code for code in names if "-" in code}
    assert all(code.startswith("US-") for code in states)
    assert len(states) == 51  # with the District of Columbia
    assert len(names) - len(states) == 249  # ISO 3166-1
    assert names["GB"].law_name == "England and Wales"
    assert names["PH"].name == "the Philippines"
    assert names["US-CA"].law_name == "the State of California"
    assert names["NO"].name == "Norway"


def test_large_file_is_not_read(folders: LibraryFolders) -> None:
    folders.write("clauses/backups/strict.md", clause_text(BODY + "x" * 300_000))
    (finding,) = folders.findings()
    assert finding.rule == "text-encoding"
    assert "256 KB" in finding.message
