"""Sending: the text is frozen to a PDF, certified by the organisation, and the signers are asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.agreement_data import agreement_json
from app.domain.agreement_text import AgreementText
from app.domain.audit import AuditEvent
from app.domain.contract_template import ContractTemplate
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, WrongState
from app.domain.finding import Severity
from app.domain.workflow import Action, AgreementStatus, EnvelopeStatus, SignerStatus, next_step
from app.rendering.pdf import render_pdf
from app.services.assessment import Assessment, assess_agreement, find_template
from app.services.invitations import invite_next
from app.toolkit import Toolkit

DEFAULT_LIFE = timedelta(days=30)
LONGEST_LIFE = timedelta(days=365)
MESSAGE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class SendingForm:
    """How an agreement is sent. `expires_at` None: after DEFAULT_LIFE."""

    message: str = ""
    expires_at: datetime | None = None


def send(kit: Toolkit, actor: Actor, agreement_id: str, form: SendingForm) -> Envelope:
    """Freeze, certify and open the envelope.

    Raises InvalidInput while there are error findings, WrongState while the gate of the
    review is closed, TimestampUnavailable or KeysUnavailable if it cannot be certified;
    then nothing was changed.
    """
    now = kit.clock.now()
    expires_at = _checked_expiry(form, now)
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        # Asked before the costly work too, so that nobody waits for a refusal.
        next_step(agreement.status, Action.SEND, actor)
        assessment = assess_agreement(unit, library, agreement, now)
    _require_sendable(agreement, assessment)
    text = assessment.text
    template = find_template(library, agreement.contract_template)
    attachment = agreement_json(text)
    certified = kit.credentials.certify(render_pdf(text, attachment=attachment, created_at=now))
    digest = kit.files.put(certified.file)
    envelope = Envelope(
        id=uuid.uuid4().hex,
        agreement_id=agreement.id,
        status=EnvelopeStatus.OUT,
        created_at=now,
        expires_at=expires_at,
        original_digest=digest,
        current_digest=digest,
        text_digest=text.digest,
        signers=make_signers(text, template, agreement),
        message=form.message,
        agreement_json_digest=kit.files.put(attachment),
        level=certified.level,
        timestamp_authority=certified.timestamp_authority,
    )
    return _store(kit, actor, agreement, envelope, assessment, now)


def make_signers(text: AgreementText, template: ContractTemplate, agreement: Agreement) -> tuple[Signer, ...]:
    """The signers in signing order. The first in order are invited when the envelope opens."""
    orders = {role.id: role.order for role in template.signer_roles}
    facts = agreement.answers.facts
    signers = [
        Signer(
            id=uuid.uuid4().hex,
            role=block.role,
            side=block.side,
            order=orders[block.role],
            name=block.name,
            email=agreement.answers.signers[block.role].email,
            capacity=block.capacity,
            country=str(facts.get(f"{block.side}_country", "")),
            status=SignerStatus.WAITING,
            asked_initials=tuple(place.family for place in text.initials if place.role == block.role),
        )
        for block in text.signature_blocks
    ]
    return tuple(sorted(signers, key=lambda signer: signer.order))


def _store(
    kit: Toolkit,
    actor: Actor,
    agreement: Agreement,
    envelope: Envelope,
    assessment: Assessment,
    now: datetime,
) -> Envelope:
    with kit.unit_of_work() as unit:
        sent, event = replace(agreement, current_envelope=envelope.id).take(
            Action.SEND,
            actor,
            now,
            digest=envelope.text_digest,
            details={"file": envelope.original_digest, **_review_details(agreement, assessment)},
            personal={"override_reason": agreement.override_reason} if agreement.override_reason else {},
        )
        pinned = {clause.clause_id: clause.digest for clause in assessment.text.clauses()}
        unit.agreements.save(replace(sent, clause_versions=pinned, text_digest=envelope.text_digest), event)
        invited, invitations = invite_next(kit, unit, envelope, agreement, actor)
        unit.envelopes.add(
            invited,
            AuditEvent(
                name="envelope.opened",
                actor=actor,
                agreement_id=agreement.id,
                envelope_id=envelope.id,
                digest=envelope.original_digest,
                details={"expires_at": envelope.expires_at.isoformat(), "signers": len(envelope.signers)},
            ),
        )
        for invitation in invitations:
            unit.audit.append(invitation)
    return invited


def _review_details(agreement: Agreement, assessment: Assessment) -> dict[str, str | int | bool]:
    return {
        "text_approved": assessment.review.text_approved,
        "clauses_without_sign_off": len(assessment.review.waiting),
        "overridden": bool(agreement.override_reason) and not assessment.review.passes,
        "sample_review": assessment.review.sample,
    }


def _checked_expiry(form: SendingForm, now: datetime) -> datetime:
    expires_at = form.expires_at or now + DEFAULT_LIFE
    if not now < expires_at <= now + LONGEST_LIFE:
        raise InvalidInput(
            "expiry-invalid",
            "The last day for signing is not possible.",
            f"Choose a day within the next {LONGEST_LIFE.days} days.",
        )
    if len(form.message) > MESSAGE_LENGTH:
        raise InvalidInput(
            "message-long",
            f"The message has {len(form.message)} characters.",
            f"Shorten it to {MESSAGE_LENGTH}.",
        )
    return expires_at


def _require_sendable(agreement: Agreement, assessment: Assessment) -> None:
    errors = [f for f in assessment.findings if f.severity is Severity.ERROR]
    if errors:
        raise InvalidInput(
            "findings",
            f"The agreement has {len(errors)} errors: {errors[0].message}",
            f"{errors[0].remedy} The list of findings shows all.",
        )
    if not assessment.review.passes and not agreement.override_reason:
        waiting = assessment.review.waiting
        raise WrongState(
            "review-missing",
            f"{len(waiting)} clauses have no valid sign-off by a lawyer: {', '.join(waiting)}.",
            "Ask for sign-off, or override the review with a reason; the paper will then say so.",
        )
    assert agreement.status in (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
