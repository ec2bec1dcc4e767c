"""The terminal commands for the library: `./run library ...` and `./run assemble`. Each calls one service."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli_errors import explain_errors
from app.config import read_configuration

if TYPE_CHECKING:
    from app.domain.finding import Finding
    from app.toolkit import LibrarySource


@click.command()
@click.argument("template")
@click.option("--answers", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@explain_errors
def assemble(template: str, answers: Path, out: Path) -> None:
    """Assemble TEMPLATE from an answers file: PDF, Word, JSON and coverage."""
    from app.services.assembling import assemble_to_folder

    findings = assemble_to_folder(_library_source(), template, answers, out, datetime.now(UTC))
    _print_findings(findings)


@click.group()
def library() -> None:
    """The clause library: list, lint, export."""


@library.command("list")
@click.option("--json", "as_json", is_flag=True)
@explain_errors
def library_list(as_json: bool) -> None:
    """All clauses in use."""
    from app.services.clause_library import list_clauses

    rows = list_clauses(_library_source().library())
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:<44} {row['version']:<8} {row['digest'][:12]}  {' '.join(row['addresses'])}")


@library.command("lint")
@click.option("--json", "as_json", is_flag=True)
@explain_errors
def library_lint(as_json: bool) -> None:
    """Check every clause file and contract template; exit 1 on errors."""
    from app.library.loading import check_library

    configuration = read_configuration()
    _, findings = check_library(configuration.clauses, configuration.contract_templates)
    _print_findings(findings, as_json=as_json)


@library.command("export")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
@explain_errors
def library_export(out: Path) -> None:
    """Write the clauses in use as files."""
    from app.installation import open_installation
    from app.services.clause_library import export

    click.echo(f"{export(open_installation(read_configuration()).toolkit, out)} clauses written.")


def _library_source() -> LibrarySource:
    from app.library.file_library import FileLibrary

    configuration = read_configuration()
    return FileLibrary(configuration.clauses, configuration.contract_templates)


def _print_findings(findings: Sequence[Finding], *, as_json: bool = False) -> None:
    from dataclasses import asdict

    from app.domain.finding import has_errors

    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(finding.describe())
        click.echo(f"{len(findings)} findings.")
    if has_errors(findings):
        sys.exit(1)
