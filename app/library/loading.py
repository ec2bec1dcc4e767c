"""The whole library from its folders: all files, then the rules between them, then the templates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.domain.clause import Clause
from app.domain.clause_family import FAMILIES
from app.domain.contract_template import ContractTemplate, Library
from app.domain.errors import LibraryBroken
from app.domain.finding import Finding, Severity, has_errors
from app.domain.lint.library_rules import check_clauses
from app.domain.lint.source_rules import warn_about_clauses
from app.library.clause_file import parse_clause
from app.library.findings import FindingList
from app.library.jurisdictions import NAMES_FILE, read_jurisdictions
from app.library.source_text import read_source
from app.library.template_file import read_contract_template


def load_library(clauses_dir: Path, contract_templates_dir: Path) -> Library:
    """The library, free of errors. Raises LibraryBroken, whose message lists every error otherwise."""
    library, findings = check_library(clauses_dir, contract_templates_dir)
    if library is None:
        errors = [finding.describe() for finding in findings if finding.severity is Severity.ERROR]
        raise LibraryBroken(
            "library-broken",
            f"The clause library has {len(errors)} errors:\n" + "\n".join(errors) + "\n",
            "Correct the files; ./run library lint shows the same list.",
        )
    return library


def check_library(
    clauses_dir: Path, contract_templates_dir: Path
) -> tuple[Library | None, tuple[Finding, ...]]:
    """All findings (errors and warnings, with file and line), and the library if none is an error."""
    jurisdictions, name_findings = read_jurisdictions(clauses_dir)
    clauses, clause_findings = read_clauses(clauses_dir)
    findings = [*name_findings, *clause_findings]
    findings += check_clauses(clauses, jurisdictions)
    templates, template_findings = read_contract_templates(contract_templates_dir, clauses)
    findings += template_findings
    findings += warn_about_clauses(clauses)
    ordered = tuple(sorted(findings, key=lambda finding: (finding.where, finding.line)))
    if has_errors(ordered):
        return None, ordered
    return Library(clauses, templates, jurisdictions), ordered


def read_clauses(clauses_dir: Path) -> tuple[Mapping[str, Clause], tuple[Finding, ...]]:
    """Every clause file that has no error of its own, by clause id in family order, and all file findings."""
    clauses: dict[str, Clause] = {}
    findings: list[Finding] = []
    for path in _clause_files(clauses_dir):
        shown = f"{clauses_dir.name}/{path.parent.name}/{path.name}"
        reading = FindingList(shown)
        text = read_source(path, reading)
        findings += reading.sorted_by_line()
        if text is None:
            continue
        clause, found = parse_clause(text, shown)
        findings += found
        if clause is not None:
            clauses[clause.id] = clause
    return clauses, tuple(findings)


def _clause_files(clauses_dir: Path) -> list[Path]:
    order = {family: index for index, family in enumerate(FAMILIES)}
    files = (path for path in clauses_dir.glob("*/*.md") if path.parent.name != NAMES_FILE.parent.name)
    return sorted(
        files, key=lambda path: (order.get(path.parent.name, len(order)), path.parent.name, path.name)
    )


def read_contract_templates(
    contract_templates_dir: Path, clauses: Mapping[str, Clause]
) -> tuple[Mapping[str, ContractTemplate], tuple[Finding, ...]]:
    """Every contract template without an error, by id, and the findings of all."""
    templates: dict[str, ContractTemplate] = {}
    findings: list[Finding] = []
    for path in sorted(contract_templates_dir.glob("*/template.toml")):
        template, found = read_contract_template(path, clauses)
        findings += found
        if template is not None:
            templates[template.id] = template
    return templates, tuple(findings)
