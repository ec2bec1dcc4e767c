"""Invitations: whose turn it is gets asked, by mail or in the workspace; and is asked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.audit import AuditEvent
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, WrongState
from app.domain.job import NewJob
from app.domain.message import Message
from app.domain.workflow import Action, SignerStatus
from app.services.correspondence import invitation_message, owner_turn_message
from app.services.delivery import queue_message
from app.services.identity_channels import second_step
from app.services.reach import is_reachable
from app.services.settings import business_of
from app.toolkit import Toolkit, UnitOfWork

REMIND_JOB = "remind"
ASKED = (SignerStatus.INVITED, SignerStatus.IDENTIFIED, SignerStatus.CONSENTED)


def invite_next(
    kit: Toolkit,
    unit: UnitOfWork,
    envelope: Envelope,
    agreement: Agreement,
    actor: Actor,
) -> tuple[Envelope, tuple[AuditEvent, ...]]:
    """Invite every waiting signer whose turn it is. The events are to be saved with the envelope.

    No mail goes to people in the room, nor where its link would open nothing.
    """
    now = kit.clock.now()
    events: list[AuditEvent] = []
    for signer in envelope.signers:
        if signer.status is SignerStatus.WAITING and envelope.is_turn_of(signer):
            envelope, event = envelope.take_for_signer(signer.id, Action.INVITE, actor)
            invited = replace(envelope.signer(signer.id), invited_at=now)
            envelope = envelope.with_signer(invited)
            events.append(event)
            if not envelope.in_person and is_reachable(kit):
                queue_message(kit, unit, turn_message(kit, unit, envelope, invited, agreement))
                plan_reminders(unit, envelope, invited, now)
    return envelope, tuple(events)


def plan_reminders(unit: UnitOfWork, envelope: Envelope, signer: Signer, now: datetime) -> None:
    """Enqueue the reminders that are due after `now`; known ones stay. Each looks again when it is due."""
    if signer.invited_at is None:
        return
    for at in envelope.reminders.times(signer.invited_at, envelope.expires_at):
        if at > now:
            due_at = at.isoformat()
            arguments = {"envelope_id": envelope.id, "signer_id": signer.id, "due_at": due_at}
            key = f"{REMIND_JOB}:{envelope.id}:{signer.id}:{due_at}"
            unit.jobs.enqueue(NewJob(REMIND_JOB, key, arguments, due_at=at), now)


def remind(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str = "") -> Envelope:
    """Ask everybody again whose turn it is, or one of them; each message brings a link of its own.

    Raises InvalidInput `address-loopback` where nobody could open that link, WrongState where
    the signer named is not being asked.
    """
    if not is_reachable(kit):
        raise InvalidInput(
            "address-loopback",
            f"Nobody else could open the link: {kit.public_url} leads to this computer only.",
            "Set PUBLIC_URL to an https address that others reach, or sign here in person.",
        )
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        changed, event = envelope.take(Action.REMIND, actor)
        asked = [one for one in changed.active_signers() if one.status in ASKED]
        reminded = [one for one in asked if signer_id in ("", one.id)]
        if not reminded:
            raise WrongState("not-asked", "It is not this signer\u2019s turn.", "Reload the page.")
        changed = remind_signers(kit, unit, changed, reminded)
        return unit.envelopes.save(changed, replace(event, subject=signer_id))


def remind_signers(
    kit: Toolkit, unit: UnitOfWork, envelope: Envelope, signers: Iterable[Signer]
) -> Envelope:
    """Queue a reminder to each of them. The envelope, to be saved, knows when they were reminded."""
    agreement = unit.agreements.get(envelope.agreement_id)
    for signer in signers:
        message = turn_message(kit, unit, envelope, signer, agreement)
        queue_message(kit, unit, replace(message, subject=f"Reminder: {message.subject}"))
        envelope = envelope.with_signer(replace(signer, reminded_at=kit.clock.now()))
    return envelope


def turn_message(
    kit: Toolkit, unit: UnitOfWork, envelope: Envelope, signer: Signer, agreement: Agreement
) -> Message:
    """What tells this signer that it is their turn: an owner signs in the workspace, others by a link."""
    account = unit.accounts.by_email(signer.email)
    if account is not None and account.part is Part.OWNER and signer.side == "client":
        return owner_turn_message(kit, envelope, signer, number=agreement.number, title=agreement.title)
    business = business_of(unit)
    return invitation_message(
        kit,
        envelope,
        signer,
        sender=business.sender,
        organisation=business.name,
        number=agreement.number,
        title=agreement.title,
        second_step=second_step(unit.identity_channels.get(envelope.id, signer.id), business.sender),
        replaces=_sent_before(unit, envelope, signer),
    )


def _sent_before(unit: UnitOfWork, envelope: Envelope, signer: Signer) -> datetime | None:
    """When this person was last sent a version of the agreement that ended, None if never."""
    earlier = [
        other.created_at
        for other in unit.envelopes.of_agreement(envelope.agreement_id)
        if other.id != envelope.id and other.created_at < envelope.created_at
        for person in other.signers
        if person.email == signer.email and person.status is not SignerStatus.WAITING
    ]
    return max(earlier, default=None)
