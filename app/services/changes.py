"""The ways out of a ceremony: a change is asked for, the agreement is declined, voided, or the
signer says that somebody else is meant."""

from __future__ import annotations

import uuid
from dataclasses import replace

from app.domain.access_link import LinkPurpose
from app.domain.actor import Actor, Part
from app.domain.change_request import TEXT_LENGTH, ChangeRequest
from app.domain.envelope import Envelope
from app.domain.errors import InvalidInput, WrongState
from app.domain.workflow import Action, SignerStatus
from app.services.correspondence import notice_message
from app.services.delivery import queue_message
from app.services.invitations import ASKED, plan_reminders
from app.services.outcome_mails import change_answered_message, withdrawn_message
from app.services.reach import is_reachable
from app.services.settings import business_of
from app.toolkit import Toolkit, UnitOfWork


def request_change(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, family: str, text: str
) -> ChangeRequest:
    """Ask for a change of a clause (or of the whole: family ""). The envelope pauses."""
    words = require_words(text, "What should be changed, and why?")
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        signer = envelope.signer(signer_id)
        paused, event = envelope.take(
            Action.PAUSE, actor, details={"family": family}, personal={"text": words}
        )
        request = ChangeRequest(uuid.uuid4().hex, envelope_id, signer_id, family, words, kit.clock.now())
        unit.change_requests.add(request)
        unit.envelopes.save(_without_lease(paused), replace(event, subject=signer_id))
        tell_owners(
            kit,
            unit,
            envelope,
            f"{signer.name} asks for a change",
            [
                f"{signer.name} asks for a change of the agreement:",
                words,
                "Signing is paused until you answer.",
            ],
        )
    return request


def answer_change(kit: Toolkit, actor: Actor, request_id: str, answer: str) -> Envelope:
    """Answer without changing the text: signing goes on, and the signer gets the answer with a link."""
    words = require_words(answer, "What do you answer?")
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        request = unit.change_requests.get(request_id)
        if request.answered_at is not None:
            raise WrongState("already-answered", "This request was answered already.", "Reload the page.")
        unit.change_requests.save(replace(request, answer=words, answered_at=now))
        envelope = unit.envelopes.get(request.envelope_id)
        resumed, event = envelope.take(Action.RESUME, actor, personal={"answer": words})
        # The clock stood still: the time that the request waited is added.
        resumed = replace(resumed, expires_at=envelope.expires_at + (now - request.asked_at))
        saved = unit.envelopes.save(resumed, event)
        for signer in saved.active_signers():
            plan_reminders(unit, saved, signer, now)
        agreement = unit.agreements.get(envelope.agreement_id)
        queue_message(
            kit,
            unit,
            change_answered_message(
                kit,
                saved,
                saved.signer(request.signer_id),
                sender=business_of(unit).sender,
                answer=words,
                number=agreement.number,
            ),
        )
    return saved


def decline(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, reason: str) -> Envelope:
    """Decline for good, with a reason. The agreement goes back to the owner as a draft."""
    words = require_words(reason, "Why do you decline?")
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        by_signer, event = envelope.take_for_signer(
            signer_id, Action.DECLINE, actor, personal={"reason": words}
        )
        signer = replace(by_signer.signer(signer_id), declined_reason=words)
        ended, ending = by_signer.with_signer(signer).take(Action.DECLINE, actor)
        saved = end_envelope(kit, unit, ended, actor)
        unit.audit.append(event)
        unit.envelopes.save(saved, ending)
        tell_owners(
            kit,
            unit,
            envelope,
            f"{signer.name} declined",
            [f"{signer.name} declined the agreement and wrote:", words],
        )
    return saved


def void(kit: Toolkit, actor: Actor, envelope_id: str, reason: str) -> Envelope:
    """Take an envelope back, with a reason. What is signed in it stays stored.

    Who was asked to sign is told, with the reason; it answers the changes that were asked for.
    """
    words = require_words(reason, "Why do you withdraw the agreement?")
    with kit.unit_of_work() as unit:
        ended, event = unit.envelopes.get(envelope_id).take(Action.VOID, actor, personal={"reason": words})
        _answer_open_requests(kit, unit, ended, words)
        saved = unit.envelopes.save(end_envelope(kit, unit, ended, actor), event)
        _tell_asked_signers(kit, unit, saved, actor, words)
        return saved


def say_not_me(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, words: str) -> Envelope:
    """ "I am not this person": the owner is told; nothing of the agreement was shown."""
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        signer = envelope.signer(signer_id)
        if signer.status is SignerStatus.SIGNED:
            raise WrongState("already-signed", "This signature was made already.", "Write to the sender.")
        same, event = envelope.take(
            Action.PROPOSE_SIGNER, actor, personal={"text": words.strip()[:TEXT_LENGTH]}
        )
        unit.access_links.revoke(LinkPurpose.SIGN, signer_id, kit.clock.now())
        saved = unit.envelopes.save(same, replace(event, subject=signer_id))
        tell_owners(
            kit,
            unit,
            envelope,
            f"The mail to {signer.name} reached somebody else",
            [
                f"Whoever opened the link sent to {signer.email} says that they are not {signer.name}.",
                *([words.strip()[:TEXT_LENGTH]] if words.strip() else []),
                "The link was withdrawn. Correct the address on the page of the agreement, or remind.",
            ],
        )
    return saved


def end_envelope(kit: Toolkit, unit: UnitOfWork, envelope: Envelope, actor: Actor) -> Envelope:
    """What every end before completion brings: links revoked, lease gone, the agreement a draft again."""
    now = kit.clock.now()
    for signer in envelope.signers:
        # A link for signing in person dies by itself within half an hour, and opens nothing here.
        unit.access_links.revoke(LinkPurpose.SIGN, signer.id, now)
    agreement, event = unit.agreements.get(envelope.agreement_id).take(Action.RETURN_TO_DRAFT, actor, now)
    unit.agreements.save(agreement, event)
    return _without_lease(envelope)


def _answer_open_requests(kit: Toolkit, unit: UnitOfWork, envelope: Envelope, words: str) -> None:
    for request in unit.change_requests.of_envelope(envelope.id):
        if request.answered_at is None:
            unit.change_requests.save(replace(request, answer=words, answered_at=kit.clock.now()))


def _tell_asked_signers(
    kit: Toolkit, unit: UnitOfWork, envelope: Envelope, actor: Actor, words: str
) -> None:
    """Whoever was asked, but for the one who withdraws it; a mail helps only where mail goes out."""
    if envelope.in_person or not is_reachable(kit):
        return
    agreement = unit.agreements.get(envelope.agreement_id)
    for signer in envelope.active_signers():
        if signer.status in (*ASKED, SignerStatus.SIGNED) and signer.email.lower() != actor.email.lower():
            message = withdrawn_message(
                kit,
                envelope,
                signer,
                sender=business_of(unit).sender,
                reason=words,
                number=agreement.number,
                title=agreement.title,
            )
            queue_message(kit, unit, message)


def tell_owners(kit: Toolkit, unit: UnitOfWork, envelope: Envelope, subject: str, lines: list[str]) -> None:
    """Queue a notice to every owner."""
    agreement = unit.agreements.get(envelope.agreement_id)
    for account in unit.accounts.list():
        if account.part is Part.OWNER and account.active:
            queue_message(
                kit,
                unit,
                notice_message(
                    kit, account, f"{subject} ({agreement.number})", lines, agreement_id=agreement.id
                ),
            )


def require_words(text: str, question: str) -> str:
    """The text, trimmed. Raises InvalidInput if it is empty or too long."""
    words = text.strip()
    if not words:
        raise InvalidInput("words-missing", question, "Write at least one sentence.")
    if len(words) > TEXT_LENGTH:
        raise InvalidInput(
            "words-long", f"The text has {len(words)} characters.", f"Shorten it to {TEXT_LENGTH}."
        )
    return words


def _without_lease(envelope: Envelope) -> Envelope:
    return replace(envelope, lease_holder="", lease_until=None, preparation=None)
