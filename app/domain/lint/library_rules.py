"""Rules between the clauses of a library."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.clause import Clause
from app.domain.contract_template import Jurisdiction
from app.domain.finding import Finding


def check_clauses(
    clauses: Mapping[str, Clause],
    jurisdictions: Mapping[str, Jurisdiction],
    unreadable: frozenset[str] = frozenset(),
) -> tuple[Finding, ...]:
    """x"""
    return ()
