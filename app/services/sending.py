"""Sending: the text is frozen to a PDF, certified by the organisation, and the signers are asked."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.agreement_data import agreement_json
from app.domain.agreement_text import AgreementText
from app.domain.audit import AuditEvent
from app.domain.contract_template import ContractTemplate
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, WrongState
from app.domain.finding import Severity
from app.domain.frozen_text import write_text
from app.domain.identity_channel import ChannelChoice
from app.domain.reminder import ReminderPlan
from app.domain.workflow import Action, EnvelopeStatus, SignerStatus, next_step
from app.rendering.pdf import render_pdf
from app.rendering.stationery import Stationery
from app.services.assessment import Assessment, assess_agreement, find_template
from app.services.ceremony.credential import LIFE_AFTER_EXPIRY
from app.services.identity_channels import store_choices
from app.services.invitations import invite_next
from app.services.reach import is_reachable
from app.services.sample import is_sample
from app.services.sending_form import SendingForm, check_copy_recipients, check_expiry, check_turns
from app.services.stationery import stationery_of
from app.toolkit import Toolkit, UnitOfWork


def send(kit: Toolkit, actor: Actor, agreement_id: str, form: SendingForm) -> Envelope:
    """Freeze, certify and open the envelope.

    Raises InvalidInput while there are error findings or where no signer could open the link,
    WrongState while the gate of the review is closed or if the text is not the one that was
    read, TimestampUnavailable or KeysUnavailable if it cannot be certified; then nothing was
    changed.
    """
    now = kit.clock.now()
    check_expiry(form, now)
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        # Asked before the costly work too, so that nobody waits for a refusal.
        next_step(agreement.status, Action.SEND, actor)
        assessment = assess_agreement(unit, library, agreement, now)
        stationery = stationery_of(unit, agreement.answers)
        template = find_template(library, agreement.contract_template)
        if not form.in_person:
            _require_reachable(kit, unit, agreement, template)
    _require_no_sample(kit, agreement)
    turns = check_turns(form, {role.id: role.order for role in template.signer_roles})
    checked = replace(
        form, turns=turns, copy_recipients=check_copy_recipients(form, agreement.answers.signers)
    )
    _require_same_text(form, assessment)
    _require_sendable(agreement, assessment)
    envelope = _freeze(kit, checked, agreement, assessment.text, stationery, now)
    return _store(kit, actor, agreement, envelope, assessment, {} if form.in_person else form.channels)


def _freeze(
    kit: Toolkit,
    form: SendingForm,
    agreement: Agreement,
    text: AgreementText,
    stationery: Stationery,
    now: datetime,
) -> Envelope:
    """The envelope with its certified file; the form is checked and complete."""
    expires_at = check_expiry(form, now)
    # Nobody is asked to sign what could then not be signed or sealed.
    kit.credentials.require_ready(expires_at + LIFE_AFTER_EXPIRY)
    attachment = agreement_json(text)
    paper = render_pdf(text, attachment=attachment, created_at=now, stationery=stationery)
    certified = kit.credentials.certify(paper)
    digest = kit.files.put(certified.file)
    return Envelope(
        id=uuid.uuid4().hex,
        agreement_id=agreement.id,
        status=EnvelopeStatus.OUT,
        created_at=now,
        expires_at=expires_at,
        original_digest=digest,
        current_digest=digest,
        text_digest=text.digest,
        signers=make_signers(text, form.turns, agreement, form.signer_messages),
        message=form.message.strip(),
        agreement_json_digest=kit.files.put(attachment),
        text_file_digest=kit.files.put(write_text(text)),
        level=certified.level,
        timestamp_authority=certified.timestamp_authority,
        reminders=ReminderPlan() if form.in_person else form.reminders,
        copy_recipients=form.copy_recipients,
        in_person=form.in_person,
    )


def make_signers(
    text: AgreementText, turns: Mapping[str, int], agreement: Agreement, messages: Mapping[str, str]
) -> tuple[Signer, ...]:
    """The signers in signing order. The first in order are invited when the envelope opens.

    turns: signer role -> its place in the order. messages: signer role -> words for this signer.
    """
    facts = agreement.answers.facts
    signers = [
        Signer(
            id=uuid.uuid4().hex,
            role=block.role,
            side=block.side,
            order=turns[block.role],
            name=block.name,
            email=agreement.answers.signers[block.role].email,
            capacity=block.capacity,
            country=str(facts.get(f"{block.side}_country", "")),
            status=SignerStatus.WAITING,
            asked_initials=tuple(place.family for place in text.initials if place.role == block.role),
            message=messages.get(block.role, "").strip(),
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
    channels: Mapping[str, ChannelChoice],
) -> Envelope:
    """Open the envelope. The revision of `agreement` lets only one of two senders through."""
    with kit.unit_of_work() as unit:
        # A lawyer may have refused a clause while the paper was made.
        present = assess_agreement(unit, kit.library.library(), agreement, kit.clock.now())
        _require_sendable(agreement, present)
        _require_frozen_text(present, envelope)
        sent, event = replace(agreement, current_envelope=envelope.id).take(
            Action.SEND,
            actor,
            envelope.created_at,
            digest=envelope.text_digest,
            details={"file": envelope.original_digest, **_review_details(agreement, assessment)},
            personal={"override_reason": agreement.override_reason} if agreement.override_reason else {},
        )
        pinned = {clause.clause_id: clause.digest for clause in assessment.text.clauses()}
        unit.agreements.save(replace(sent, clause_versions=pinned, text_digest=envelope.text_digest), event)
        unit.envelopes.add(envelope, _opening(envelope, actor))
        # Before the invitations, which tell what is asked for besides the link.
        store_choices(unit, actor, envelope, channels)
        invited, (first, *others) = invite_next(kit, unit, envelope, agreement, actor)
        saved = unit.envelopes.save(invited, first)
        for invitation in others:
            unit.audit.append(invitation)
    return saved


def _opening(envelope: Envelope, actor: Actor) -> AuditEvent:
    return AuditEvent(
        name="envelope.opened",
        actor=actor,
        agreement_id=envelope.agreement_id,
        envelope_id=envelope.id,
        digest=envelope.original_digest,
        details=_opening_details(envelope),
        personal=_copies_personal(envelope),
    )


def _opening_details(envelope: Envelope) -> dict[str, str | int | bool]:
    return {
        "expires_at": envelope.expires_at.isoformat(),
        "signers": len(envelope.signers),
        "in_person": envelope.in_person,
        "order": " ".join(str(signer.order) for signer in envelope.signers),
        "copies": len(envelope.copy_recipients),
        "reminded_after_days": " ".join(map(str, envelope.reminders.days_after)),
        "reminded_before_days": " ".join(map(str, envelope.reminders.days_before)),
    }


def _copies_personal(envelope: Envelope) -> dict[str, str]:
    named = "; ".join(f"{one.name} <{one.email}>" for one in envelope.copy_recipients)
    return {"copies_to": named} if named else {}


def _review_details(agreement: Agreement, assessment: Assessment) -> dict[str, str | int | bool]:
    return {
        "text_approved": assessment.review.text_approved,
        "clauses_without_sign_off": len(assessment.review.waiting),
        "overridden": bool(agreement.override_reason) and not assessment.review.passes,
        "sample_review": assessment.review.sample,
    }


def _require_reachable(
    kit: Toolkit, unit: UnitOfWork, agreement: Agreement, template: ContractTemplate
) -> None:
    """A link to our own computer must not go to anybody else: it opens nothing there."""
    if is_reachable(kit):
        return
    owners = {account.email for account in unit.accounts.list() if account.part is Part.OWNER}
    signers = [agreement.answers.signers.get(role.id) for role in template.signer_roles]
    others = [signer.name for signer in signers if signer and signer.email.lower() not in owners]
    if others:
        raise InvalidInput(
            "address-loopback",
            f"{others[0]} could not open the link: {kit.public_url} leads to this computer only.",
            "Set PUBLIC_URL to an https address that others reach, or sign here in person.",
        )


def _require_no_sample(kit: Toolkit, agreement: Agreement) -> None:
    """The assistant of the sample is invented: nobody must get it, or be bound by it."""
    if is_sample(agreement) and not kit.mailer.is_trial:
        raise InvalidInput(
            "sample-not-sent",
            f"{agreement.number} is a sample with an invented assistant; it cannot be sent or signed.",
            "Draft an agreement with a person of yours. In trial mode a sample can be sent, marked SAMPLE.",
        )


def _require_same_text(form: SendingForm, assessment: Assessment) -> None:
    if form.text_digest and form.text_digest != assessment.draft_digest:
        raise WrongState(
            "text-changed",
            "The text was changed after you opened this page; nothing was sent.",
            "Read the present text, then send it.",
        )


def _require_frozen_text(present: Assessment, envelope: Envelope) -> None:
    if present.text.digest != envelope.text_digest:
        raise WrongState(
            "review-changed",
            "A review ended while the paper was made; nothing was sent.",
            "Look at the review again, then send.",
            retryable=True,
        )


def _require_sendable(agreement: Agreement, assessment: Assessment) -> None:
    errors = [f for f in assessment.findings if f.severity is Severity.ERROR]
    if errors:
        count = f"{len(errors)} points" if len(errors) > 1 else "one point"
        raise InvalidInput(
            "findings",
            f"The agreement has {count} to settle before it is sent. {errors[0].message}",
            f"{errors[0].remedy} The list of findings shows all.",
        )
    if not assessment.review.passes and not agreement.override_reason:
        waiting = assessment.review.waiting
        raise WrongState(
            "review-missing",
            f"{len(waiting)} clauses have no valid sign-off by a lawyer: {', '.join(waiting)}.",
            "Ask for sign-off, or override the review with a reason; the paper will then say so.",
        )
