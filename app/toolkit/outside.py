"""What reaches outside the database: the clock, keys and signatures, mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.domain.keys import AuthorityState, KeyChange, Revocation, RevocationReason, TrustMaterial
from app.domain.message import Message
from app.domain.signature import (
    CredentialSubject,
    IssuedCredential,
    KeyState,
    PreparedSignature,
    SignatureRequest,
    SignedFile,
)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware UTC."""
        ...


class Credentials(Protocol):
    """The organisation's keys and what can be done with them (class SigningOffice)."""

    def check(self) -> Sequence[KeyState]:
        """What is in use: root, issuing, seal, timestamp."""
        ...

    def every_key(self) -> Sequence[KeyState]:
        """What is in use and what was."""
        ...

    def require_ready(self, until: datetime) -> None:
        """Raises KeysUnavailable unless certificates good until then can be issued, and all be signed."""
        ...

    def check_authorities(self) -> Sequence[AuthorityState]:
        """Every timestamp authority, asked now."""
        ...

    def rotate(self, purpose: str, root_folder: Path | None = None) -> Sequence[KeyChange]: ...

    def revoke(
        self, certificate: bytes, reason: RevocationReason, root_folder: Path | None = None
    ) -> Revocation: ...

    def find_certificate(self, wanted: str) -> bytes:
        """DER of a key's certificate by name or serial number. Raises NotFound or InvalidInput."""
        ...

    def revoked_serials(self) -> frozenset[int]: ...

    def root_certificate(self) -> bytes: ...

    def certificate_chain(self) -> Mapping[str, bytes]: ...

    def crls(self) -> Mapping[str, bytes]:
        """DER of the revocation lists by the name of their authority."""
        ...

    def trust(self) -> TrustMaterial: ...

    def issue(
        self, public_key: bytes, subject: CredentialSubject, valid_until: datetime
    ) -> IssuedCredential: ...

    def certify(self, pdf: bytes) -> SignedFile: ...

    def prepare(
        self, pdf: bytes, request: SignatureRequest, credential: IssuedCredential
    ) -> PreparedSignature: ...

    def finish(self, prepared: PreparedSignature, signature_value: bytes) -> SignedFile: ...

    def archive(self, pdf: bytes) -> SignedFile: ...

    def proof_ends(self, pdf: bytes) -> datetime:
        """Until when an archived file proves itself."""
        ...

    def seal_document(self, pdf: bytes) -> SignedFile: ...

    def timestamp(self, data: bytes) -> bytes: ...

    def sign_checkpoint(self, note: bytes) -> bytes: ...

    def log_public_key(self) -> bytes: ...


class Mailer(Protocol):
    """Hands a message over: to a server or to the outbox folder."""

    is_trial: bool  # the outbox: link and code lie on the sender's own disk

    def hand_over(self, message: Message, attachments: Mapping[str, bytes]) -> None:
        """`attachments`: name -> bytes. Raises DeliveryFailed (retryable or not)."""
        ...
