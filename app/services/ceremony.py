"""The ceremony: a signer is identified, accepts the disclosure, prepares and makes a signature.

The order of steps is the workflow table's. A preparation holds a short lease on the
envelope, so that two signers do not build on the same bytes; whoever comes second
prepares again on the new file and signs with the same key (design: one agreement's path).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.actor import Actor
from app.domain.agreement_text import initials_field, signature_field
from app.domain.digest import sha256_hex
from app.domain.disclosure import DISCLOSURE, Disclosure
from app.domain.envelope import Consent, Envelope, Preparation, Signer, SignerCredential
from app.domain.errors import InvalidInput, WrongState
from app.domain.signature import (
    Appearance,
    CredentialSubject,
    IssuedCredential,
    KeyHeldBy,
    PreparedSignature,
    SignatureRequest,
)
from app.domain.workflow import Action, EnvelopeStatus, SignerStatus
from app.services.sealing import store_signature
from app.toolkit import Toolkit

LEASE = timedelta(seconds=20)
# The certificate outlives the key: an expired one cannot be repaired by later timestamps.
CREDENTIAL_LIFE_AFTER_EXPIRY = timedelta(days=400)
INITIALS_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Adoption:
    """How a signer wants the signature to look. `picture`: PNG, already re-encoded."""

    kind: str  # typed, drawn or uploaded
    style: str = "italic"
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class PreparedView:
    """What the signer's device needs to check and to sign."""

    prepared_digest: str
    file: bytes
    base_length: int
    signed_attributes: bytes
    document_digest: bytes


def identify(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, checks: tuple[str, ...]
) -> Envelope:
    """Record that the signer passed the identity checks named."""
    with kit.unit_of_work() as unit:
        envelope = _open_for(unit.envelopes.get(envelope_id), signer_id, kit.clock.now())
        changed, event = envelope.take_for_signer(
            signer_id, Action.IDENTIFY, actor, details={"checks": "; ".join(checks)}
        )
        signer = replace(changed.signer(signer_id), identity_checks=checks)
        return unit.envelopes.save(changed.with_signer(signer), event)


def accept_disclosure(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, text_digest: str
) -> Envelope:
    """Record the consent to electronic records, bound to the text that the signer saw."""
    now = kit.clock.now()
    if text_digest != DISCLOSURE.digest:
        raise WrongState(
            "disclosure-changed",
            "The disclosure was changed after you opened it.",
            "Read the present text and decide again.",
        )
    with kit.unit_of_work() as unit:
        envelope = _open_for(unit.envelopes.get(envelope_id), signer_id, now)
        changed, event = envelope.take_for_signer(
            signer_id,
            Action.CONSENT,
            actor,
            digest=text_digest,
            details={"text_version": DISCLOSURE.version},
        )
        signer = replace(changed.signer(signer_id), consent=_consent(DISCLOSURE, now))
        return unit.envelopes.save(changed.with_signer(signer), event)


def issue_credential(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, public_key: bytes, key_held_by: KeyHeldBy
) -> IssuedCredential:
    """The one-time certificate for the signer's key: the same one again for the same key.

    A new key (the page was closed and the old key forgotten) gets a new certificate, as long
    as nothing is signed; the log then shows both.
    """
    with kit.unit_of_work() as unit:
        envelope = _open_for(unit.envelopes.get(envelope_id), signer_id, kit.clock.now())
        signer = envelope.signer(signer_id)
        known = signer.credential
        if known is not None and known.public_key_digest == sha256_hex(public_key):
            certificate = kit.files.get(known.certificate_digest)
            return IssuedCredential(certificate, known.serial, known.valid_until)
        issued = kit.credentials.issue(
            public_key, _subject(signer, key_held_by), envelope.expires_at + CREDENTIAL_LIFE_AFTER_EXPIRY
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
        unit.envelopes.save(
            changed.with_signer(replace(changed.signer(signer_id), credential=credential)), event
        )
    return issued


def prepare_signature(
    kit: Toolkit,
    actor: Actor,
    envelope_id: str,
    signer_id: str,
    adoption: Adoption,
    initialled: tuple[str, ...],
) -> PreparedView:
    """Build the incremental update that waits for the signature value, and lease the envelope.

    `initialled`: the families that the signer initialled; all that ask for it are needed.
    Raises WrongState (retryable) while another signer holds the lease.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        envelope = _lease(_open_for(unit.envelopes.get(envelope_id), signer_id, now), signer_id, now)
        envelope = unit.envelopes.save_lease(envelope)
    signer = envelope.signer(signer_id)
    _require_initials(signer, initialled)
    credential = _credential_of(kit, signer)
    request = _request(signer, credential, adoption, initialled, now)
    prepared = kit.credentials.prepare(kit.files.get(envelope.current_digest), request, credential)
    digest = kit.files.put(prepared.file)
    preparation = _preparation(
        prepared, signer_id, envelope.current_digest, digest, now, initialled, adoption
    )
    with kit.unit_of_work() as unit:
        current = unit.envelopes.get(envelope_id)
        if current.lease_holder != signer_id or current.current_digest != preparation.base_digest:
            raise _busy()
        unit.envelopes.save_lease(replace(current, preparation=preparation))
    return PreparedView(
        digest, prepared.file, prepared.base_length, prepared.signed_attributes, prepared.document_digest
    )


def apply_signature(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, prepared_digest: str, signature_value: bytes
) -> Envelope:
    """Make the prepared update current: timestamped, verified, stored, in that order.

    Repeating the call after success changes nothing and answers the same. Raises WrongState
    `stale-base` (retryable) if the file has moved on: prepare again with the same key.
    """
    with kit.unit_of_work() as unit:
        envelope = unit.envelopes.get(envelope_id)
    signer = envelope.signer(signer_id)
    if signer.status is SignerStatus.SIGNED:
        return envelope
    _open_for(envelope, signer_id, kit.clock.now())
    preparation = envelope.preparation
    if (
        preparation is None
        or preparation.signer_id != signer_id
        or preparation.prepared_digest != prepared_digest
        or preparation.base_digest != envelope.current_digest
    ):
        raise _stale()
    prepared = _restore(kit, preparation, _credential_of(kit, signer))
    signed = kit.credentials.finish(prepared, signature_value)
    return store_signature(kit, actor, envelope_id, preparation, signed, kit.files.put(signed.file))


def _open_for(envelope: Envelope, signer_id: str, now: datetime) -> Envelope:
    """The envelope, if this signer may act in it now."""
    signer = envelope.signer(signer_id)
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


def _lease(envelope: Envelope, signer_id: str, now: datetime) -> Envelope:
    if envelope.is_leased_by_another(signer_id, now):
        raise _busy()
    if envelope.signer(signer_id).status is not SignerStatus.CONSENTED:
        raise WrongState(
            "not-ready",
            "The steps before signing are not complete.",
            "Confirm who you are and accept the disclosure first.",
        )
    return replace(envelope, lease_holder=signer_id, lease_until=now + LEASE)


def _require_initials(signer: Signer, initialled: tuple[str, ...]) -> None:
    if sorted(initialled) != sorted(signer.asked_initials):
        missing = sorted(set(signer.asked_initials) - set(initialled))
        raise InvalidInput(
            "initials-missing",
            f"{len(missing)} clauses still wait for your initials: {', '.join(missing)}.",
            "Initial every clause that asks for it.",
        )


def _busy() -> WrongState:
    return WrongState(
        "envelope-busy",
        "Another person is signing this agreement at this moment.",
        "Try again in a few seconds; nothing you entered is lost.",
        retryable=True,
    )


def _stale() -> WrongState:
    return WrongState(
        "stale-base",
        "The agreement moved on while you were signing.",
        "Sign again; nothing you entered is lost.",
        retryable=True,
    )


def _consent(disclosure: Disclosure, now: datetime) -> Consent:
    return Consent(disclosure.version, disclosure.digest, now)


def _subject(signer: Signer, key_held_by: KeyHeldBy) -> CredentialSubject:
    return CredentialSubject(
        name=signer.name,
        capacity=signer.capacity,
        email=signer.email,
        country=signer.country,
        identity_checks=signer.identity_checks,
        key_held_by=key_held_by,
    )


def _credential_of(kit: Toolkit, signer: Signer) -> IssuedCredential:
    if signer.credential is None:
        raise WrongState("no-credential", "There is no key for this signature yet.", "Start signing again.")
    known = signer.credential
    return IssuedCredential(kit.files.get(known.certificate_digest), known.serial, known.valid_until)


def _request(
    signer: Signer,
    credential: IssuedCredential,
    adoption: Adoption,
    initialled: tuple[str, ...],
    now: datetime,
) -> SignatureRequest:
    assert signer.credential is not None
    initials = initials_of(signer.name)
    count = len(initialled)
    return SignatureRequest(
        field=signature_field(signer.role),
        appearance=Appearance(
            signer_name=signer.name,
            capacity=signer.capacity,
            signed_at=now,
            key_held_by=signer.credential.key_held_by,
            identity="; ".join(signer.identity_checks) or "none recorded",
            initialled=f"{count} {'clause' if count == 1 else 'clauses'}" if count else "not asked for",
            style=adoption.style,
            picture=adoption.picture,
        ),
        initials=tuple((initials_field(signer.role, family), initials) for family in initialled),
        reason=f"I sign as {signer.capacity}",
    )


def initials_of(name: str) -> str:
    """The initials of a name: "Liza Santos" -> "LS"; at most INITIALS_LENGTH letters."""
    letters = [word[0].upper() for word in name.split() if word[0].isalpha()]
    if not letters:
        raise InvalidInput(
            "initials-impossible", f"No initials can be made of \u201c{name}\u201d.", "Enter a name."
        )
    return "".join(letters[:INITIALS_LENGTH])


def _preparation(
    prepared: PreparedSignature,
    signer_id: str,
    base: str,
    digest: str,
    now: datetime,
    initialled: tuple[str, ...],
    adoption: Adoption,
) -> Preparation:
    return Preparation(
        signer_id=signer_id,
        base_digest=base,
        prepared_digest=digest,
        signed_attributes=prepared.signed_attributes.hex(),
        document_digest=prepared.document_digest.hex(),
        base_length=prepared.base_length,
        contents_offset=prepared.contents_offset,
        contents_length=prepared.contents_length,
        field=prepared.field,
        signed_at=now,
        initialled=initialled,
        kind=adoption.kind,
    )


def _restore(kit: Toolkit, preparation: Preparation, credential: IssuedCredential) -> PreparedSignature:
    return PreparedSignature(
        file=kit.files.get(preparation.prepared_digest),
        base_length=preparation.base_length,
        signed_attributes=bytes.fromhex(preparation.signed_attributes),
        document_digest=bytes.fromhex(preparation.document_digest),
        certificate=credential.certificate,
        field=preparation.field,
        contents_offset=preparation.contents_offset,
        contents_length=preparation.contents_length,
    )
