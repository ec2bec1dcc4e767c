"""The clause library: taken into the database at start, listed, and written back as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.domain.actor import APPLICATION
from app.domain.audit import AuditEvent
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.toolkit import Toolkit


def take_in(kit: Toolkit) -> tuple[str, ...]:
    """Store the clause versions of the files that the database does not know. Returns their ids."""
    clauses = kit.library.library().clauses.values()
    with kit.unit_of_work() as unit:
        new = tuple(unit.clause_versions.add_missing(clauses, kit.clock.now()))
        if new:
            unit.audit.append(
                AuditEvent(name="library.taken_in", actor=APPLICATION, details={"clause_versions": len(new)})
            )
    return new


def list_clauses(library: Library) -> list[dict[str, Any]]:
    """One object for each clause in use, for `./run library list --json`."""
    return [_describe(clause) for _, clause in sorted(library.clauses.items())]


def export(kit: Toolkit, folder: Path) -> int:
    """Write every clause in use to `folder` as files, byte for byte. Returns how many."""
    clauses = kit.library.library().clauses.values()
    with kit.unit_of_work() as unit:
        sources = {clause.id: unit.clause_versions.source(clause.digest) for clause in clauses}
    for clause in clauses:
        path = folder / clause.family / f"{clause.position}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sources[clause.id], encoding="utf-8", newline="")
    return len(sources)


def _describe(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "family": clause.family,
        "position": str(clause.position),
        "version": clause.version,
        "digest": clause.digest,
        "title": clause.title,
        "category": clause.category,
        "addresses": list(clause.addresses),
        "requires": list(clause.requires),
        "conflicts": list(clause.conflicts),
        "initials": clause.initials,
    }
