"""The two guides for authors say what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from app.domain.clause_family import DOCUMENT_FAMILIES, FAMILIES, TABLE_FAMILIES
from app.domain.lint.source_rules import warn_about_clauses
from app.library.loading import check_library
from tests.library.bad_clause_files import BAD
from tests.library.clause_texts import parameter
from tests.library.library_folders import LibraryFolders
from tests.library.test_source_rules import BAD as BAD_WORDINGS

ROOT = Path(__file__).parents[2]
CLAUSE_GUIDE = (ROOT / "clauses" / "README.md").read_text()
TEMPLATE_GUIDE = (ROOT / "contract_templates" / "README.md").read_text()


def test_families_are_listed_in_order() -> None:
    listed = re.search(r"in the order of a contract: ([^.]*)\.", CLAUSE_GUIDE)
    assert listed is not None
    assert tuple(re.split(r",\s+", listed[1])) == TABLE_FAMILIES
    assert len(set(TABLE_FAMILIES)) == 58


def test_families_of_single_documents_are_listed_with_their_reason() -> None:
    listed = re.search(
        r"documents that belong to an agreement that the parties have:\s+([^.]*)\.", CLAUSE_GUIDE
    )
    assert listed is not None
    assert tuple(re.split(r",\s+", listed[1])) == DOCUMENT_FAMILIES
    assert FAMILIES == TABLE_FAMILIES + DOCUMENT_FAMILIES
    assert len(set(FAMILIES)) == len(FAMILIES)


def test_every_rule_is_explained() -> None:
    rules = {rule for rule, _ in BAD.values()} | {rule for rule, _ in BAD_WORDINGS}
    rules |= {"family-unknown", "anchor-missing", "term-undefined", "term-unguarded", "param-drift"}
    rules |= {"fallback-unknown", "term-unmarked", "term-unused", "double-number"}
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in CLAUSE_GUIDE] == []


def test_example_of_a_contract_template_is_sound(folders: LibraryFolders) -> None:
    example = re.search(r"```toml\n(.*?)```", TEMPLATE_GUIDE, re.DOTALL)
    assert example is not None
    for family in ("parties", "definitions", "backups", "insurance"):
        folders.clause(f"{family}.standard", addresses='["S5"]')
    folders.clause("take-home.strict", "{{erase_hours}}", tables=parameter("erase_hours"), addresses='["R1"]')
    table = parameter(
        "approved", type='"table"', columns='[{ name = "a", type = "text", title = "A", max_length = 9 }]'
    )
    folders.clause(
        "subcontracting.standard", "See {ref:#list}.\n\n## List {#list}\n\n{{approved}}", tables=table
    )
    text = example[1].replace(
        '  { family = "take-home", position = "strict" },',
        '  { family = "take-home", position = "strict" },\n'
        '  { family = "subcontracting", position = "standard" },',
    )
    folders.write("contract_templates/mutual-nda/template.toml", text)
    library, findings = check_library(folders.clauses, folders.contract_templates)
    assert [finding.describe() for finding in findings] == []
    assert library is not None
    assert warn_about_clauses(library.clauses) == ()
    assert set(library.contract_templates) == {"mutual-nda"}
