"""Everything that the page of one clause shows, read for one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from app.domain.agreement_text import AgreementText, ClauseText
from app.domain.answers import Answers
from app.domain.clause import Clause
from app.domain.contract_template import ContractTemplate, Library
from app.domain.errors import NotFound
from app.domain.finding import Finding
from app.domain.lint.source_rules import warn_about_clauses
from app.domain.redline import Redline, WordCount, compare_blocks, count_words
from app.domain.review import SignOff
from app.domain.sign_off_state import ClauseStanding
from app.services.assessment import assess_text
from app.services.clause_history import Version, VersionRedline, compare_versions, list_versions
from app.services.reading import read_clause
from app.services.reading_tree import ClauseReading
from app.services.review_queue import last_decided, read_standings
from app.toolkit import UnitOfWork
from app.web.kit import kit

SHORT = 12  # digits of a digest that tell versions apart in a list


@dataclass(frozen=True, slots=True)
class PositionView:
    """Another wording of the same family. count: words in and out, from it to the shown one."""

    clause: Clause
    standing: ClauseStanding
    count: WordCount


@dataclass(frozen=True, slots=True)
class Comparison:
    """The shown clause against another position of its family, in printed words."""

    other: Clause
    redlines: tuple[Redline, ...]
    count: WordCount


@dataclass(frozen=True, slots=True)
class InContract:
    """The clause as it prints in a contract whose questions are all unanswered."""

    template: ContractTemplate
    text: AgreementText
    clause: ClauseText


@dataclass(frozen=True, slots=True)
class ClauseView:
    """At most one of redline, comparison and in_contract is there; without any the text is shown.

    decisions: on every version of the clause, newest first. decided_before: the digest of the
    wording that was decided on last, "" for none.
    """

    clause: Clause
    reading: ClauseReading
    standing: ClauseStanding
    decisions: tuple[SignOff, ...]
    positions: tuple[PositionView, ...]
    versions: tuple[Version, ...]
    decided_before: str
    redline: VersionRedline | None
    comparison: Comparison | None
    in_contract: InContract | None
    findings: tuple[Finding, ...]
    used_in: tuple[ContractTemplate, ...]


def find_clause(clause_id: str) -> Clause:
    """Raises NotFound."""
    found = kit().library.library().clauses.get(clause_id)
    if found is None:
        raise NotFound(
            "clause-not-found", "There is no clause of this name.", "Open the list of clauses and choose one."
        )
    return found


def read_view(clause: Clause) -> ClauseView:
    """Raises NotFound for a version or position to compare with that does not exist."""
    library = kit().library.library()
    reading = read_clause(library, clause)
    used_in = tuple(one for one in library.contract_templates.values() if _names(one, clause.family))
    with kit().unit_of_work(read_only=True) as unit:
        standings = read_standings(unit, library, kit().clock.now())
        versions = list_versions(unit, clause)
        decided_before = last_decided(unit, clause)
        decisions = unit.sign_offs.of_digests(version.digest for version in versions)
        redline = _asked_redline(unit, versions, decided_before, clause)
    positions = tuple(
        PositionView(one, standings[one.id], _count(library, one, reading))
        for one in library.positions_of(clause.family)
    )
    return ClauseView(
        clause=clause,
        reading=reading,
        standing=standings[clause.id],
        decisions=tuple(reversed(decisions)),
        positions=positions,
        versions=versions,
        decided_before=decided_before,
        redline=redline,
        comparison=_asked_comparison(library, reading),
        in_contract=_asked_contract(library, clause, used_in),
        findings=_findings_of(library, clause),
        used_in=used_in,
    )


def _asked_redline(
    unit: UnitOfWork, versions: Sequence[Version], decided_before: str, clause: Clause
) -> VersionRedline | None:
    """The two versions that the address names; else, at first sight, what changed since the last decision."""
    before, after = request.args.get("from", ""), request.args.get("to", "")
    if before and after:
        return compare_versions(unit, versions, before, after)
    if decided_before and not any(name in request.args for name in ("view", "compare")):
        return compare_versions(unit, versions, decided_before, clause.digest)
    return None


def _asked_comparison(library: Library, reading: ClauseReading) -> Comparison | None:
    wanted = request.args.get("compare", "")
    if not wanted:
        return None
    other = find_clause(wanted)
    redlines = compare_blocks(read_clause(library, other).texts(), reading.texts())
    return Comparison(other, redlines, count_words(redlines))


def _asked_contract(
    library: Library, clause: Clause, used_in: Sequence[ContractTemplate]
) -> InContract | None:
    if request.args.get("view") != "contract" or not used_in:
        return None
    wanted = request.args.get("template", used_in[0].id)
    template = next((one for one in used_in if one.id == wanted), used_in[0])
    answers = Answers(positions={clause.family: str(clause.position)})
    text = assess_text(library, template.id, answers).text
    found = next((one for one in text.clauses() if one.clause_id == clause.id), None)
    return InContract(template, text, found) if found is not None else None


def _names(template: ContractTemplate, family: str) -> bool:
    return any(slot.family == family for slot in template.slots())


def _count(library: Library, other: Clause, reading: ClauseReading) -> WordCount:
    if other.id == reading.clause.id:
        return WordCount(0, 0)
    return count_words(compare_blocks(read_clause(library, other).texts(), reading.texts()))


def _findings_of(library: Library, clause: Clause) -> tuple[Finding, ...]:
    """What the library's checks say of it: warnings, as errors keep a library from loading."""
    return tuple(one for one in _FINDINGS.of(library) if one.where == (clause.path or clause.id))


class _Findings:
    """The findings of the library that was asked for last: it changes only when files do."""

    def __init__(self) -> None:
        self._held: tuple[Library, tuple[Finding, ...]] | None = None

    def of(self, library: Library) -> tuple[Finding, ...]:
        held = self._held
        if held is None or held[0] is not library:
            held = self._held = (library, warn_about_clauses(library.clauses))
        return held[1]


_FINDINGS = _Findings()
