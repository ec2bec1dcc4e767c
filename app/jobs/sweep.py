"""The sweep: finds what a crash left behind and sets it going again; ends what ran out."""

from __future__ import annotations

from app.domain.actor import APPLICATION
from app.domain.envelope import Envelope
from app.domain.workflow import Action, AgreementStatus, EnvelopeStatus
from app.services.overview import renew_clauses
from app.services.renewal import renewal_job
from app.services.sealing import completion_job, seal_job
from app.toolkit import Toolkit, UnitOfWork


def sweep(kit: Toolkit) -> None:
    """Enqueue missing jobs of completed envelopes and the month's renewal; expire what is over; bring
    the clauses of drafts in the list up to those of the library.

    Enqueueing a known key changes nothing, so the sweep may look at everything each time.
    """
    now = kit.clock.now()
    renew_clauses(kit)
    with kit.unit_of_work() as unit:
        for agreement in unit.agreements.list(AgreementStatus.SIGNED):
            unit.jobs.enqueue(seal_job(agreement.current_envelope), now)
        for agreement in unit.agreements.list(AgreementStatus.SEALED):
            if not unit.envelopes.get(agreement.current_envelope).completion_digest:
                unit.jobs.enqueue(completion_job(agreement.current_envelope), now)
        if unit.agreements.list(AgreementStatus.SEALED) or unit.agreements.list(AgreementStatus.ENDED):
            unit.jobs.enqueue(renewal_job(now), now)
        overdue = [envelope for envelope in unit.envelopes.out() if envelope.expires_at <= now]
        for envelope in overdue:
            _expire(unit, kit, envelope)


def _expire(unit: UnitOfWork, kit: Toolkit, envelope: Envelope) -> None:
    if envelope.status is EnvelopeStatus.PAUSED:
        return  # a change was asked for: the clock stands still until the owner answers
    expired, event = envelope.take(Action.EXPIRE, APPLICATION)
    unit.envelopes.save(expired, event)
    agreement, returned = unit.agreements.get(envelope.agreement_id).take(
        Action.RETURN_TO_DRAFT, APPLICATION, kit.clock.now()
    )
    unit.agreements.save(agreement, returned)
