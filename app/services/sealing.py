"""After a signature: it is stored, the next signer is asked, and the last one starts the sealing."""

from __future__ import annotations

from dataclasses import replace

from app.domain.actor import APPLICATION, Actor
from app.domain.audit import AuditEvent
from app.domain.envelope import Envelope, Preparation, Signature, Signer
from app.domain.errors import WrongState
from app.domain.job import NewJob
from app.domain.signature import SignedFile
from app.domain.workflow import Action, AgreementStatus, EnvelopeStatus, SignerStatus
from app.services.invitations import invite_next
from app.toolkit import Toolkit, UnitOfWork

SEAL_JOB = "seal"
COMPLETION_JOB = "certify_completion"
# With the longest pause between tries this is more than a year: only the document timestamp waits.
SEALING_TRIES = 5000


def store_signature(
    kit: Toolkit, actor: Actor, envelope_id: str, preparation: Preparation, signed: SignedFile, digest: str
) -> Envelope:
    """Make a finished signature current. Raises WrongState if another one was faster."""
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        signer = envelope.signer(preparation.signer_id)
        if signer.status is SignerStatus.SIGNED:
            return envelope
        if envelope.current_digest != preparation.base_digest or envelope.status is not EnvelopeStatus.OUT:
            raise WrongState(
                "stale-base",
                "The agreement moved on while you were signing.",
                "Sign again; nothing you entered is lost.",
                retryable=True,
            )
        signature = _signature(signer, preparation, signed, digest)
        changed, event = envelope.take_for_signer(
            signer.id, Action.SIGN, actor, digest=digest, details=_signature_details(signature)
        )
        changed = changed.with_signer(replace(changed.signer(signer.id), signature=signature))
        changed = replace(
            changed,
            current_digest=digest,
            level=signed.level,
            preparation=None,
            lease_holder="",
            lease_until=None,
        )
        changed, events = _go_on(kit, unit, changed, actor)
        saved = unit.envelopes.save(changed, event)
        for further in events:
            unit.audit.append(further)
        if saved.status is EnvelopeStatus.COMPLETED:
            _finish_signing(unit, saved, actor, kit)
        return saved


def seal_agreement(kit: Toolkit, envelope_id: str) -> None:
    """Add validation data and the document timestamp: the level of the file is then B-LTA.

    Fails closed: the office hands out no file that our own verifier does not call green.
    Raises TimestampUnavailable (the job tries again) or SigningFailed.
    """
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        agreement = unit.agreements.get(envelope.agreement_id)
    if agreement.status is not AgreementStatus.SIGNED:
        return
    archived = kit.credentials.archive(kit.files.get(envelope.current_digest))
    digest = kit.files.put(archived.file)
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
        agreement = unit.agreements.get(envelope.agreement_id)
        if agreement.status is not AgreementStatus.SIGNED:
            return
        details: dict[str, str | int | bool] = {
            "level": str(archived.level),
            "timestamp_authority": archived.timestamp_authority,
        }
        sealed, event = agreement.take(Action.SEAL, APPLICATION, now, digest=digest, details=details)
        unit.agreements.save(sealed, event)
        unit.envelopes.save_result(
            replace(
                envelope,
                current_digest=digest,
                sealed_digest=digest,
                sealed_at=now,
                level=archived.level,
                timestamp_authority=archived.timestamp_authority,
            )
        )
        unit.jobs.enqueue(completion_job(envelope_id), now)


def seal_job(envelope_id: str) -> NewJob:
    return NewJob(
        SEAL_JOB, f"{SEAL_JOB}:{envelope_id}", {"envelope_id": envelope_id}, max_tries=SEALING_TRIES
    )


def completion_job(envelope_id: str) -> NewJob:
    return NewJob(
        COMPLETION_JOB,
        f"{COMPLETION_JOB}:{envelope_id}",
        {"envelope_id": envelope_id},
        max_tries=SEALING_TRIES,
    )


def _go_on(
    kit: Toolkit, unit: UnitOfWork, envelope: Envelope, actor: Actor
) -> tuple[Envelope, tuple[AuditEvent, ...]]:
    """Invite the next signers, or complete the envelope after the last."""
    if not envelope.everyone_signed():
        return invite_next(kit, unit, envelope, unit.agreements.get(envelope.agreement_id), APPLICATION)
    completed, event = envelope.take(Action.COMPLETE, actor)
    return replace(completed, completed_at=kit.clock.now()), (event,)


def _finish_signing(unit: UnitOfWork, envelope: Envelope, actor: Actor, kit: Toolkit) -> None:
    now = kit.clock.now()
    agreement, event = unit.agreements.get(envelope.agreement_id).take(
        Action.FINISH_SIGNING, actor, now, digest=envelope.current_digest
    )
    unit.agreements.save(agreement, event)
    unit.jobs.enqueue(seal_job(envelope.id), now)


def _signature(signer: Signer, preparation: Preparation, signed: SignedFile, digest: str) -> Signature:
    assert signer.credential is not None
    return Signature(
        field=preparation.field,
        signed_at=preparation.signed_at,
        timestamped_at=signed.timestamped_at,
        timestamp_authority=signed.timestamp_authority,
        level=signed.level,
        key_held_by=signer.credential.key_held_by,
        credential_serial=signer.credential.serial,
        certificate_digest=signer.credential.certificate_digest,
        file_digest=digest,
        initialled=preparation.initialled,
        kind=preparation.kind,
    )


def _signature_details(signature: Signature) -> dict[str, str | int | bool]:
    return {
        "field": signature.field,
        "serial": signature.credential_serial,
        "key_held_by": str(signature.key_held_by),
        "level": str(signature.level),
        "timestamp_authority": signature.timestamp_authority,
        "initialled": " ".join(signature.initialled),
        "kind": signature.kind,
    }
