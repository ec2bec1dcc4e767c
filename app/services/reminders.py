"""Reminders that the worker sends as planned when the agreement was sent, until they are stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import APPLICATION, Actor
from app.domain.envelope import Envelope, Signer
from app.domain.errors import WrongState
from app.domain.workflow import Action, EnvelopeStatus
from app.services.invitations import ASKED, remind_signers
from app.services.reach import is_reachable
from app.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One mail that will go out if the signer has not signed by then."""

    signer: Signer
    at: datetime


def remind_as_planned(kit: Toolkit, arguments: Mapping[str, str]) -> None:
    """Remind one signer, if this reminder is still planned and was not sent yet.

    Does nothing for who has signed, while a change is asked for, after a stop or an end, or if a
    reminder of any kind went out since it was due (a worker that was off sends one mail, not three).
    """
    due_at = datetime.fromisoformat(arguments["due_at"])
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(arguments["envelope_id"])
        signer = envelope.signer(arguments["signer_id"])
        if not is_reachable(kit) or due_at not in _due_times(envelope, signer):
            return
        changed, event = envelope.take(
            Action.REMIND, APPLICATION, details={"planned": True, "due_at": due_at.isoformat()}
        )
        reminded = remind_signers(kit, unit, changed, (signer,))
        unit.envelopes.save(reminded, replace(event, subject=signer.id))


def stop_reminders(kit: Toolkit, actor: Actor, envelope_id: str) -> Envelope:
    """No more reminders by themselves; those by hand stay possible. Raises WrongState if none are planned."""
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        if envelope.reminders.is_empty or envelope.reminders.stopped:
            raise WrongState("no-reminders", "No reminders are planned.", "Reload the page.")
        changed, event = envelope.take(Action.STOP_REMINDERS, actor)
        stopped = replace(changed, reminders=replace(envelope.reminders, stopped=True))
        return unit.envelopes.save(stopped, event)


def planned_reminders(envelope: Envelope, now: datetime) -> tuple[PlannedReminder, ...]:
    """What will go out to those who are asked now, the next first."""
    planned = [
        PlannedReminder(signer, at)
        for signer in envelope.active_signers()
        for at in _due_times(envelope, signer)
        if at > now
    ]
    return tuple(sorted(planned, key=lambda one: one.at))


def _due_times(envelope: Envelope, signer: Signer) -> tuple[datetime, ...]:
    """The times of the plan after the last reminder of this signer; none for who is not asked."""
    if envelope.status is not EnvelopeStatus.OUT or signer.status not in ASKED or signer.invited_at is None:
        return ()
    times = envelope.reminders.times(signer.invited_at, envelope.expires_at)
    return tuple(at for at in times if signer.reminded_at is None or at > signer.reminded_at)
