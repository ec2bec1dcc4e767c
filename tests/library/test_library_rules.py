"""Rules between clauses, each with a small library that breaks it and one that does not."""

from __future__ import annotations

import pytest

from tests.library.clause_texts import parameter
from tests.library.library_folders import LibraryFolders

DEFINES = ('An **"Incident"** is an event.', "Report each [[Incident]].")


def place(folders: LibraryFolders, rule: str) -> tuple[str, str]:
    """The file and the text of the line that the only finding with this rule names."""
    (finding,) = [finding for finding in folders.findings() if finding.rule == rule]
    lines = (folders.clauses.parent / finding.where).read_text().split("\n")
    return finding.where, lines[finding.line - 1]


@pytest.mark.parametrize(
    ("paragraphs", "keys", "line"),
    [
        (("A.", "See {ref:incidents}. {when=has:incidents}"), {}, "(b) See"),
        (("A.", "See {refs:exit, incidents?}."), {"requires": '["exit"]'}, "(b) See"),
        (("A.",), {"requires": '["incidents"]'}, "requires ="),
        (("A.",), {"conflicts": '["incidents.strict"]'}, "conflicts ="),
        (("A.",), {"summary": '"You. {when=has:incidents}"'}, "summary ="),
    ],
)
def test_family_unknown(
    folders: LibraryFolders, paragraphs: tuple[str, ...], keys: dict[str, str], line: str
) -> None:
    folders.clause("exit.strict")
    folders.clause("backups.strict", *paragraphs, **keys)
    findings = {(found.rule, found.subject) for found in folders.findings()}
    assert findings == {("family-unknown", "incidents")}
    for finding in folders.findings():
        source = (folders.clauses / "backups" / "strict.md").read_text().split("\n")
        assert source[finding.line - 1].startswith(line)


def test_family_of_the_folder_is_unknown(folders: LibraryFolders) -> None:
    folders.clause("incidents.strict")
    assert folders.rules() == ["family-unknown"]


def test_required_family_needs_a_file(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", requires='["exit"]')
    assert folders.rules() == ["family-unknown"]
    folders.clause("exit.fallback")
    assert folders.rules() == []


def test_conflict_needs_no_file(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", conflicts='["exit", "fees.strict"]')
    assert folders.rules() == []


def test_anchor_missing_in_one_position(folders: LibraryFolders) -> None:
    folders.clause("exit.strict", "A. {#end}", "B.")
    folders.clause("exit.standard", "A. {#start}", "B.")
    folders.clause("backups.strict", "A.", "See {ref:exit#end}.", requires='["exit"]')
    assert folders.rules() == ["anchor-missing"]
    assert place(folders, "anchor-missing") == ("clauses/backups/strict.md", "(b) See {ref:exit#end}.")


def test_anchor_of_another_family_that_can_vanish(folders: LibraryFolders) -> None:
    folders.clause("exit.strict", "A. {#end} {when=has:fees}", "B.")
    folders.clause("backups.strict", "A.", "See {ref:exit#end}.", requires='["exit"]')
    assert folders.rules() == ["ref-unguarded"]
    folders.clause("backups.strict", "A.", "See {ref:exit#end}. {when=has:fees}", requires='["exit"]')
    assert folders.rules() == []


def test_term_undefined(folders: LibraryFolders) -> None:
    folders.clause("incident-notice.strict", *DEFINES)
    folders.clause("backups.strict", "Report an [[Incidnet]].", requires='["incident-notice"]')
    assert folders.rules() == ["term-undefined"]
    folders.clause("backups.strict", "Report [[Incidents]].", requires='["incident-notice"]')
    assert folders.rules() == []


def test_term_of_a_family_that_may_be_absent(folders: LibraryFolders) -> None:
    folders.clause("incident-notice.strict", *DEFINES)
    folders.clause("backups.strict", "A.", "Report an [[Incident]].")
    assert folders.rules() == ["term-undefined"]
    assert "incident-notice" in folders.findings()[0].remedy
    folders.clause("backups.strict", "A.", "Report an [[Incident]]. {when=has:incident-notice}")
    assert folders.rules() == []


def test_term_must_be_defined_in_every_position(folders: LibraryFolders) -> None:
    folders.clause("incident-notice.strict", *DEFINES)
    folders.clause("incident-notice.standard", "Report everything.")
    folders.clause("backups.strict", "Report an [[Incident]].", requires='["incident-notice"]')
    assert folders.rules() == ["term-undefined"]
    assert place(folders, "term-undefined") == ("clauses/backups/strict.md", "Report an [[Incident]].")


def test_listed_forms_replace_the_plural(folders: LibraryFolders) -> None:
    texts = ('A **"Stray Copy"** is a copy.', "Report each [[Stray Copy]] of the [[Stray Copies]].")
    folders.clause("backups.strict", *texts, tables='[terms]\n"Stray Copy" = []\n')
    assert folders.rules() == ["term-undefined"]
    folders.clause("backups.strict", *texts)
    assert folders.rules() == []


def test_business_days_use_the_term(folders: LibraryFolders) -> None:
    days = parameter("days", type='"integer"', unit='"business days"')
    folders.clause("backups.strict", "Within {{days}}.", tables=days)
    assert folders.rules() == ["term-undefined"]
    folders.clause("definitions.standard", 'A **"Business Day"** is a weekday.', "Text.")
    folders.clause("backups.strict", "Within {{days}}.", tables=days, requires='["definitions"]')
    assert folders.rules() == []


def test_term_unguarded_in_its_own_clause(folders: LibraryFolders) -> None:
    folders.clause("backups.strict", 'A **"Copy"** is a copy. {when=has:exit}', "Erase each [[Copy]].")
    assert folders.rules() == ["term-unguarded"]
    folders.clause(
        "backups.strict", 'A **"Copy"** is a copy. {when=has:exit}', "Erase each [[Copy]]. {when=has:exit}"
    )
    assert folders.rules() == []


def test_term_unguarded_in_another_clause(folders: LibraryFolders) -> None:
    conditions = "[conditions]\nus = \"'GB' in deal.countries\"\n"
    folders.clause("exit.strict", 'A **"Copy"** is a copy. {when=us}', "B.", tables=conditions)
    folders.clause("backups.strict", "Erase each [[Copy]].", requires='["exit"]')
    assert folders.rules() == ["term-unguarded"]


def test_param_drift(folders: LibraryFolders) -> None:
    use = "Within {{time}}."
    folders.clause("backups.strict", use, tables=parameter("time", type='"integer"', unit='"days"'))
    folders.clause("backups.standard", use, tables=parameter("time", type='"integer"', unit='"hours"'))
    assert folders.rules() == ["param-drift"]
    assert place(folders, "param-drift") == ("clauses/backups/standard.md", "[params.time]")


@pytest.mark.parametrize("fallback", ["backups.standard", "exit.strict", "backups.strict"])
def test_fallback_unknown(folders: LibraryFolders, fallback: str) -> None:
    folders.clause("exit.strict")
    folders.clause("backups.strict", fallback_to=f'"{fallback}"')
    assert folders.rules() == ["fallback-unknown"]
    assert place(folders, "fallback-unknown")[1] == f'fallback_to = "{fallback}"'


@pytest.mark.parametrize(
    ("keys", "tables"),
    [
        ({"jurisdictions": '{ fits = ["UK"], review = [] }'}, ""),
        ({}, "[conditions]\nuk = \"'UK' in deal.countries\"\n"),
        ({}, "[conditions]\nuk = \"deal.governing_law in ['GB', 'UK']\"\n"),
    ],
)
def test_places_must_exist(folders: LibraryFolders, keys: dict[str, str], tables: str) -> None:
    guard = " {when=uk}" if tables else ""
    folders.clause("backups.strict", "A.", f"B.{guard}", tables=tables, **keys)
    assert folders.rules() == ["value-unknown"]
    assert folders.findings()[0].subject == "UK"


def test_a_broken_file_is_reported_once(folders: LibraryFolders) -> None:
    """What other clauses want of it is not known, so nothing is said about that."""
    folders.clause("exit.strict", "At [x].")
    folders.clause(
        "backups.strict",
        "See {ref:exit#end}.",
        "An [[Unknown]].",
        requires='["exit"]',
    )
    assert folders.rules() == ["placeholder-left"]
