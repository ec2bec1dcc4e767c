"""The Toolkit: everything with state that services need, as Protocols and one frozen dataclass.

*Import what is a function, pass what has state.* `create_app` and the start of the command
line build the only Toolkits; tests build theirs from the same real parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.agreement import Agreement
from app.domain.audit import AuditEvent, AuditLeaf, Checkpoint, PersonalValue
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.envelope import Envelope
from app.domain.job import Job, NewJob
from app.domain.message import Message
from app.domain.review import SignOff
from app.domain.signature import (
    CredentialSubject,
    IssuedCredential,
    KeyState,
    PreparedSignature,
    SignatureRequest,
    SignedFile,
)
from app.domain.workflow import AgreementStatus


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware UTC."""
        ...


class Agreements(Protocol):
    def get(self, agreement_id: str) -> Agreement:
        """Raises NotFound."""
        ...

    def add(self, agreement: Agreement, event: AuditEvent) -> None:
        """Store a new agreement together with its first event."""
        ...

    def save(self, agreement: Agreement, event: AuditEvent) -> Agreement:
        """Store the change and its event. Raises WrongState if somebody saved in between."""
        ...

    def list(self, status: AgreementStatus | None = None) -> Sequence[Agreement]:
        """Newest first."""
        ...

    def next_number(self, prefix: str, year: int) -> str:
        """The next free number, "LB-2026-014"; never given twice."""
        ...


class Envelopes(Protocol):
    def get(self, envelope_id: str) -> Envelope:
        """Raises NotFound."""
        ...

    def add(self, envelope: Envelope, event: AuditEvent) -> None: ...

    def save(self, envelope: Envelope, event: AuditEvent) -> Envelope:
        """Store the change and its event. Raises WrongState if somebody saved in between."""
        ...

    def save_lease(self, envelope: Envelope) -> Envelope:
        """Store lease_holder, lease_until and preparation: they bind nobody and have no event."""
        ...

    def of_agreement(self, agreement_id: str) -> Sequence[Envelope]:
        """Oldest first."""
        ...

    def out(self) -> Sequence[Envelope]:
        """All envelopes that are OUT or PAUSED: what the sweep looks at."""
        ...


class ClauseVersions(Protocol):
    def add_missing(self, clauses: Iterable[Clause], at: datetime) -> Sequence[str]:
        """Take clause versions in; those already known by digest stay. Returns the new ids."""
        ...

    def source(self, digest: str) -> str:
        """The source text of a clause version, byte for byte. Raises NotFound."""
        ...


class SignOffs(Protocol):
    def add(self, sign_off: SignOff, event: AuditEvent) -> None: ...

    def of_digests(self, digests: Iterable[str]) -> Sequence[SignOff]: ...


class Messages(Protocol):
    def add(self, message: Message) -> None: ...

    def get(self, message_id: str) -> Message:
        """Raises NotFound."""
        ...

    def save(self, message: Message, event: AuditEvent | None = None) -> None: ...

    def of_agreement(self, agreement_id: str) -> Sequence[Message]: ...


class Jobs(Protocol):
    def enqueue(self, job: NewJob, at: datetime) -> None:
        """In the caller's transaction; a known key changes nothing."""
        ...

    def claim(self, at: datetime, lease: timedelta) -> Job | None:
        """Lease the job that is due longest, one try further; None if none is due."""
        ...

    def finish(self, job: Job) -> None:
        """Done. Does nothing if the lease was lost to another worker (fencing by `tries`)."""
        ...

    def fail(self, job: Job, error: str, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or give up (dead) for None."""
        ...

    def dead(self) -> Sequence[Job]: ...

    def waiting(self) -> Sequence[Job]: ...


class AuditLog(Protocol):
    """The one writer of the log. Events of saved aggregates come here by their repositories."""

    def append(self, event: AuditEvent) -> AuditLeaf: ...

    def size(self) -> int: ...

    def leaves(self, start: int = 0, end: int | None = None) -> Sequence[AuditLeaf]: ...

    def leaf_hashes(self) -> Sequence[bytes]: ...

    def of_agreement(self, agreement_id: str) -> Sequence[AuditLeaf]: ...

    def opened(self, sequences: Iterable[int]) -> Mapping[int, Sequence[PersonalValue]]:
        """The personal values that still exist, by sequence."""
        ...

    def add_checkpoint(self, checkpoint: Checkpoint) -> None: ...

    def latest_checkpoint(self) -> Checkpoint | None: ...

    def checkpoints(self) -> Sequence[Checkpoint]: ...


class Settings(Protocol):
    """Small facts about the installation: the business, the mode, the number prefix."""

    def get(self, name: str, default: str = "") -> str: ...

    def set(self, name: str, value: str, event: AuditEvent) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. It commits when the `with` block ends well, else nothing of it remains."""

    agreements: Agreements
    envelopes: Envelopes
    clause_versions: ClauseVersions
    sign_offs: SignOffs
    messages: Messages
    jobs: Jobs
    audit: AuditLog
    settings: Settings


class UnitOfWorkFactory(Protocol):
    def __call__(self) -> AbstractContextManager[UnitOfWork]: ...


class Files(Protocol):
    """Content-addressed and create-only: a file is known by the SHA-256 of its bytes."""

    def put(self, data: bytes) -> str:
        """Store durably (fsync) and return the digest; storing the same bytes again is the same."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes, checked against the digest. Raises NotFound or StorageFailed."""
        ...

    def has(self, digest: str) -> bool: ...


class LibrarySource(Protocol):
    def library(self) -> Library:
        """The clause versions in use now."""
        ...

    def word_frame(self, contract_template: str) -> bytes:
        """The docxtpl frame of a contract template."""
        ...


class Credentials(Protocol):
    """The organisation's keys and what can be done with them (class SigningOffice)."""

    def check(self) -> Sequence[KeyState]: ...

    def root_certificate(self) -> bytes: ...

    def certificate_chain(self) -> Mapping[str, bytes]: ...

    def issue(
        self, public_key: bytes, subject: CredentialSubject, valid_until: datetime
    ) -> IssuedCredential: ...

    def certify(self, pdf: bytes) -> SignedFile: ...

    def prepare(
        self, pdf: bytes, request: SignatureRequest, credential: IssuedCredential
    ) -> PreparedSignature: ...

    def finish(self, prepared: PreparedSignature, signature_value: bytes) -> SignedFile: ...

    def archive(self, pdf: bytes) -> SignedFile: ...

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


@dataclass(frozen=True, slots=True)
class Toolkit:
    """Passed as `kit` to every service."""

    clock: Clock
    unit_of_work: UnitOfWorkFactory
    files: Files
    library: LibrarySource
    credentials: Credentials
    mailer: Mailer
    public_url: str
