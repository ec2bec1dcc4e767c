"""Signers for the tests: a key of their own, a credential, and a signature in two steps."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.signature import (
    Appearance,
    CredentialSubject,
    IssuedCredential,
    KeyHeldBy,
    PreparedSignature,
    SignatureRequest,
    SignedFile,
)
from app.signing.office import SigningOffice

PASSPHRASE = b"correct horse battery staple"
NAMES = {"assistant": "Liza Santos", "client": "Nora Whitlow"}
INITIALS = {"assistant": ("take-home", "credentials")}


@dataclass(frozen=True)
class Signer:
    """One person with a one-time key."""

    role: str
    name: str
    key: EllipticCurvePrivateKey
    credential: IssuedCredential

    @classmethod
    def with_credential(
        cls, office: SigningOffice, role: str, valid_until: datetime, name: str = "", email: str = ""
    ) -> Signer:
        key = generate_ec_key(SECP256R1())
        name = name or NAMES.get(role, f"Signer {role}")
        subject = CredentialSubject(
            name=name,
            capacity="for herself",
            email=email or "liza@example.com",
            country="PH",
            identity_checks=("e-mail link", "one-time code by e-mail"),
            key_held_by=KeyHeldBy.SIGNER_CLIENT,
        )
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return cls(role, name, key, office.issue(public, subject, valid_until))

    def request(self, **changes: object) -> SignatureRequest:
        """changes: fields of Appearance."""
        families = INITIALS.get(self.role, ())
        appearance = Appearance(
            signer_name=self.name,
            capacity="for herself",
            signed_at=datetime.now(UTC),
            key_held_by=KeyHeldBy.SIGNER_CLIENT,
            identity="e-mail link and one-time code",
            initialled="clauses 2, 4" if families else "not asked for",
        )
        return SignatureRequest(
            field=f"signature-{self.role}",
            appearance=replace(appearance, **changes),
            initials=tuple((f"initials.{self.role}.{family}", "LS") for family in families),
            reason=f"I sign as {self.name}, for herself",
        )

    def value(self, prepared: PreparedSignature) -> bytes:
        """The DER ECDSA value over the signed attributes, as the signer's device makes it."""
        return self.key.sign(prepared.signed_attributes, ECDSA(hashes.SHA256()))

    def sign(self, office: SigningOffice, pdf: bytes, **changes: object) -> SignedFile:
        prepared = office.prepare(pdf, self.request(**changes), self.credential)
        return office.finish(prepared, self.value(prepared))
