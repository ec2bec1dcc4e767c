"""The whole library from its folders: all files, then the rules between them, then the templates."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.domain.clause import Clause
from app.domain.clause_family import FAMILIES
from app.domain.contract_template import ContractTemplate, Library
from app.domain.errors import LibraryBroken
from app.domain.finding import Finding
from app.domain.lint.library_rules import check_clauses
from app.domain.lint.source_rules import warn_about_clauses
from app.library.clause_file import parse_clause
from app.library.findings import FindingList
from app.library.jurisdiction_file import read_jurisdiction_facts
from app.library.jurisdictions import NAMES_FILE, read_jurisdictions
from app.library.source_text import read_source
from app.library.template_checks import know_clauses
from app.library.template_file import read_contract_template


def load_library(clauses_dir: Path, contract_templates_dir: Path) -> Library:
    """The library, free of errors. Raises LibraryBroken, whose message lists every error otherwise."""
    library, errors = _read_library(clauses_dir, contract_templates_dir)
    if errors:
        listed = "\n".join(finding.describe() for finding in _in_order(errors))
        raise LibraryBroken(
            "library-broken",
            f"The clause library cannot be used; it has {len(errors)} errors:\n{listed}\n",
            "Correct the files; ./run library lint shows the same list.",
        )
    return library


def check_library(
    clauses_dir: Path, contract_templates_dir: Path
) -> tuple[Library | None, tuple[Finding, ...]]:
    """All findings (errors and warnings, with file and line), and the library if none is an error."""
    library, errors = _read_library(clauses_dir, contract_templates_dir)
    findings = _in_order([*errors, *warn_about_clauses(library.clauses)])
    return (None if errors else library), findings


def _read_library(clauses_dir: Path, contract_templates_dir: Path) -> tuple[Library, list[Finding]]:
    """What could be read, and every error. With an error, the library is not for use."""
    with _uncollected():
        return _read_files(clauses_dir, contract_templates_dir)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nearly all that is made while reading stays; looking for garbage in it takes a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_files(clauses_dir: Path, contract_templates_dir: Path) -> tuple[Library, list[Finding]]:
    jurisdictions, name_errors = read_jurisdictions(clauses_dir)
    facts, fact_errors = read_jurisdiction_facts(clauses_dir, jurisdictions)
    clauses, unreadable, clause_errors = read_clauses(clauses_dir)
    rule_errors = check_clauses(clauses, jurisdictions, unreadable)
    templates, template_errors = read_contract_templates(contract_templates_dir, clauses, unreadable)
    errors = [*name_errors, *fact_errors, *clause_errors, *rule_errors, *template_errors]
    return Library(clauses, templates, jurisdictions, facts), errors


def _in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.where, finding.line)))


def read_clauses(
    clauses_dir: Path,
) -> tuple[Mapping[str, Clause], frozenset[str], tuple[Finding, ...]]:
    """Clauses whose file has no error, by id in family order; ids of the others; all file findings."""
    clauses: dict[str, Clause] = {}
    unreadable: set[str] = set()
    findings: list[Finding] = []
    for path in _clause_files(clauses_dir):
        shown = f"{clauses_dir.name}/{path.parent.name}/{path.name}"
        reading = FindingList(shown)
        text = read_source(path, reading)
        findings += reading.sorted_by_line()
        clause, found = (None, ()) if text is None else parse_clause(text, shown)
        findings += found
        if clause is None:
            unreadable.add(f"{path.parent.name}.{path.stem}")
        else:
            clauses[clause.id] = clause
    return clauses, frozenset(unreadable), tuple(findings)


def _clause_files(clauses_dir: Path) -> list[Path]:
    order = {family: index for index, family in enumerate(FAMILIES)}
    files = (path for path in clauses_dir.glob("*/*.md") if path.parent.name != NAMES_FILE.parent.name)
    return sorted(
        files, key=lambda path: (order.get(path.parent.name, len(order)), path.parent.name, path.name)
    )


def read_contract_templates(
    contract_templates_dir: Path, clauses: Mapping[str, Clause], unreadable: frozenset[str]
) -> tuple[Mapping[str, ContractTemplate], tuple[Finding, ...]]:
    """Every contract template without an error, by id, and the findings of all."""
    templates: dict[str, ContractTemplate] = {}
    findings: list[Finding] = []
    known = know_clauses(clauses, unreadable)
    for path in sorted(contract_templates_dir.glob("*/template.toml")):
        template, found = read_contract_template(path, known)
        findings += found
        if template is not None:
            templates[template.id] = template
    return templates, tuple(findings)
