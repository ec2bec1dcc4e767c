"""Delivery: messages are written into the transaction that causes them and handed over later."""

from __future__ import annotations

import uuid
from dataclasses import replace

from app.domain.actor import APPLICATION
from app.domain.audit import AuditEvent
from app.domain.envelope import Envelope, Signer
from app.domain.errors import DeliveryFailed
from app.domain.job import NewJob
from app.domain.message import Attachment, DeliveryState, Message
from app.domain.workflow import Action
from app.toolkit import Toolkit, UnitOfWork

DELIVER_JOB = "deliver"
PDF = "application/pdf"


def queue_message(kit: Toolkit, unit: UnitOfWork, message: Message) -> None:
    """Store a message and the job that hands it over, in the caller's transaction."""
    unit.messages.add(message)
    unit.jobs.enqueue(
        NewJob(DELIVER_JOB, f"{DELIVER_JOB}:{message.id}", {"message_id": message.id}), kit.clock.now()
    )


def deliver(kit: Toolkit, message_id: str) -> None:
    """Hand one message over. Raises DeliveryFailed (the job tries again, or gives up)."""
    with kit.unit_of_work() as unit:
        message = unit.messages.get(message_id)
    if message.state is DeliveryState.HANDED_OVER:
        return
    attachments = {item.name: kit.files.get(item.digest) for item in message.attachments}
    try:
        kit.mailer.hand_over(message, attachments)
    except DeliveryFailed as error:
        _record(kit, message_id, None, error)
        raise
    _record(kit, message_id, kit.clock.now().isoformat(), None)


def copies_message(kit: Toolkit, envelope: Envelope, signer: Signer, number: str, title: str) -> Message:
    """The mail that brings a party the signed file and the certificate of completion."""
    identity = uuid.uuid4().hex
    text = (
        f"Dear {signer.name},\n\n"
        f"everybody has signed {number}, {title}. Attached are the signed agreement and the certificate of "
        "completion. Please keep both: they are your proof and do not depend on us.\n\n"
        "Any program that checks PDF signatures can check the signed file.\n"
    )
    return Message(
        id=identity,
        message_id=f"<{identity}@countersign.invalid>",
        to_name=signer.name,
        to_address=signer.email,
        subject=f"Signed: {number}, {title}",
        text=text,
        html="",
        created_at=kit.clock.now(),
        attachments=(
            Attachment(f"{number}-signed.pdf", PDF, envelope.sealed_digest),
            Attachment(f"{number}-certificate-of-completion.pdf", PDF, envelope.completion_digest),
        ),
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        signer_id=signer.id,
    )


def _record(kit: Toolkit, message_id: str, handed_over: str | None, error: DeliveryFailed | None) -> None:
    """Store how far the message got, with the signer's event where it went to a signer."""
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        message = unit.messages.get(message_id)
        if handed_over is not None:
            changed = replace(
                message, state=DeliveryState.HANDED_OVER, handed_over_at=now, tries=message.tries + 1,
                last_error="",
            )
        else:
            assert error is not None
            state = DeliveryState.DELAYED if error.retryable else DeliveryState.FAILED
            changed = replace(message, state=state, tries=message.tries + 1, last_error=error.message)
        unit.messages.save(changed, _event(unit, changed, kit.mailer.is_trial))


def _event(unit: UnitOfWork, message: Message, trial: bool) -> AuditEvent:
    handed_over = message.state is DeliveryState.HANDED_OVER
    details: dict[str, str | int | bool] = {
        "message": message.id, "state": str(message.state), "tries": message.tries, "trial": trial,
    }
    if message.signer_id:
        envelope = unit.envelopes.get(message.envelope_id)
        action = Action.REPORT_SENT if handed_over else Action.REPORT_FAILED
        _, event = envelope.take_for_signer(message.signer_id, action, APPLICATION, details=details)
        return event
    return AuditEvent(
        name="message.handed_over" if handed_over else "message.delayed",
        actor=APPLICATION, agreement_id=message.agreement_id, details=details,
    )
