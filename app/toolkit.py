"""The Toolkit: everything with state that services need, as Protocols and one frozen dataclass.

*Import what is a function, pass what has state.* `create_app` and the start of the command
line build the only Toolkits; tests build theirs from the same real parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from app.domain.access_link import AccessLink, LinkPurpose, OneTimeCode
from app.domain.account import Account, WebSession
from app.domain.agreement import Agreement
from app.domain.audit import AuditEvent, AuditLeaf, Checkpoint, PersonalValue
from app.domain.audit_check import StoredLeaf
from app.domain.change_request import ChangeRequest
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.envelope import Envelope
from app.domain.identity_channel import IdentityChannel
from app.domain.job import Job, NewJob
from app.domain.keys import AuthorityState, KeyChange, Revocation, RevocationReason, TrustMaterial
from app.domain.listing import Listing, Standing
from app.domain.listing_query import ListQuery, Reader, SortBy
from app.domain.message import Message
from app.domain.person import Person
from app.domain.review import SignOff
from app.domain.signature import (
    CredentialSubject,
    IssuedCredential,
    KeyState,
    PreparedSignature,
    SignatureRequest,
    SignedFile,
)
from app.domain.signing_progress import SigningProgress
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

    def of_ids(self, agreement_ids: Sequence[str]) -> Sequence[Agreement]:
        """Those that exist, in no order."""
        ...

    def save_clauses(self, agreement: Agreement) -> bool:
        """Store `clause_versions` only, without an event; False if somebody saved in between."""
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

    def save_result(self, envelope: Envelope) -> Envelope:
        """Store where results lie (sealed file, certificate of completion).

        Their event is the agreement's, saved in the same unit of work.
        """
        ...

    def of_ids(self, envelope_ids: Sequence[str]) -> Sequence[Envelope]:
        """Those that exist, in no order."""
        ...

    def of_agreement(self, agreement_id: str) -> Sequence[Envelope]:
        """Oldest first."""
        ...

    def out(self) -> Sequence[Envelope]:
        """All envelopes that are OUT or PAUSED: what the sweep looks at."""
        ...


class Listings(Protocol):
    """The list of agreements; kept up to date by saving agreements, envelopes and messages."""

    def get(self, agreement_id: str) -> Listing:
        """Raises NotFound."""
        ...

    def page(self, query: ListQuery, sort: SortBy, limit: int, offset: int = 0) -> Sequence[Listing]: ...

    def find(
        self, query: ListQuery, sort: SortBy, limit: int, offset: int = 0
    ) -> tuple[Sequence[Listing], int]:
        """A page, and how many there are in all."""
        ...

    def first(
        self, reader: Reader, standings: frozenset[Standing], sort: SortBy, limit: int
    ) -> Sequence[Listing]:
        """The first of those that stand so, as fast with many as with few."""
        ...

    def tally(self, reader: Reader) -> Mapping[Standing, int]:
        """How many agreements stand how for this reader."""
        ...

    def count(self, query: ListQuery) -> int: ...

    def count_by_email(self, emails: Iterable[str]) -> Mapping[str, int]:
        """E-mail -> how many agreements name it as that of a signer."""
        ...

    def countries(self) -> Sequence[str]:
        """The countries of Assistants in any agreement."""
        ...

    def maybe_signed_off(self, limit: int) -> Sequence[str]:
        """Agreements with the lawyer, each clause of which some lawyer approved."""
        ...

    def outdated(self, digests: Iterable[str], limit: int) -> Sequence[str]:
        """Agreements before sending whose clauses are unknown, or not all among `digests`."""
        ...


class ClauseVersions(Protocol):
    def add_missing(self, clauses: Iterable[Clause], at: datetime) -> Sequence[str]:
        """Take clause versions in; those already known by digest stay. Returns the new ids."""
        ...

    def source(self, digest: str) -> str:
        """The source text of a clause version, byte for byte. Raises NotFound."""
        ...

    def digests_of(self, clause_id: str) -> Sequence[str]:
        """The digests of all versions of a clause, oldest first."""
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

    def extend(self, job: Job, until: datetime) -> bool:
        """Lease a long job further. False if the lease was lost: stop working on it."""
        ...

    def finish(self, job: Job) -> None:
        """Done. Does nothing if the lease was lost to another worker (fencing by `tries`)."""
        ...

    def fail(self, job: Job, error: str, retry_at: datetime | None) -> None:
        """Try again at `retry_at`, or give up (dead) for None."""
        ...

    def revive(self, job_id: int, at: datetime) -> bool:
        """Give a dead job all its tries again. False if there is no dead job with this id."""
        ...

    def dead(self) -> Sequence[Job]: ...

    def waiting(self) -> Sequence[Job]: ...


class AuditLog(Protocol):
    """The one writer of the log. Events of saved aggregates come here by their repositories."""

    def append(self, event: AuditEvent) -> AuditLeaf: ...

    def size(self) -> int: ...

    def leaves(self, start: int = 0, end: int | None = None) -> Sequence[AuditLeaf]: ...

    def leaf_hashes(self) -> Sequence[bytes]: ...

    def stored_leaves(self) -> Sequence[StoredLeaf]:
        """Every row as it stands, readable or not, for `audit_check.verify_log`."""
        ...

    def of_agreement(self, agreement_id: str) -> Sequence[AuditLeaf]: ...

    def opened(self, sequences: Iterable[int]) -> Mapping[int, Sequence[PersonalValue]]:
        """The personal values that still exist, by sequence."""
        ...

    def erase_personal(self, sequences: Iterable[int], event: AuditEvent) -> int:
        """Delete the personal values of these events, log `event`, say how many values went."""
        ...

    def add_checkpoint(self, checkpoint: Checkpoint) -> None: ...

    def latest_checkpoint(self) -> Checkpoint | None: ...

    def checkpoints(self) -> Sequence[Checkpoint]: ...


class Accounts(Protocol):
    def get(self, account_id: str) -> Account:
        """Raises NotFound."""
        ...

    def by_email(self, email: str) -> Account | None: ...

    def by_session_key(self, session_key: str) -> Account | None: ...

    def add(self, account: Account, event: AuditEvent) -> None:
        """Raises InvalidInput `account-exists` for an e-mail that has one."""
        ...

    def save(self, account: Account, event: AuditEvent | None) -> None:
        """An event for what concerns rights and secrets; None for bookkeeping (last sign-in)."""
        ...

    def list(self) -> Sequence[Account]: ...


class Sessions(Protocol):
    def get(self, key_digest: str) -> WebSession | None: ...

    def save(self, session: WebSession) -> None:
        """Add or replace."""
        ...

    def end(self, key_digest: str) -> None: ...

    def end_all(self, account_id: str, *, keep: str = "") -> None:
        """End the sessions of an account, but the one with the digest `keep`."""
        ...

    def delete_seen_before(self, moment: datetime) -> None: ...


class People(Protocol):
    def get(self, person_id: str) -> Person:
        """Raises NotFound."""
        ...

    def add(self, person: Person, event: AuditEvent) -> None: ...

    def save(self, person: Person, event: AuditEvent) -> None: ...

    def of_ids(self, person_ids: Sequence[str]) -> Sequence[Person]:
        """Those that exist, archived ones too, in no order."""
        ...

    def list(self) -> Sequence[Person]:
        """By name, without the archived."""
        ...


class AccessLinks(Protocol):
    def add(self, link: AccessLink) -> None: ...

    def by_token_digest(self, token_digest: str) -> AccessLink | None: ...

    def get(self, link_id: str) -> AccessLink:
        """Raises NotFound."""
        ...

    def save(self, link: AccessLink) -> None: ...

    def revoke(self, purpose: LinkPurpose, subject: str, at: datetime) -> int:
        """Revoke every valid link of this purpose to this subject; how many there were."""
        ...


class OneTimeCodes(Protocol):
    def add(self, code: OneTimeCode) -> None: ...

    def get(self, code_id: str) -> OneTimeCode:
        """Raises NotFound."""
        ...

    def latest(self, link_id: str, session_digest: str) -> OneTimeCode | None: ...

    def count_since(self, link_id: str, moment: datetime) -> int:
        """How many codes were asked for with this link since then."""
        ...

    def save(self, code: OneTimeCode) -> None: ...


class IdentityChannels(Protocol):
    """The second way of signers to show who they are; none stored means the usual one."""

    def get(self, envelope_id: str, signer_id: str) -> IdentityChannel: ...

    def save(self, channel: IdentityChannel) -> None:
        """Add or replace."""
        ...

    def count_try(self, channel: IdentityChannel) -> int:
        """Count a wrong access code; how many there are now."""
        ...


class ChangeRequests(Protocol):
    def add(self, request: ChangeRequest) -> None: ...

    def get(self, request_id: str) -> ChangeRequest:
        """Raises NotFound."""
        ...

    def save(self, request: ChangeRequest) -> None: ...

    def of_envelope(self, envelope_id: str) -> Sequence[ChangeRequest]:
        """Oldest first."""
        ...


class LoginAttempts(Protocol):
    """Failed and successful sign-ins, for throttling. `key`: a digest of account and address."""

    def add(self, key: str, at: datetime, *, succeeded: bool) -> None: ...

    def failures_since(self, key: str, moment: datetime) -> int:
        """Failures since then and since the last success."""
        ...


class SigningProgresses(Protocol):
    """How far signers got before signing; it binds nobody and has no event."""

    def get(self, envelope_id: str, signer_id: str) -> SigningProgress:
        """An empty one for a signer who has done nothing yet."""
        ...

    def save(self, progress: SigningProgress) -> None:
        """Add or replace."""
        ...


class Settings(Protocol):
    """Small facts about the installation: the business, the mode, the number prefix."""

    def get(self, name: str, default: str = "") -> str: ...

    def set(self, name: str, value: str, event: AuditEvent) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. It commits when the `with` block ends well, else nothing of it remains."""

    @property
    def agreements(self) -> Agreements: ...

    @property
    def envelopes(self) -> Envelopes: ...

    @property
    def listing(self) -> Listings: ...

    @property
    def clause_versions(self) -> ClauseVersions: ...

    @property
    def sign_offs(self) -> SignOffs: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def audit(self) -> AuditLog: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def people(self) -> People: ...

    @property
    def access_links(self) -> AccessLinks: ...

    @property
    def one_time_codes(self) -> OneTimeCodes: ...

    @property
    def identity_channels(self) -> IdentityChannels: ...

    @property
    def change_requests(self) -> ChangeRequests: ...

    @property
    def login_attempts(self) -> LoginAttempts: ...

    @property
    def signing_progress(self) -> SigningProgresses: ...


class UnitOfWorkFactory(Protocol):
    def __call__(self, *, read_only: bool = False) -> AbstractContextManager[UnitOfWork]:
        """`read_only`: a snapshot that waits for nobody and in which nothing can be written."""
        ...


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
