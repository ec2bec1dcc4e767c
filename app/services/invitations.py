"""Invitations: whose turn it is gets asked, by mail or in the workspace; and is asked again."""

from __future__ import annotations

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.audit import AuditEvent
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput
from app.domain.message import Message
from app.domain.workflow import Action, SignerStatus
from app.services.correspondence import invitation_message, owner_turn_message
from app.services.delivery import queue_message
from app.services.identity_channels import second_step
from app.services.reach import is_reachable
from app.services.settings import business_of
from app.toolkit import Toolkit, UnitOfWork

ASKED = (SignerStatus.INVITED, SignerStatus.IDENTIFIED, SignerStatus.CONSENTED)


def invite_next(
    kit: Toolkit,
    unit: UnitOfWork,
    envelope: Envelope,
    agreement: Agreement,
    actor: Actor,
    *,
    by_mail: bool = True,
) -> tuple[Envelope, tuple[AuditEvent, ...]]:
    """Invite every waiting signer whose turn it is. The events are to be saved with the envelope.

    by_mail False: they are in the room. No mail goes either where its link would open nothing.
    """
    events: list[AuditEvent] = []
    for signer in envelope.signers:
        if signer.status is SignerStatus.WAITING and envelope.is_turn_of(signer):
            envelope, event = envelope.take_for_signer(signer.id, Action.INVITE, actor)
            events.append(event)
            if by_mail and is_reachable(kit):
                queue_message(kit, unit, turn_message(kit, unit, envelope, signer, agreement))
    return envelope, tuple(events)


def remind(kit: Toolkit, actor: Actor, envelope_id: str) -> Envelope:
    """Ask everybody again whose turn it is; each message brings a link of its own.

    Raises InvalidInput `address-loopback` where nobody could open that link.
    """
    if not is_reachable(kit):
        raise InvalidInput(
            "address-loopback",
            f"Nobody else could open the link: {kit.public_url} leads to this computer only.",
            "Set PUBLIC_URL to an https address that others reach, or sign here in person.",
        )
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        agreement = unit.agreements.get(envelope.agreement_id)
        changed, event = envelope.take(Action.REMIND, actor)
        for signer in changed.active_signers():
            if signer.status in ASKED:
                queue_message(kit, unit, turn_message(kit, unit, changed, signer, agreement))
        return unit.envelopes.save(changed, event)


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
    )
