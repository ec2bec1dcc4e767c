"""The signing office: the organisation's keys, open, and everything that is done with them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from app.domain.errors import KeysUnavailable, SigningFailed
from app.domain.keys import AuthorityState
from app.domain.signature import (
    SEAL_FIELD,
    CredentialSubject,
    IssuedCredential,
    Level,
    PreparedSignature,
    SignatureRequest,
    SignedFile,
)
from app.signing import credential as credentials
from app.signing.archive import archive_file, proof_ends
from app.signing.certificate import der_of
from app.signing.certification import certify_file
from app.signing.completion import complete_signature
from app.signing.key_desk import KeyDesk
from app.signing.key_making import create_organisation
from app.signing.open_keys import OpenKeys
from app.signing.organisation import Organisation
from app.signing.own_archive import check_archive
from app.signing.own_revision import check_revision
from app.signing.pades import Completed
from app.signing.preparation import prepare_signature
from app.signing.timestamp import (
    Clock,
    LocalClock,
    SystemClock,
    TimestampAuthority,
    stamp_with_first,
    try_authority,
)
from app.signing.writer import reading_file

SYSTEM_CLOCK = SystemClock()


class SigningOffice(KeyDesk):
    """Issues credentials, seals, signs, archives; replaces and revokes keys. Shared between threads.

    Methods raise KeysUnavailable, InvalidInput, SigningFailed and TimestampUnavailable; what they
    return has been checked. Nothing is signed with a key that expired or was revoked.
    """

    def __init__(
        self,
        keys: OpenKeys,
        *,
        clock: Clock = SYSTEM_CLOCK,
        timestamp_authorities: Sequence[TimestampAuthority] = (),
        timestamp_roots: Sequence[bytes] = (),
        trust_url: str = "",
    ) -> None:
        """timestamp_authorities: in the order they are asked; none: the built-in "local clock".

        timestamp_roots: DER of CAs believed for timestamps, also of authorities asked no longer.
        trust_url: below which lists and certificates of our authorities are published, or "".
        """
        self._external = tuple(timestamp_authorities)
        asked = sorted({der_of(one) for authority in self._external for one in authority.trusted})
        super().__init__(keys, clock, tuple(dict.fromkeys((*timestamp_roots, *asked))))
        self._trust_url = trust_url

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
        trust_url: str = "",
    ) -> SigningOffice:
        """First start: make the organisation's keys in `directory`; refuses if there are any."""
        create_organisation(directory, passphrase, organisation, country, now, trust_url)
        return cls.open(
            directory,
            passphrase,
            clock=clock,
            timestamp_authorities=timestamp_authorities,
            trust_url=trust_url,
        )

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
        timestamp_roots: Sequence[bytes] = (),
        trust_url: str = "",
        even_unusable: bool = False,
    ) -> SigningOffice:
        """Open existing keys. Raises KeysUnavailable: missing, wrong passphrase, expired, revoked.

        even_unusable: also where an expired or revoked one is in use, so that it can be replaced.
        """
        keys = OpenKeys(directory, passphrase, clock, trust_url=trust_url, even_unusable=even_unusable)
        return cls(
            keys,
            clock=clock,
            timestamp_authorities=timestamp_authorities,
            timestamp_roots=timestamp_roots,
            trust_url=trust_url,
        )

    def check_authorities(self) -> tuple[AuthorityState, ...]:
        """Ask every timestamp authority once."""
        return tuple(try_authority(one, self._clock) for one in self._authorities(self._keys.now()))

    def issue(self, public_key: bytes, subject: CredentialSubject, valid_until: datetime) -> IssuedCredential:
        """A one-time credential for a P-256 key given as DER SubjectPublicKeyInfo."""
        held = self._usable("issuing")
        published = f"{self._trust_url}/{held.present['issuing']}" if self._trust_url else ""
        return credentials.issue(held, public_key, subject, self._clock.now(), valid_until, published)

    def certify(self, pdf: bytes) -> SignedFile:
        """The organisation's seal as first signature: from here only incremental updates follow."""
        held = self._usable("seal")
        with reading_file():
            completed = certify_file(pdf, held, self._authorities(held), self._clock.now())
        self._check(held, memoryview(pdf), completed, SEAL_FIELD, certifying=True)
        return _signed(completed, Level.B_T)

    def prepare(
        self, pdf: bytes, request: SignatureRequest, credential: IssuedCredential
    ) -> PreparedSignature:
        """The next revision, complete but for the signature value. Changes nothing anywhere."""
        held = self._keys.now()
        issuing = self._issuer_of(held, credential.certificate)
        size = max(authority.token_size for authority in self._authorities(held))
        with reading_file():
            return prepare_signature(pdf, request, credential, issuing, size)

    def finish(self, prepared: PreparedSignature, signature_value: bytes) -> SignedFile:
        """Embed the signature value (DER ECDSA or r || s) and its timestamp; checked, fail closed."""
        held = self._keys.now()
        issuing = self._issuer_of(held, prepared.certificate)
        completed = complete_signature(prepared, signature_value, issuing, self._authorities(held))
        base = memoryview(prepared.file)[: prepared.base_length]
        self._check(held, base, completed, prepared.field)
        return _signed(completed, Level.B_T)

    def archive(self, pdf: bytes) -> SignedFile:
        """Validation data and a document timestamp: level B-LTA or an error, never less."""
        held = self._keys.now()
        believed = [x509.load_der_x509_certificate(root) for root in self._timestamp_roots]
        with reading_file():
            archived = archive_file(
                pdf, held, self._authorities(held), self._clock.now(), also_trusted=believed
            )
        root = der_of(held.root)
        check_archive(pdf, archived.completed.file, archived.anchors, root, self._clock.now())
        return _signed(archived.completed, Level.B_LTA)

    def proof_ends(self, pdf: bytes) -> datetime:
        """Until when an archived file proves itself; a new `archive` of it before that goes on."""
        with reading_file():
            return proof_ends(pdf)

    def seal_document(self, pdf: bytes) -> SignedFile:
        """Certify and archive a document of our own, such as a certificate of completion."""
        return self.archive(self.certify(pdf).file)

    def timestamp(self, data: bytes) -> bytes:
        """DER of an RFC 3161 token over the SHA-256 of `data`."""
        authorities = self._authorities(self._keys.now())
        return stamp_with_first(authorities, hashlib.sha256(data).digest()).der

    def _authorities(self, held: Organisation) -> tuple[TimestampAuthority, ...]:
        if self._external:
            return self._external
        self._usable("timestamp")
        return (LocalClock(held.timestamp, held.root, self._clock),)

    def _issuer_of(self, held: Organisation, certificate: bytes) -> x509.Certificate:
        """Whoever of us issued a one-time certificate, which must be good still."""
        loaded = credentials.load(certificate)
        if not any(authority.issued(loaded) for authority in held.issuers):
            raise SigningFailed(
                "credential_foreign",
                "The signer's certificate was not issued here.",
                "Prepare the signature again.",
            )
        problem = held.problem_of(loaded, self._clock.now())
        if problem:
            raise KeysUnavailable(
                "credential_unusable",
                f"Nothing can be signed with this certificate: {problem}.",
                "Reload the page to begin this signature anew; the other entries stay.",
            )
        return held.issuer_of(loaded).certificate

    def _check(
        self,
        held: Organisation,
        base: memoryview,
        completed: Completed,
        field: str,
        *,
        certifying: bool = False,
    ) -> None:
        trusted = (*(root.certificate for root in held.roots), completed.token.anchor)
        check_revision(base, completed.file, field, trusted, self._clock.now(), certifying=certifying)


def _signed(completed: Completed, level: Level) -> SignedFile:
    return SignedFile(completed.file, level, completed.token.at, completed.token.authority)
