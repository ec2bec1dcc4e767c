"""The review queue: what waits for a lawyer, and how every clause stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.errors import NotFound
from app.domain.redline import WordCount
from app.domain.review import SignOff
from app.domain.sign_off_state import ClauseStanding, Standing, find_standing
from app.domain.workflow import AgreementStatus
from app.services.assessment import Assessment, assess_agreement, review_jurisdictions
from app.services.clause_history import compare_versions, list_versions
from app.toolkit import Toolkit, UnitOfWork

OPEN_TO_LAWYERS = (AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
_ORDER = tuple(Standing)


@dataclass(frozen=True, slots=True)
class AgreementInReview:
    """waiting: the clauses without a sign-off that carries this agreement. asked_at: None if unknown."""

    agreement: Agreement
    assessment: Assessment
    jurisdictions: tuple[str, ...]
    asked_at: datetime | None
    asked_by: str

    @property
    def waiting(self) -> tuple[str, ...]:
        return self.assessment.review.waiting

    @property
    def counterparty(self) -> str:
        return self.assessment.text.counterparty_name or self.agreement.title


@dataclass(frozen=True, slots=True)
class WaitingClause:
    """held_up: agreements in review that this clause keeps from being sent.

    change: words in and out since the wording decided on last; None where there is none.
    """

    clause: Clause
    standing: ClauseStanding
    held_up: tuple[AgreementInReview, ...]
    change: WordCount | None

    @property
    def asked_for(self) -> tuple[str, ...]:
        """The laws that the agreements which wait are under."""
        return tuple(sorted({code for one in self.held_up for code in one.jurisdictions}))


@dataclass(frozen=True, slots=True)
class Queue:
    clauses: tuple[WaitingClause, ...]
    agreements: tuple[AgreementInReview, ...]


def read_queue(kit: Toolkit) -> Queue:
    """Everything that waits for a lawyer: what holds up an agreement first, then by how it presses."""
    library, now = kit.library.library(), kit.clock.now()
    with kit.unit_of_work(read_only=True) as unit:
        agreements = _in_review(unit, library, now)
        standings = read_standings(unit, library, now)
        found = [
            _waiting(unit, clause, standings[clause.id], _held_up(clause, agreements))
            for clause in library.clauses.values()
        ]
    waiting = [one for one in found if one is not None]
    waiting.sort(key=lambda one: (-len(one.held_up), _ORDER.index(one.standing.standing)))
    return Queue(tuple(waiting), agreements)


def read_standings(unit: UnitOfWork, library: Library, at: datetime) -> Mapping[str, ClauseStanding]:
    """Clause id -> how its present version stands."""
    versions = {clause_id: unit.clause_versions.digests_of(clause_id) for clause_id in library.clauses}
    decisions = unit.sign_offs.of_digests({digest for digests in versions.values() for digest in digests})
    by_clause: dict[str, list[SignOff]] = {}
    for decision in decisions:
        by_clause.setdefault(decision.clause_id, []).append(decision)
    return {
        clause.id: _standing(clause, by_clause.get(clause.id, []), at) for clause in library.clauses.values()
    }


def read_agreement(kit: Toolkit, agreement_id: str) -> AgreementInReview:
    """One agreement for its review. Raises NotFound for one that is not before a lawyer."""
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        if agreement.status not in OPEN_TO_LAWYERS:
            raise NotFound(
                "agreement-not-in-review",
                "This agreement is not in review.",
                "The office may have withdrawn or changed it. See what waits for you.",
            )
        return _examine(unit, kit.library.library(), agreement, kit.clock.now())


def read_decisions(kit: Toolkit, actor: Actor) -> Sequence[SignOff]:
    """What this lawyer decided on clauses, newest first."""
    with kit.unit_of_work(read_only=True) as unit:
        digests = {
            digest
            for clause_id in kit.library.library().clauses
            for digest in unit.clause_versions.digests_of(clause_id)
        }
        decisions = unit.sign_offs.of_digests(digests)
    return [one for one in reversed(decisions) if one.lawyer_id == actor.id]


def _standing(clause: Clause, decisions: Sequence[SignOff], at: datetime) -> ClauseStanding:
    earlier = any(one.clause_digest != clause.digest and not one.sample for one in decisions)
    return find_standing(clause.digest, decisions, at, earlier=earlier)


def _in_review(unit: UnitOfWork, library: Library, at: datetime) -> tuple[AgreementInReview, ...]:
    """Longest waiting first."""
    agreements = unit.agreements.list(AgreementStatus.IN_REVIEW)
    return tuple(_examine(unit, library, agreement, at) for agreement in reversed(agreements))


def _examine(unit: UnitOfWork, library: Library, agreement: Agreement, at: datetime) -> AgreementInReview:
    asked = [
        leaf for leaf in unit.audit.of_agreement(agreement.id) if leaf.name == "agreement.review_requested"
    ]
    opened = unit.audit.opened([asked[-1].sequence]) if asked else {}
    names = [one.value for values in opened.values() for one in values if one.field == "actor_name"]
    return AgreementInReview(
        agreement=agreement,
        assessment=assess_agreement(unit, library, agreement, at),
        jurisdictions=review_jurisdictions(library, agreement.contract_template, agreement.answers),
        asked_at=datetime.fromisoformat(asked[-1].at) if asked else None,
        asked_by=names[0] if names else "",
    )


def _held_up(clause: Clause, agreements: Sequence[AgreementInReview]) -> tuple[AgreementInReview, ...]:
    return tuple(one for one in agreements if clause.id in one.waiting)


def _waiting(
    unit: UnitOfWork, clause: Clause, standing: ClauseStanding, held_up: tuple[AgreementInReview, ...]
) -> WaitingClause | None:
    """None for a clause that waits for no lawyer: one that was refused waits for the office."""
    reaches_too_little = bool(held_up) and standing.standing is not Standing.REFUSED
    if not (standing.waits or reaches_too_little):
        return None
    change = _change(unit, clause) if standing.standing is Standing.CHANGED else None
    return WaitingClause(clause, standing, held_up, change)


def _change(unit: UnitOfWork, clause: Clause) -> WordCount | None:
    before = last_decided(unit, clause)
    if not before:
        return None
    return compare_versions(unit, list_versions(unit, clause), before, clause.digest).count


def last_decided(unit: UnitOfWork, clause: Clause) -> str:
    """The digest of the newest other version that a lawyer decided on; "" if there is none."""
    digests = [digest for digest in unit.clause_versions.digests_of(clause.id) if digest != clause.digest]
    decided = {one.clause_digest for one in unit.sign_offs.of_digests(digests) if not one.sample}
    return next((digest for digest in reversed(digests) if digest in decided), "")
