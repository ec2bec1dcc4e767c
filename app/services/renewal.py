"""Renewal: a newer document timestamp over sealed files, before the one in them ages.

A file proves itself as long as the certificate of its newest timestamp is valid. Renewed in time
(EN 319 142-1, 5.4.3) it goes on: validation data and a timestamp are added, the older file stays
in the store, and the newer one begins with exactly its bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.actor import APPLICATION
from app.domain.agreement import Agreement
from app.domain.envelope import Envelope
from app.domain.errors import AppError, WrongState
from app.domain.job import NewJob
from app.domain.workflow import Action, AgreementStatus
from app.toolkit import Toolkit

RENEW_JOB = "renew_timestamps"
DUE_WITHIN = timedelta(days=180)
# Field of the envelope -> what the event and the downloads call it.
KINDS = {"sealed_digest": "signed", "completion_digest": "certificate"}


@dataclass(frozen=True, slots=True)
class Renewal:
    """One agreement. files: how many were renewed; problem: why none could be, or ""."""

    number: str
    files: int
    problem: str = ""
    retryable: bool = False


def renew_due(kit: Toolkit, within: timedelta = DUE_WITHIN) -> Sequence[Renewal]:
    """Renew what ends within this time; one agreement that fails does not keep the others."""
    with kit.unit_of_work(read_only=True) as unit:
        sealed = [
            agreement.id
            for status in (AgreementStatus.SEALED, AgreementStatus.ENDED)
            for agreement in unit.agreements.list(status)
            if agreement.current_envelope  # others ended as drafts
        ]
    renewals = [_try(kit, agreement_id, kit.clock.now() + within) for agreement_id in sealed]
    return [renewal for renewal in renewals if renewal.files or renewal.problem]


def renew_archive_timestamp(kit: Toolkit, agreement_id: str, due_before: datetime | None = None) -> int:
    """A newer document timestamp over the signed file and the certificate of completion.

    due_before: only over those that end before; None: over both. Returns how many were renewed.
    Raises TimestampUnavailable, KeysUnavailable or SigningFailed; then what was stored is whole.
    """
    _, envelope = _read(kit, agreement_id)
    count = 0
    for field in KINDS:
        digest = getattr(envelope, field)
        if digest and _is_due(kit, digest, due_before):
            _renew(kit, agreement_id, field, digest)
            count += 1
    return count


def run_renewal_job(kit: Toolkit, _: Mapping[str, str]) -> None:
    """Raises WrongState (retryable where that helps) if a file could not be renewed."""
    failed = [renewal for renewal in renew_due(kit) if renewal.problem]
    if failed:
        raise WrongState(
            "renewal-failed",
            f"{len(failed)} files wait for a newer timestamp. {failed[0].number}: {failed[0].problem}",
            "Run ./run doctor, then: ./run keys renew-timestamps",
            retryable=any(renewal.retryable for renewal in failed),
        )


def renewal_job(now: datetime) -> NewJob:
    """One for each month."""
    return NewJob(RENEW_JOB, f"{RENEW_JOB}:{now:%Y-%m}", {})


def _try(kit: Toolkit, agreement_id: str, due_before: datetime) -> Renewal:
    agreement, _ = _read(kit, agreement_id)
    try:
        return Renewal(agreement.number, renew_archive_timestamp(kit, agreement_id, due_before))
    except AppError as error:
        return Renewal(agreement.number, 0, f"{error.message} {error.remedy}", error.retryable)


def _is_due(kit: Toolkit, digest: str, due_before: datetime | None) -> bool:
    return due_before is None or kit.credentials.proof_ends(kit.files.get(digest)) < due_before


def _renew(kit: Toolkit, agreement_id: str, field: str, digest: str) -> None:
    older = kit.files.get(digest)
    archived = kit.credentials.archive(older)
    newer = kit.files.put(archived.file)
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        envelope = unit.envelopes.get(agreement.current_envelope)
        if getattr(envelope, field) != digest:
            return  # somebody else was faster
        renewed, event = agreement.take(
            Action.RENEW_TIMESTAMP,
            APPLICATION,
            agreement.updated_at,
            digest=newer,
            details={
                "kind": KINDS[field],
                "replaces": digest,
                "begins_with_bytes": len(older),
                "timestamp_authority": archived.timestamp_authority,
            },
        )
        unit.agreements.save(renewed, event)
        unit.envelopes.save_result(_with(envelope, field, newer))


def _with(envelope: Envelope, field: str, digest: str) -> Envelope:
    if field == "completion_digest":
        return replace(envelope, completion_digest=digest)
    return replace(envelope, sealed_digest=digest, current_digest=digest)


def _read(kit: Toolkit, agreement_id: str) -> tuple[Agreement, Envelope]:
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        return agreement, unit.envelopes.get(agreement.current_envelope)
