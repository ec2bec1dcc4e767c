"""The signers of an envelope, and their signatures in a table of their own.

Signatures are inserted once; a trigger refuses any change, and a save that would drop or
replace a stored signature (or drop a signer) is refused here with a plain message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from app.domain.envelope import Consent, Envelope, Signature, Signer, SignerCredential
from app.domain.errors import WrongState
from app.domain.signature import KeyHeldBy, Level
from app.domain.workflow import SignerStatus
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    metadata,
    read_json,
    read_optional_time,
    read_time,
    write_json,
    write_optional_time,
    write_time,
)

signers = Table(
    "signers",
    metadata,
    Column("envelope_id", Text, ForeignKey("envelopes.id"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("place", Integer, nullable=False),  # in Envelope.signers
    Column("role", Text, nullable=False),
    Column("side", Text, nullable=False),
    Column("order", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("capacity", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("asked_initials", Text, nullable=False),
    Column("identity_checks", Text, nullable=False),
    Column("consent_text_version", Text, nullable=True),
    Column("consent_text_digest", Text, nullable=True),
    Column("consent_given_at", String(TIME_LENGTH), nullable=True),
    Column("credential", Text, nullable=True),
    Column("declined_reason", Text, nullable=False),
    Column("message", Text, nullable=False, server_default=""),
    Column("invited_at", String(TIME_LENGTH), nullable=True),
    Column("reminded_at", String(TIME_LENGTH), nullable=True),
)

signatures = Table(
    "signatures",
    metadata,
    Column("envelope_id", Text, primary_key=True),
    Column("signer_id", Text, primary_key=True),
    Column("field", Text, nullable=False),
    Column("signed_at", String(TIME_LENGTH), nullable=False),
    Column("timestamped_at", String(TIME_LENGTH), nullable=False),
    Column("timestamp_authority", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("key_held_by", Text, nullable=False),
    Column("credential_serial", Text, nullable=False),
    Column("certificate_digest", Text, nullable=False),
    Column("file_digest", Text, nullable=False),
    Column("initialled", Text, nullable=False),
    Column("kind", Text, nullable=False),
    ForeignKeyConstraint(
        ["envelope_id", "signer_id"], ["signers.envelope_id", "signers.id"], name="fk_signatures_signer"
    ),
)

IN_ONE_QUERY = 500


class SignerRows:
    """Reads and writes the signers of envelopes; called by `EnvelopeRows` only."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_envelopes(self, envelope_ids: Sequence[str]) -> Mapping[str, tuple[Signer, ...]]:
        """Envelope id -> its signers, in their places."""
        found: dict[str, tuple[Signer, ...]] = {}
        for start in range(0, len(envelope_ids), IN_ONE_QUERY):
            some = envelope_ids[start : start + IN_ONE_QUERY]
            signed = self._signatures_of(some)
            query = select(signers).where(signers.c.envelope_id.in_(some))
            ordered = query.order_by(signers.c.envelope_id, signers.c.place)
            for row in self._connection.execute(ordered).mappings():
                signer = _to_signer(row, signed.get((row["envelope_id"], row["id"])))
                found[row["envelope_id"]] = (*found.get(row["envelope_id"], ()), signer)
        return found

    def save(self, envelope: Envelope) -> None:
        """Raises WrongState if a signer or a stored signature would be lost or changed."""
        stored = {signer.id: signer for signer in self.of_envelopes([envelope.id]).get(envelope.id, ())}
        if not stored.keys() <= {signer.id for signer in envelope.signers}:
            raise WrongState(
                "signer-missing",
                "A signer of an envelope cannot be removed, only replaced.",
                "Replace the signer, or void the envelope.",
            )
        for place, signer in enumerate(envelope.signers):
            self._save_one(envelope.id, place, signer, stored.get(signer.id))

    def _save_one(self, envelope_id: str, place: int, signer: Signer, stored: Signer | None) -> None:
        row = _to_row(envelope_id, place, signer)
        if stored is None:
            self._connection.execute(insert(signers).values(row))
        else:
            _check_signature(signer, stored)
            same = (signers.c.envelope_id == envelope_id) & (signers.c.id == signer.id)
            self._connection.execute(update(signers).where(same).values(row))
        if signer.signature is not None and (stored is None or stored.signature is None):
            signature = _signature_row(envelope_id, signer.id, signer.signature)
            self._connection.execute(insert(signatures).values(signature))

    def _signatures_of(self, envelope_ids: Sequence[str]) -> Mapping[tuple[str, str], Signature]:
        query = select(signatures).where(signatures.c.envelope_id.in_(envelope_ids))
        rows = self._connection.execute(query).mappings()
        return {(row["envelope_id"], row["signer_id"]): _to_signature(row) for row in rows}


def _check_signature(signer: Signer, stored: Signer) -> None:
    if stored.signature is not None and signer.signature != stored.signature:
        raise WrongState(
            "already-signed",
            "This signer has signed; a signature is never changed or taken back.",
            "Reload the page to see the present state.",
        )


def _to_row(envelope_id: str, place: int, signer: Signer) -> dict[str, Any]:
    consent = signer.consent
    return {
        "envelope_id": envelope_id,
        "id": signer.id,
        "place": place,
        "role": signer.role,
        "side": signer.side,
        "order": signer.order,
        "name": signer.name,
        "email": signer.email,
        "capacity": signer.capacity,
        "country": signer.country,
        "status": str(signer.status),
        "asked_initials": write_json(signer.asked_initials),
        "identity_checks": write_json(signer.identity_checks),
        "consent_text_version": consent and consent.text_version,
        "consent_text_digest": consent and consent.text_digest,
        "consent_given_at": None if consent is None else write_time(consent.given_at),
        "credential": _credential_json(signer.credential),
        "declined_reason": signer.declined_reason,
        "message": signer.message,
        "invited_at": write_optional_time(signer.invited_at),
        "reminded_at": write_optional_time(signer.reminded_at),
    }


def _to_signer(row: Row, signature: Signature | None) -> Signer:
    return Signer(
        id=row["id"],
        role=row["role"],
        side=row["side"],
        order=row["order"],
        name=row["name"],
        email=row["email"],
        capacity=row["capacity"],
        country=row["country"],
        status=SignerStatus(row["status"]),
        asked_initials=tuple(read_json(row["asked_initials"])),
        identity_checks=tuple(read_json(row["identity_checks"])),
        consent=_to_consent(row),
        credential=_to_credential(row["credential"]),
        signature=signature,
        declined_reason=row["declined_reason"],
        message=row["message"],
        invited_at=read_optional_time(row["invited_at"]),
        reminded_at=read_optional_time(row["reminded_at"]),
    )


def _to_consent(row: Row) -> Consent | None:
    if row["consent_given_at"] is None:
        return None
    return Consent(
        text_version=row["consent_text_version"],
        text_digest=row["consent_text_digest"],
        given_at=read_time(row["consent_given_at"]),
    )


def _credential_json(credential: SignerCredential | None) -> str | None:
    if credential is None:
        return None
    return write_json({**asdict(credential), "valid_until": write_time(credential.valid_until)})


def _to_credential(text: str | None) -> SignerCredential | None:
    if text is None:
        return None
    data = read_json(text)
    read = {"valid_until": read_time(data["valid_until"]), "key_held_by": KeyHeldBy(data["key_held_by"])}
    return SignerCredential(**{**data, **read})


def _signature_row(envelope_id: str, signer_id: str, signature: Signature) -> dict[str, Any]:
    return {
        "envelope_id": envelope_id,
        "signer_id": signer_id,
        "field": signature.field,
        "signed_at": write_time(signature.signed_at),
        "timestamped_at": write_time(signature.timestamped_at),
        "timestamp_authority": signature.timestamp_authority,
        "level": str(signature.level),
        "key_held_by": str(signature.key_held_by),
        "credential_serial": signature.credential_serial,
        "certificate_digest": signature.certificate_digest,
        "file_digest": signature.file_digest,
        "initialled": write_json(signature.initialled),
        "kind": signature.kind,
    }


def _to_signature(row: Row) -> Signature:
    return Signature(
        field=row["field"],
        signed_at=read_time(row["signed_at"]),
        timestamped_at=read_time(row["timestamped_at"]),
        timestamp_authority=row["timestamp_authority"],
        level=Level(row["level"]),
        key_held_by=KeyHeldBy(row["key_held_by"]),
        credential_serial=row["credential_serial"],
        certificate_digest=row["certificate_digest"],
        file_digest=row["file_digest"],
        initialled=tuple(read_json(row["initialled"])),
        kind=row["kind"],
    )
