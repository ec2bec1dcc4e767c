"""Coverage: which of the ten risks and ten standards an agreement answers, and with which clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from app.domain.agreement_text import AgreementText, ClauseText, RunKind
from app.domain.clause import COVERAGE_CODES, RISKS
from app.domain.contract_template import ContractTemplate, Library
from app.domain.printed_runs import runs_of_clause
from app.domain.selection import usable_positions

# What each code is about, in a few words for tables.
COVERAGE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "R1": "Take-home and subcontractors",
        "R2": "Security rules and audit",
        "R3": "Sharing with offshore partners",
        "R4": "Transfer of files",
        "R5": "Storage, policy and training",
        "R6": "Private information",
        "R7": "Ability to do the work",
        "R8": "Security software",
        "R9": "Misuse and levels of access",
        "R10": "Enforcement abroad",
        "S1": "Marked as confidential",
        "S2": "Clear directives",
        "S3": "Need to know",
        "S4": "Passwords",
        "S5": "Non-disclosure agreement",
        "S6": "Backups",
        "S7": "Access is tracked",
        "S8": "Firewall",
        "S9": "Definitions, policy and consequences",
        "S10": "Telling the people affected",
    }
)


class CoverageState(StrEnum):
    COVERED = "covered"
    WAITING = "waiting"  # only clauses that still have a blank answer it
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class CoveringClause:
    number: str
    family: str
    clause_id: str
    position: str
    title: str
    complete: bool  # no blank is left in it


@dataclass(frozen=True, slots=True)
class CoverageEntry:
    """One code. `offers`: clause ids of the template's families that would answer a gap."""

    code: str
    name: str
    promised: bool
    state: CoverageState
    clauses: tuple[CoveringClause, ...]
    offers: tuple[str, ...]

    @property
    def covered(self) -> bool:
        return self.state is not CoverageState.GAP


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix of one agreement, in the order R1-R10, S1-S10."""

    contract_template: str
    entries: tuple[CoverageEntry, ...]

    def entry(self, code: str) -> CoverageEntry:
        return next(entry for entry in self.entries if entry.code == code)

    @property
    def gaps(self) -> tuple[str, ...]:
        return tuple(entry.code for entry in self.entries if not entry.covered)

    @property
    def broken_promises(self) -> tuple[str, ...]:
        """Codes that the template promises and this agreement does not answer."""
        return tuple(entry.code for entry in self.entries if entry.promised and not entry.covered)

    @property
    def risks(self) -> tuple[CoverageEntry, ...]:
        return tuple(entry for entry in self.entries if entry.code in RISKS)

    @property
    def standards(self) -> tuple[CoverageEntry, ...]:
        return tuple(entry for entry in self.entries if entry.code not in RISKS)

    def to_json(self) -> dict[str, Any]:
        """The content of coverage.json."""
        return {
            "schema": "coverage/1",
            "contract_template": self.contract_template,
            "gaps": list(self.gaps),
            "broken_promises": list(self.broken_promises),
            "entries": [_entry_json(entry) for entry in self.entries],
        }


def compute_coverage(library: Library, contract_template: ContractTemplate, text: AgreementText) -> Coverage:
    """The coverage of the assembled `text`; computed from the clauses that it really contains."""
    covering = _clauses_by_code(text)
    promised = set(contract_template.promised_coverage)
    entries = tuple(
        CoverageEntry(
            code=code,
            name=COVERAGE_NAMES[code],
            promised=code in promised,
            state=_state(covering[code]),
            clauses=tuple(covering[code]),
            offers=() if covering[code] else _offers(library, contract_template, code),
        )
        for code in COVERAGE_CODES
    )
    return Coverage(contract_template.id, entries)


def coverage_of_record(text: AgreementText, accepted_gaps: Mapping[str, str]) -> dict[str, Any]:
    """The matrix of a text that was sent, for the record; what templates promise today is not in it.

    accepted_gaps: code -> the owner's reason for having no clause.
    """
    covering = _clauses_by_code(text)
    entries = [
        {
            "code": code,
            "name": COVERAGE_NAMES[code],
            "state": str(_state(covering[code])),
            "clauses": [asdict(clause) for clause in covering[code]],
            "accepted": "" if covering[code] else accepted_gaps.get(code, ""),
        }
        for code in COVERAGE_CODES
    ]
    gaps = [code for code in COVERAGE_CODES if not covering[code]]
    return {
        "schema": "coverage-of-record/1",
        "contract_template": text.contract_template,
        "contract_template_version": text.contract_template_version,
        "gaps": gaps,
        "entries": entries,
    }


def _clauses_by_code(text: AgreementText) -> dict[str, list[CoveringClause]]:
    covering: dict[str, list[CoveringClause]] = {code: [] for code in COVERAGE_CODES}
    for clause in text.clauses():
        row = _covering(clause, text)
        for code in clause.addresses:
            covering.setdefault(code, []).append(row)
    return covering


def _covering(clause: ClauseText, text: AgreementText) -> CoveringClause:
    complete = all(run.kind is not RunKind.OPEN for run in runs_of_clause(text, clause))
    return CoveringClause(
        clause.number, clause.family, clause.clause_id, clause.position, clause.title, complete
    )


def _state(covering: list[CoveringClause]) -> CoverageState:
    if not covering:
        return CoverageState.GAP
    return CoverageState.COVERED if any(row.complete for row in covering) else CoverageState.WAITING


def _offers(library: Library, contract_template: ContractTemplate, code: str) -> tuple[str, ...]:
    return tuple(
        clause.id
        for slot in contract_template.slots()
        for clause in usable_positions(library, contract_template, slot.family)
        if code in clause.addresses
    )


def _entry_json(entry: CoverageEntry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "name": entry.name,
        "promised": entry.promised,
        "state": str(entry.state),
        "clauses": [asdict(clause) for clause in entry.clauses],
        "offers": list(entry.offers),
    }
