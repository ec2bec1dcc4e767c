"""Delivery: messages are written into the transaction that causes them and handed over later.

A link or a code in a message is made at hand-over, so that no live secret lies in the
database; a message handed over twice carries two links, and both are good.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from app.domain.access_link import CODE_DIGITS, LinkPurpose
from app.domain.actor import APPLICATION
from app.domain.audit import AuditEvent
from app.domain.envelope import Envelope
from app.domain.errors import DeliveryFailed, WrongState
from app.domain.job import NewJob
from app.domain.message import SECRET_PLACE, DeliveryState, Message, Secret
from app.domain.workflow import Action, EnvelopeStatus, SignerStatus
from app.services.links import link_url, make_link
from app.toolkit import Toolkit, UnitOfWork

DELIVER_JOB = "deliver"
# With the pauses of the worker about a day: a mail server that is down for a night costs nothing.
DELIVERY_TRIES = 22
ALIVE = (EnvelopeStatus.OUT, EnvelopeStatus.PAUSED)
OVER = (SignerStatus.SIGNED, SignerStatus.DECLINED, SignerStatus.REPLACED)


def queue_message(kit: Toolkit, unit: UnitOfWork, message: Message) -> None:
    """Store a message and the job that hands it over, in the caller's transaction."""
    unit.messages.add(message)
    unit.jobs.enqueue(
        NewJob(
            DELIVER_JOB,
            f"{DELIVER_JOB}:{message.id}",
            {"message_id": message.id},
            max_tries=DELIVERY_TRIES,
        ),
        kit.clock.now(),
    )


def deliver(kit: Toolkit, message_id: str) -> None:
    """Hand one message over. Raises DeliveryFailed (the job tries again, or gives up)."""
    with kit.unit_of_work() as unit:
        message = unit.messages.get(message_id)
        if message.state in (DeliveryState.HANDED_OVER, DeliveryState.WITHDRAWN):
            return
        if _is_over(unit, message):
            withdrawn = replace(message, state=DeliveryState.WITHDRAWN, last_error="")
            unit.messages.save(withdrawn, _agreement_event("message.withdrawn", withdrawn))
            return
        filled = _fill_secret(kit, unit, message)
    attachments = {item.name: kit.files.get(item.digest) for item in message.attachments}
    try:
        kit.mailer.hand_over(filled, attachments)
    except DeliveryFailed as error:
        _store(kit, message_id, _after_failure(message, error))
        raise
    _store(
        kit,
        message_id,
        replace(message, state=DeliveryState.HANDED_OVER, handed_over_at=kit.clock.now(), last_error=""),
    )


def _is_over(unit: UnitOfWork, message: Message) -> bool:
    """Whether a link or code must not go out any more: it would open nothing, or reach the wrong person."""
    if message.secret is Secret.NONE or not message.signer_id:
        return False
    envelope = unit.envelopes.get(message.envelope_id)
    signer = envelope.signer(message.signer_id)
    second = unit.identity_channels.get(envelope.id, signer.id).address
    if message.to_address != (second if message.secret is Secret.CODE and second else signer.email):
        return True
    if message.secret is Secret.CODE:  # also opens the copies of who has signed
        return envelope.status not in (*ALIVE, EnvelopeStatus.COMPLETED)
    return envelope.status not in ALIVE or signer.status in OVER


def _fill_secret(kit: Toolkit, unit: UnitOfWork, message: Message) -> Message:
    """The message as it is handed over, with its link or code. Only digests are stored."""
    if message.secret is Secret.NONE:
        return message
    secret = (
        _make_link(kit, unit, message) if message.secret is Secret.LINK else _make_code(kit, unit, message)
    )
    return replace(
        message,
        text=message.text.replace(SECRET_PLACE, secret),
        html=message.html.replace(SECRET_PLACE, secret),
    )


def _make_link(kit: Toolkit, unit: UnitOfWork, message: Message) -> str:
    purpose_name, subject, envelope_id = message.secret_for.split(":")
    purpose = LinkPurpose(purpose_name)
    if message.secret_until is None:
        raise WrongState("link-without-end", "A link needs a last day.", "Report this fault.")
    token = make_link(
        unit, purpose, subject, now=kit.clock.now(), until=message.secret_until, envelope_id=envelope_id
    )
    return link_url(kit, purpose, token)


def _make_code(kit: Toolkit, unit: UnitOfWork, message: Message) -> str:
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    stored = unit.one_time_codes.get(message.secret_for)
    unit.one_time_codes.save(stored.with_code(code, kit.clock.now()))
    return f"{code[:3]} {code[3:]}"


def _after_failure(message: Message, error: DeliveryFailed) -> Message:
    again = error.retryable and message.tries + 1 < DELIVERY_TRIES
    state = DeliveryState.DELAYED if again else DeliveryState.FAILED
    return replace(message, state=state, last_error=error.message)


def _store(kit: Toolkit, message_id: str, message: Message) -> None:
    """Store how far the message got, with the signer's event where it went to a signer."""
    with kit.unit_of_work() as unit:
        tries = unit.messages.get(message_id).tries + 1
        changed = replace(message, tries=tries)
        unit.messages.save(changed, _event(unit, changed, trial=kit.mailer.is_trial))


def _event(unit: UnitOfWork, message: Message, *, trial: bool) -> AuditEvent:
    handed_over = message.state is DeliveryState.HANDED_OVER
    details: dict[str, str | int | bool] = {
        "message": message.id,
        "state": str(message.state),
        "tries": message.tries,
        "trial": trial,
    }
    if message.signer_id:
        envelope: Envelope = unit.envelopes.get(message.envelope_id)
        action = Action.REPORT_SENT if handed_over else Action.REPORT_FAILED
        _, event = envelope.take_for_signer(message.signer_id, action, APPLICATION, details=details)
        return event
    return replace(
        _agreement_event("message.handed_over" if handed_over else "message.delayed", message),
        details=details,
    )


def _agreement_event(name: str, message: Message) -> AuditEvent:
    return AuditEvent(
        name=name,
        actor=APPLICATION,
        agreement_id=message.agreement_id,
        details={"message": message.id, "state": str(message.state)},
    )
