"""The certificate of completion: the evidence of an envelope as a sealed PDF, and its delivery."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import APPLICATION
from app.domain.agreement import Agreement
from app.domain.audit import AuditLeaf, Checkpoint, PersonalValue
from app.domain.checkpoint import read_note
from app.domain.completion import (
    CheckpointEvidence,
    CompletionEvidence,
    EventEvidence,
    InclusionEvidence,
    SignerEvidence,
)
from app.domain.envelope import CopyRecipient, Envelope, Signer
from app.domain.merkle import inclusion_proof
from app.domain.signature import KeyHeldBy
from app.domain.workflow import Action
from app.rendering.certificate_of_completion import render_certificate_of_completion
from app.rendering.pages import count_pages
from app.rendering.stationery import Stationery
from app.services.audit import make_checkpoint
from app.services.delivery import queue_message
from app.services.outcome_mails import copies_message
from app.services.settings import Business, business_of
from app.services.stationery import stationery_of
from app.toolkit import Toolkit, UnitOfWork

LOCAL_CLOCK = "local clock"
KEY_SENTENCES: Mapping[KeyHeldBy, str] = {
    KeyHeldBy.SIGNER_CLIENT: "key held by the signer\u2019s browser, used once",
    KeyHeldBy.SERVER_ONE_TIME: "key made by the server for this signature, then destroyed",
    KeyHeldBy.ORGANISATION: "key of the organisation",
    KeyHeldBy.DEMO_PROCESS: "key made by the demo process",
}
HOW_TO_CHECK = (
    "Compare the SHA-256 of your file with the one above.",
    "Open it in any program that checks PDF signatures, and trust the organisation\u2019s root certificate.",
    "The record ZIP has a README with the commands. This certificate carries its own seal.",
)
TRIAL_REMARK = "Delivered to the sender\u2019s own computer; signer not identified."
LOCAL_CLOCK_REMARK = (
    "The timestamps come from the clock of the sender\u2019s own computer; it is no independent witness."
)
SAMPLE_REMARK = "The sign-offs of the clauses are SAMPLES; no lawyer has read them."


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was read from the database in one go."""

    agreement: Agreement
    envelope: Envelope
    leaves: Sequence[AuditLeaf]
    opened: Mapping[int, Sequence[PersonalValue]]
    hashes: Sequence[bytes]
    checkpoint: Checkpoint
    business: Business
    stationery: Stationery


def certify_completion(kit: Toolkit, envelope_id: str) -> None:
    """Make, seal and store the certificate of completion, and send everybody their copies.

    Does nothing if it exists. Raises TimestampUnavailable (the job tries again).
    """
    checkpoint = make_checkpoint(kit)
    with kit.unit_of_work() as unit:
        facts = _read(unit, envelope_id, checkpoint)
    if facts.envelope.completion_digest:
        return
    paper = render_certificate_of_completion(
        _evidence(kit, facts), created_at=kit.clock.now(), page_size=facts.stationery.page_size
    )
    digest = kit.files.put(kit.credentials.seal_document(paper).file)
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        if envelope.completion_digest:
            return
        agreement, event = unit.agreements.get(envelope.agreement_id).take(
            Action.CERTIFY_COMPLETION, APPLICATION, kit.clock.now(), digest=digest,
            details={"checkpoint_size": checkpoint.size, "checkpoint_root": checkpoint.root},
        )
        unit.agreements.save(agreement, event)
        saved = unit.envelopes.save_result(replace(envelope, completion_digest=digest))
        people: tuple[Signer | CopyRecipient, ...] = (*saved.active_signers(), *saved.copy_recipients)
        for person in people:
            queue_message(
                kit, unit,
                copies_message(kit, saved, person, number=agreement.number, title=agreement.title),
            )


def _read(unit: UnitOfWork, envelope_id: str, checkpoint: Checkpoint) -> _Facts:
    envelope = unit.envelopes.get(envelope_id)
    leaves = [
        leaf for leaf in unit.audit.of_agreement(envelope.agreement_id) if leaf.sequence < checkpoint.size
    ]
    agreement = unit.agreements.get(envelope.agreement_id)
    return _Facts(
        agreement=agreement,
        envelope=envelope,
        leaves=leaves,
        opened=unit.audit.opened([leaf.sequence for leaf in leaves]),
        hashes=list(unit.audit.leaf_hashes())[: checkpoint.size],
        checkpoint=checkpoint,
        business=business_of(unit),
        stationery=stationery_of(unit, agreement.answers),
    )


def _evidence(kit: Toolkit, facts: _Facts) -> CompletionEvidence:
    envelope, agreement = facts.envelope, facts.agreement
    sent = _sending_of(facts)
    numbers = _clause_numbers(kit.files.get(envelope.agreement_json_digest))
    return CompletionEvidence(
        agreement_number=agreement.number,
        agreement_title=agreement.title,
        pages=count_pages(kit.files.get(envelope.sealed_digest)),
        sent_by=f"{_who(facts, sent)}, {facts.business.name}",
        sent_at=word_time(envelope.created_at),
        sealed_at=word_time(envelope.sealed_at or kit.clock.now()),
        original_digest=envelope.original_digest,
        signed_digest=envelope.sealed_digest,
        text_digest=envelope.text_digest,
        level=str(envelope.level),
        timestamp_authority=_authority(envelope.timestamp_authority),
        review_state=_review_words(agreement, sent),
        signers=tuple(_signer(signer, numbers) for signer in envelope.active_signers()),
        events=tuple(
            EventEvidence(leaf.sequence, _log_time(leaf.at), leaf.name, _who(facts, leaf), leaf.leaf_hash)
            for leaf in facts.leaves
        ),
        checkpoint=_checkpoint(facts.checkpoint, envelope.timestamp_authority),
        proofs=tuple(
            InclusionEvidence(
                leaf.sequence, tuple(step.hex() for step in inclusion_proof(facts.hashes, leaf.sequence))
            )
            for leaf in facts.leaves
        ),
        how_to_check=HOW_TO_CHECK,
        copies=tuple(f"{one.name}, {one.email}" for one in envelope.copy_recipients),
        remarks=_remarks(kit, envelope, sent),
    )


def _sending_of(facts: _Facts) -> AuditLeaf:
    """The event that opened this envelope; an agreement may have been sent before."""
    ours = facts.envelope.id
    return next(
        leaf for leaf in facts.leaves if leaf.name == "agreement.sent" and leaf.envelope_id == ours
    )


def _signer(signer: Signer, numbers: Mapping[str, str]) -> SignerEvidence:
    assert signer.signature is not None
    assert signer.consent is not None
    signature = signer.signature
    return SignerEvidence(
        name=signer.name,
        capacity=signer.capacity,
        party=signer.side.capitalize(),
        email=signer.email,
        identity_checks=signer.identity_checks,
        consent_version=signer.consent.text_version,
        consent_digest=signer.consent.text_digest,
        consented_at=word_time(signer.consent.given_at),
        initialled=_initialled([numbers.get(family, family) for family in signature.initialled]),
        signed_at=word_time(signature.signed_at),
        timestamped_at=word_time(signature.timestamped_at),
        timestamp_authority=_authority(signature.timestamp_authority),
        signature_kind=signature.kind,
        key_held_by=KEY_SENTENCES[signature.key_held_by],
    )


def _checkpoint(checkpoint: Checkpoint, authority: str) -> CheckpointEvidence:
    note = read_note(checkpoint.note)
    return CheckpointEvidence(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        signature=base64.b64encode(note.key_id + note.signature).decode(),
        at=checkpoint.at,
        timestamped=f"timestamped by {_authority(authority)}" if checkpoint.timestamp_token else "",
    )


def _clause_numbers(agreement_json: bytes) -> dict[str, str]:
    return {clause["family"]: clause["number"] for clause in json.loads(agreement_json)["clauses"]}


def _initialled(numbers: Sequence[str]) -> str:
    if not numbers:
        return "not asked for"
    if len(numbers) == 1:
        return f"clause {numbers[0]}"
    return f"clauses {', '.join(numbers[:-1])} and {numbers[-1]}"


def _who(facts: _Facts, leaf: AuditLeaf) -> str:
    names = {value.field: value.value for value in facts.opened.get(leaf.sequence, ())}
    return names.get("actor_name", "the application" if leaf.actor_part == "application" else leaf.actor_part)


def _authority(name: str) -> str:
    return "local clock, not independent" if name == LOCAL_CLOCK else name


def _review_words(agreement: Agreement, sent: AuditLeaf) -> str:
    if sent.details.get("overridden"):
        return "not reviewed by a lawyer; sent on the owner\u2019s decision"
    if agreement.approval is not None and sent.details.get("text_approved"):
        approval = agreement.approval
        return f"approved as a whole by {approval.lawyer_name}, {word_time(approval.decided_at)}"
    return "every clause signed off" + (" (SAMPLE)" if sent.details.get("sample_review") else " by a lawyer")


def _remarks(kit: Toolkit, envelope: Envelope, sent: AuditLeaf) -> tuple[str, ...]:
    remarks = []
    if kit.mailer.is_trial:
        remarks.append(TRIAL_REMARK)
    if envelope.timestamp_authority == LOCAL_CLOCK:
        remarks.append(LOCAL_CLOCK_REMARK)
    if sent.details.get("sample_review"):
        remarks.append(SAMPLE_REMARK)
    return tuple(remarks)


def _log_time(text: str) -> str:
    """A time of the log as people read it; the exact one is in the leaf."""
    return datetime.fromisoformat(text).strftime("%-d %b %Y, %H:%M:%S")


def word_time(moment: datetime) -> str:
    """A time as people read it: "22 November 2026, 10:04:17 UTC"."""
    return f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"
