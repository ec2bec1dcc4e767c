"""Clauses back to files: a clause keeps the text of its file, so an export changes no byte."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

from app.domain.clause import Clause
from app.domain.errors import InvalidInput, StorageFailed

ClauseRow: TypeAlias = dict[str, str | bool | list[str]]


def clause_to_text(clause: Clause) -> str:
    """The file's text as it was read. Raises InvalidInput for a clause that was not read from a text."""
    if not clause.source:
        raise InvalidInput(
            "clause-without-source",
            f"The clause {clause.id} has no file text to export.",
            "Export clauses that were parsed by the library.",
        )
    return clause.source


def write_clause(clause: Clause, clauses_dir: Path) -> Path:
    """Write `<clauses_dir>/<family>/<position>.md`, whole or not at all, and return its path.

    Raises StorageFailed where the folder cannot be written.
    """
    data = clause_to_text(clause).encode("utf-8")
    target = clauses_dir / clause.family / f"{clause.position}.md"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data)
    except OSError as error:
        raise StorageFailed(
            "clause-not-written", f"{target} could not be written: {error.strerror}.", "Check the folder."
        ) from error
    return target


def write_clauses(clauses: Iterable[Clause], clauses_dir: Path) -> tuple[Path, ...]:
    """Write all clauses as files below `clauses_dir`; files of other clauses stay as they are."""
    return tuple(write_clause(clause, clauses_dir) for clause in clauses)


def clause_row(clause: Clause) -> ClauseRow:
    """One clause as `library list --json` shows it."""
    return {
        "id": clause.id,
        "family": clause.family,
        "position": str(clause.position),
        "version": clause.version,
        "digest": clause.digest,
        "addresses": list(clause.addresses),
        "title": clause.title,
        "category": clause.category,
        "fallback_to": clause.fallback_to,
        "requires": list(clause.requires),
        "conflicts": list(clause.conflicts),
        "initials": clause.initials,
        "mandatory": clause.mandatory,
        "prominent": clause.prominent,
        "fits": list(clause.jurisdictions.fits),
        "review": list(clause.jurisdictions.review),
        "excluded": list(clause.jurisdictions.excluded),
        "path": clause.path,
    }


def _replace(target: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(name, 0o644)
        os.replace(name, target)
    except OSError:
        os.unlink(name)
        raise
