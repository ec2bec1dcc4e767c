"""The signing office: the organisation's keys, open, and everything that is done with them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.signature import (
    SEAL_FIELD,
    CredentialSubject,
    IssuedCredential,
    KeyState,
    Level,
    PreparedSignature,
    SignatureRequest,
    SignedFile,
)
from app.signing import credential as credentials
from app.signing.archive import archive_file
from app.signing.certificate import der_of
from app.signing.certification import certify_file
from app.signing.completion import complete_signature
from app.signing.organisation import Organisation, create_organisation, open_organisation
from app.signing.own_archive import check_archive
from app.signing.own_revision import check_revision
from app.signing.pades import Completed
from app.signing.preparation import prepare_signature
from app.signing.revocation import issue_crl
from app.signing.timestamp import Clock, LocalClock, SystemClock, TimestampAuthority, stamp_with_first
from app.signing.writer import reading_file

SYSTEM_CLOCK = SystemClock()


class SigningOffice:
    """Issues credentials, seals, signs, archives. Safe to share between threads: it keeps no state.

    Methods raise KeysUnavailable, InvalidInput, SigningFailed and TimestampUnavailable; what they
    return has been checked.
    """

    def __init__(
        self,
        organisation: Organisation,
        *,
        clock: Clock = SYSTEM_CLOCK,
        timestamp_authorities: Sequence[TimestampAuthority] = (),
        crl_url: str = "",
    ) -> None:
        """timestamp_authorities: in the order they are asked; none: the built-in "local clock".

        crl_url: where the issuing authority's revocation list is published, or "".
        """
        self._organisation = organisation
        self._clock = clock
        self._crl_url = crl_url
        local = LocalClock(organisation.timestamp, organisation.root, clock)
        self._authorities = tuple(timestamp_authorities) or (local,)
        self._token_size = max(authority.token_size for authority in self._authorities)

    @classmethod
    def create(
        cls,
        directory: Path,
        passphrase: bytes,
        organisation: str,
        country: str,
        now: datetime,
        *,
        clock: Clock = SYSTEM_CLOCK,
        timestamp_authorities: Sequence[TimestampAuthority] = (),
        crl_url: str = "",
    ) -> SigningOffice:
        """First start: make the organisation's keys in `directory`; refuses if there are any."""
        create_organisation(directory, passphrase, organisation, country, now)
        opened = open_organisation(directory, passphrase, now)
        return cls(opened, clock=clock, timestamp_authorities=timestamp_authorities, crl_url=crl_url)

    @staticmethod
    def exists(directory: Path) -> bool:
        """Whether there are keys in `directory`, usable or not."""
        return directory.exists() and any(directory.iterdir())

    @classmethod
    def open(
        cls,
        directory: Path,
        passphrase: bytes,
        *,
        clock: Clock = SYSTEM_CLOCK,
        timestamp_authorities: Sequence[TimestampAuthority] = (),
        crl_url: str = "",
    ) -> SigningOffice:
        """Open existing keys. Raises KeysUnavailable: missing, wrong passphrase, expired."""
        opened = open_organisation(directory, passphrase, clock.now())
        return cls(opened, clock=clock, timestamp_authorities=timestamp_authorities, crl_url=crl_url)

    def check(self) -> tuple[KeyState, ...]:
        """The state of root, issuing, seal and timestamp certificate now."""
        return self._organisation.key_states(self._clock.now())

    def root_certificate(self) -> bytes:
        """DER of the root, which is what others have to trust."""
        return der_of(self._organisation.root)

    def certificate_chain(self) -> Mapping[str, bytes]:
        """DER by name: root, issuing, seal, timestamp."""
        return {name: der_of(held) for name, held in self._organisation.certificates().items()}

    def crls(self) -> Mapping[str, bytes]:
        """DER of the current revocation lists by the name of their issuer: root, issuing."""
        return {
            "root": self._organisation.root_crl,
            "issuing": issue_crl(self._organisation.issuing, self._clock.now()),
        }

    def issue(self, public_key: bytes, subject: CredentialSubject, valid_until: datetime) -> IssuedCredential:
        """A one-time credential for a P-256 key given as DER SubjectPublicKeyInfo."""
        return credentials.issue(
            self._organisation, public_key, subject, self._clock.now(), valid_until, self._crl_url
        )

    def certify(self, pdf: bytes) -> SignedFile:
        """The organisation's seal as first signature: from here only incremental updates follow."""
        now = self._clock.now()
        with reading_file():
            completed = certify_file(pdf, self._organisation, self._authorities, now)
        self._check(memoryview(pdf), completed, SEAL_FIELD, certifying=True)
        return _signed(completed, Level.B_T)

    def prepare(
        self, pdf: bytes, request: SignatureRequest, credential: IssuedCredential
    ) -> PreparedSignature:
        """The next revision, complete but for the signature value. Changes nothing anywhere."""
        issuing = self._organisation.issuing.certificate
        with reading_file():
            return prepare_signature(pdf, request, credential, issuing, self._token_size)

    def finish(self, prepared: PreparedSignature, signature_value: bytes) -> SignedFile:
        """Embed the signature value (DER ECDSA or r || s) and its timestamp; checked, fail closed."""
        issuing = self._organisation.issuing.certificate
        completed = complete_signature(prepared, signature_value, issuing, self._authorities)
        base = memoryview(prepared.file)[: prepared.base_length]
        self._check(base, completed, prepared.field)
        return _signed(completed, Level.B_T)

    def archive(self, pdf: bytes) -> SignedFile:
        """Validation data and a document timestamp: level B-LTA or an error, never less."""
        with reading_file():
            archived = archive_file(pdf, self._organisation, self._authorities, self._clock.now())
        check_archive(
            pdf, archived.completed.file, archived.anchors, self.root_certificate(), self._clock.now()
        )
        return _signed(archived.completed, Level.B_LTA)

    def seal_document(self, pdf: bytes) -> SignedFile:
        """Certify and archive a document of our own, such as a certificate of completion."""
        return self.archive(self.certify(pdf).file)

    def timestamp(self, data: bytes) -> bytes:
        """DER of an RFC 3161 token over the SHA-256 of `data`."""
        return stamp_with_first(self._authorities, hashlib.sha256(data).digest()).der

    def sign_checkpoint(self, note: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of the log key over `note`."""
        return self._organisation.log_key.sign(note)

    def log_public_key(self) -> bytes:
        """The log key's public half, 32 bytes raw."""
        return self._organisation.log_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def _check(self, base: memoryview, completed: Completed, field: str, *, certifying: bool = False) -> None:
        trusted = (self._organisation.root, completed.token.anchor)
        check_revision(base, completed.file, field, trusted, self._clock.now(), certifying=certifying)


def _signed(completed: Completed, level: Level) -> SignedFile:
    return SignedFile(completed.file, level, completed.token.at, completed.token.authority)
