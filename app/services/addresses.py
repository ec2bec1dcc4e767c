"""Addresses of signers who are asked already: corrected, as long as nobody confirmed who they are by it."""

from __future__ import annotations

from dataclasses import replace

from app.domain.access_link import LinkPurpose
from app.domain.actor import Actor
from app.domain.answer_checks import check_email
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, WrongState
from app.domain.workflow import Action, EnvelopeStatus, SignerStatus
from app.services.delivery import queue_message
from app.services.invitations import turn_message
from app.services.reach import is_reachable
from app.toolkit import Toolkit, UnitOfWork

ALIVE = (EnvelopeStatus.OUT, EnvelopeStatus.PAUSED)


def correct_address(kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, email: str) -> Envelope:
    """Give a signer another e-mail address: links sent before stop working, and a new mail goes out.

    Raises InvalidInput (no address, or the same), WrongState once the signer has confirmed who
    they are, NotAllowed for everybody but the owner.
    """
    address = check_email(email, question="E-mail address")
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        signer = envelope.signer(signer_id)
        _require_correctable(envelope, signer, address)
        changed, event = envelope.take_for_signer(
            signer_id, Action.CORRECT_ADDRESS, actor, personal={"before": signer.email, "after": address}
        )
        corrected = replace(changed.signer(signer_id), email=address)
        unit.access_links.revoke(LinkPurpose.SIGN, signer_id, now)
        _keep_in_answers(kit, unit, actor, envelope, corrected)
        saved = unit.envelopes.save(changed.with_signer(corrected), event)
        if signer.status is SignerStatus.INVITED and not saved.in_person and is_reachable(kit):
            agreement = unit.agreements.get(envelope.agreement_id)
            queue_message(kit, unit, turn_message(kit, unit, saved, corrected, agreement))
    return saved


def _require_correctable(envelope: Envelope, signer: Signer, address: str) -> None:
    if envelope.status not in ALIVE:
        raise WrongState(
            "envelope-ended", "This agreement is not out for signature any more.", "Reload the page."
        )
    if signer.email == address:
        raise InvalidInput(
            "same-address",
            f"{signer.name} has this address already.",
            "Enter the right one, or send the mail again.",
        )


def _keep_in_answers(
    kit: Toolkit, unit: UnitOfWork, actor: Actor, envelope: Envelope, signer: Signer
) -> None:
    """The next sending begins with the right address. It is no part of the text, and changes no digest."""
    agreement = unit.agreements.get(envelope.agreement_id)
    changed, event = agreement.take(Action.CORRECT_ADDRESS, actor, kit.clock.now())
    named = {**agreement.answers.signers}
    named[signer.role] = replace(named[signer.role], email=signer.email)
    answers = replace(agreement.answers, signers=named)
    unit.agreements.save(replace(changed, answers=answers), replace(event, subject=signer.id))
