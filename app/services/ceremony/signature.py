"""The signature: prepared on the newest file under a short lease, then made current.

The lease keeps two signers from building on the same bytes; whoever comes second prepares
again on the new file and signs with the same key (design: one agreement's path).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.actor import Actor
from app.domain.agreement_text import initials_field, signature_field
from app.domain.envelope import Envelope, Preparation, Signer
from app.domain.errors import InvalidInput, StorageFailed, WrongState
from app.domain.signature import Appearance, IssuedCredential, PreparedSignature, SignatureRequest
from app.domain.signing_progress import ITALIC
from app.domain.workflow import SignerStatus
from app.services.ceremony.credential import credential_of
from app.services.ceremony.steps import busy, open_for
from app.services.sealing import store_signature
from app.toolkit import Toolkit

LEASE = timedelta(seconds=20)
INITIALS_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Adoption:
    """How a signer wants the signature to look. `picture`: PNG, already re-encoded."""

    kind: str  # typed, drawn or uploaded
    style: str = ITALIC
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class PreparedView:
    """What the signer's device needs to check and to sign."""

    prepared_digest: str
    file: bytes
    base_length: int
    signed_attributes: bytes
    document_digest: bytes


def prepare_adopted(
    kit: Toolkit, actor: Actor, envelope_id: str, signer_id: str, public_key_digest: str = ""
) -> PreparedView:
    """Prepare with the initials and the signature that the signer gave on the pages.

    public_key_digest: SHA-256 hex of the key that is going to sign; another one in the credential
    means that a second page made a key since: WrongState `key-superseded` (retryable).
    """
    with kit.unit_of_work(read_only=True) as unit:
        envelope = unit.envelopes.get(envelope_id)
        progress = unit.signing_progress.get(envelope_id, signer_id)
    open_for(envelope, signer_id, kit.clock.now())
    if not progress.has_signature or not progress.displayed_digest:
        raise WrongState(
            "not-ready", "You have not read the agreement and chosen a signature yet.", "Go back and do it."
        )
    displayed = kit.files.get(progress.displayed_digest)
    if not kit.files.get(envelope.current_digest).startswith(displayed):
        raise StorageFailed(
            "not-what-was-shown",
            "The file to be signed does not begin with the pages that you were shown.",
            "Nothing was signed. Tell the sender.",
        )
    picture = kit.files.get(progress.picture_digest) if progress.picture_digest else None
    adoption = Adoption(progress.kind, progress.style, picture)
    return prepare_signature(
        kit, actor, envelope_id, signer_id, adoption, progress.initialled, public_key_digest
    )


def prepare_signature(
    kit: Toolkit,
    actor: Actor,
    envelope_id: str,
    signer_id: str,
    adoption: Adoption,
    initialled: tuple[str, ...],
    public_key_digest: str = "",
) -> PreparedView:
    """Build the incremental update that waits for the signature value, and lease the envelope.

    `initialled`: the families that the signer initialled; all that ask for it are needed.
    Raises WrongState (retryable) while another signer holds the lease.
    """
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        envelope = _lease(open_for(unit.envelopes.get(envelope_id), signer_id, now), signer_id, now)
        envelope = unit.envelopes.save_lease(envelope)
    signer = envelope.signer(signer_id)
    _require_key(signer, public_key_digest)
    _require_initials(signer, initialled)
    credential = credential_of(kit, signer)
    request = _request(signer, credential, adoption, initialled, now)
    prepared = kit.credentials.prepare(kit.files.get(envelope.current_digest), request, credential)
    digest = kit.files.put(prepared.file)
    preparation = _preparation(
        prepared, signer_id, envelope.current_digest, digest, now, initialled, adoption
    )
    with kit.unit_of_work() as unit:
        current = unit.envelopes.get(envelope_id)
        if current.lease_holder != signer_id or current.current_digest != preparation.base_digest:
            raise busy()
        if current.signer(signer_id).credential != signer.credential:
            # A second page of this signer made a key meanwhile; the file names the first one's.
            raise _superseded()
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
    open_for(envelope, signer_id, kit.clock.now())
    preparation = envelope.preparation
    if (
        preparation is None
        or preparation.signer_id != signer_id
        or preparation.prepared_digest != prepared_digest
        or preparation.base_digest != envelope.current_digest
    ):
        raise _stale()
    prepared = _restore(kit, preparation, credential_of(kit, signer))
    signed = kit.credentials.finish(prepared, signature_value)
    return store_signature(kit, actor, envelope_id, preparation, signed, kit.files.put(signed.file))


def _lease(envelope: Envelope, signer_id: str, now: datetime) -> Envelope:
    if envelope.is_leased_by_another(signer_id, now):
        raise busy()
    if envelope.signer(signer_id).status is not SignerStatus.CONSENTED:
        raise WrongState(
            "not-ready",
            "The steps before signing are not complete.",
            "Confirm who you are and accept the disclosure first.",
        )
    return replace(envelope, lease_holder=signer_id, lease_until=now + LEASE)


def _require_key(signer: Signer, public_key_digest: str) -> None:
    """The credential is for the key that is going to sign; "" where the caller has no other key."""
    known = signer.credential
    if public_key_digest and (known is None or known.public_key_digest != public_key_digest):
        raise _superseded()


def _require_initials(signer: Signer, initialled: tuple[str, ...]) -> None:
    if sorted(initialled) != sorted(signer.asked_initials):
        missing = sorted(set(signer.asked_initials) - set(initialled))
        raise InvalidInput(
            "initials-missing",
            f"{len(missing)} clauses still wait for your initials: {', '.join(missing)}.",
            "Initial every clause that asks for it.",
        )


def _superseded() -> WrongState:
    return WrongState(
        "key-superseded",
        "Another page made a key for this signature.",
        "Sign again; nothing you entered is lost.",
        retryable=True,
    )


def _stale() -> WrongState:
    return WrongState(
        "stale-base",
        "The agreement moved on while you were signing.",
        "Sign again; nothing you entered is lost.",
        retryable=True,
    )


def _request(
    signer: Signer,
    credential: IssuedCredential,
    adoption: Adoption,
    initialled: tuple[str, ...],
    now: datetime,
) -> SignatureRequest:
    assert signer.credential is not None
    initials = initials_of(signer.name) if initialled else ""
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
