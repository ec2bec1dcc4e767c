"""The one-time credential of a signer: issued for a key, the same one again for the same key."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.actor import Actor
from app.domain.digest import sha256_hex
from app.domain.envelope import Envelope, Signer, SignerCredential
from app.domain.errors import WrongState
from app.domain.signature import CredentialSubject, IssuedCredential, KeyHeldBy
from app.domain.workflow import Action
from app.services.ceremony.steps import busy, open_for
from app.services.demonstration import honest_holder
from app.toolkit import Toolkit

# The certificate outlives the key: an expired one cannot be repaired by later timestamps.
LIFE_AFTER_EXPIRY = timedelta(days=400)


def issue_credential(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, public_key: bytes, key_held_by: KeyHeldBy
) -> IssuedCredential:
    """The one-time certificate for the signer's key: the same one again for the same key.

    A new key (the page was closed and the old key forgotten) gets a new certificate, as long
    as nothing is signed; the log then shows both, and what was prepared for the old one is dropped.
    Raises WrongState `envelope-busy` (retryable) while another page of the signer is at the act.
    """
    with kit.unit_of_work() as unit:
        envelope = open_for(unit.envelopes.get(envelope_id), signer_id, kit.clock.now())
        signer = envelope.signer(signer_id)
        key_held_by = honest_holder(unit, key_held_by)
        known = signer.credential
        if known is not None and _is_for(known, public_key, key_held_by):
            certificate = kit.files.get(known.certificate_digest)
            return IssuedCredential(certificate, known.serial, known.valid_until)
        if _is_signing(envelope, signer_id, kit.clock.now()):
            raise busy()
        issued = kit.credentials.issue(
            public_key, _subject(signer, key_held_by), envelope.expires_at + LIFE_AFTER_EXPIRY
        )
        credential = SignerCredential(
            serial=issued.serial,
            certificate_digest=kit.files.put(issued.certificate),
            public_key_digest=sha256_hex(public_key),
            valid_until=issued.valid_until,
            key_held_by=key_held_by,
        )
        changed, event = envelope.take_for_signer(
            signer_id,
            Action.ISSUE_CREDENTIAL,
            actor,
            digest=credential.certificate_digest,
            details={
                "serial": issued.serial,
                "key_held_by": str(key_held_by),
                "supersedes": known.serial if known else "",
            },
        )
        changed = _without_preparation(changed, signer_id)
        unit.envelopes.save(
            changed.with_signer(replace(changed.signer(signer_id), credential=credential)), event
        )
    return issued


def credential_of(kit: Toolkit, signer: Signer) -> IssuedCredential:
    """The credential issued to the signer. Raises WrongState where there is none."""
    if signer.credential is None:
        raise WrongState("no-credential", "There is no key for this signature yet.", "Start signing again.")
    known = signer.credential
    return IssuedCredential(kit.files.get(known.certificate_digest), known.serial, known.valid_until)


def _is_for(known: SignerCredential, public_key: bytes, key_held_by: KeyHeldBy) -> bool:
    return known.public_key_digest == sha256_hex(public_key) and known.key_held_by is key_held_by


def _is_signing(envelope: Envelope, signer_id: str, now: datetime) -> bool:
    """Whether a prepared file of this signer waits for its signature under a lease that holds."""
    prepared, until = envelope.preparation, envelope.lease_until
    return prepared is not None and prepared.signer_id == signer_id and until is not None and until > now


def _without_preparation(envelope: Envelope, signer_id: str) -> Envelope:
    """A prepared file names the certificate; with another one it could never be finished."""
    prepared = envelope.preparation
    if prepared is None or prepared.signer_id != signer_id:
        return envelope
    return replace(envelope, preparation=None)


def _subject(signer: Signer, key_held_by: KeyHeldBy) -> CredentialSubject:
    return CredentialSubject(
        name=signer.name,
        capacity=signer.capacity,
        email=signer.email,
        country=signer.country,
        identity_checks=signer.identity_checks,
        key_held_by=key_held_by,
    )
