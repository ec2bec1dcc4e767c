"""The steps before the signature: who somebody is, the disclosure, and that reading began."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.actor import Actor
from app.domain.disclosure import DISCLOSURE
from app.domain.envelope import Consent, Envelope
from app.domain.errors import WrongState
from app.domain.signing_progress import SigningProgress
from app.domain.workflow import Action, EnvelopeStatus, SignerStatus
from app.toolkit import Toolkit, UnitOfWork


def identify(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, checks: tuple[str, ...]
) -> Envelope:
    """Record that the signer passed the identity checks named."""
    with kit.unit_of_work() as unit:
        envelope = open_for(unit.envelopes.get(envelope_id), signer_id, kit.clock.now())
        changed, event = envelope.take_for_signer(
            signer_id, Action.IDENTIFY, actor, details={"checks": "; ".join(checks)}
        )
        signer = replace(changed.signer(signer_id), identity_checks=checks)
        return unit.envelopes.save(changed.with_signer(signer), event)


def accept_disclosure(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, text_digest: str
) -> Envelope:
    """Record the consent to electronic records, bound to the text that the signer saw.

    Repeating it changes nothing.
    """
    now = kit.clock.now()
    if text_digest != DISCLOSURE.digest:
        raise WrongState(
            "disclosure-changed",
            "The disclosure was changed after you opened it.",
            "Read the present text and decide again.",
        )
    with kit.unit_of_work() as unit:
        envelope = open_for(unit.envelopes.get(envelope_id), signer_id, now)
        given = envelope.signer(signer_id)
        if (
            given.status is SignerStatus.CONSENTED
            and given.consent is not None
            and given.consent.text_digest == text_digest
        ):
            return envelope
        changed, event = envelope.take_for_signer(
            signer_id,
            Action.CONSENT,
            actor,
            digest=text_digest,
            details={"text_version": DISCLOSURE.version},
        )
        consent = Consent(DISCLOSURE.version, DISCLOSURE.digest, now)
        return unit.envelopes.save(
            changed.with_signer(replace(changed.signer(signer_id), consent=consent)), event
        )


def begin_reading(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str) -> SigningProgress:
    """Fix the file whose pages are shown to the signer from now on, and record that it was opened."""
    with kit.unit_of_work() as unit:
        envelope = open_for(unit.envelopes.get(envelope_id), signer_id, kit.clock.now())
        _require_consent(envelope, signer_id)
        progress = unit.signing_progress.get(envelope_id, signer_id)
        if progress.displayed_digest == envelope.current_digest:
            return progress
        changed = replace(progress, displayed_digest=envelope.current_digest)
        unit.signing_progress.save(changed)
        _, event = envelope.take(Action.VIEW, actor, digest=envelope.current_digest)
        unit.audit.append(replace(event, subject=signer_id))
    return changed


def open_for(envelope: Envelope, signer_id: str, now: datetime) -> Envelope:
    """The envelope, if this signer may act in it now. Raises WrongState."""
    signer = envelope.signer(signer_id)
    if signer.status is SignerStatus.SIGNED:
        raise WrongState("already-signed", "You have signed this agreement.", "Nothing more is to be done.")
    if envelope.status is not EnvelopeStatus.OUT:
        raise WrongState(
            "envelope-closed",
            f"This agreement cannot be signed: it is {envelope.status}.",
            "Ask the sender if you think that this is wrong.",
        )
    if envelope.expires_at <= now:
        raise WrongState(
            "envelope-expired",
            "The time for signing this agreement is over.",
            "Ask the sender to send it again.",
        )
    if not envelope.is_turn_of(signer):
        raise WrongState(
            "not-your-turn",
            "Somebody else signs before you.",
            "You get a message when it is your turn.",
        )
    return envelope


def reading_progress(unit: UnitOfWork, envelope_id: str, signer_id: str, now: datetime) -> SigningProgress:
    """What the signer did so far, if more may be added now. Raises WrongState."""
    envelope = open_for(unit.envelopes.get(envelope_id), signer_id, now)
    _require_consent(envelope, signer_id)
    return unit.signing_progress.get(envelope_id, signer_id)


def busy() -> WrongState:
    return WrongState(
        "envelope-busy",
        "Another person is signing this agreement at this moment.",
        "Try again in a few seconds; nothing you entered is lost.",
        retryable=True,
    )


def _require_consent(envelope: Envelope, signer_id: str) -> None:
    if envelope.signer(signer_id).status is not SignerStatus.CONSENTED:
        raise WrongState(
            "not-ready",
            "The steps before this are not complete.",
            "Confirm who you are and accept the disclosure first.",
        )
