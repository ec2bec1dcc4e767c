"""The envelope: a frozen PDF and the people who sign it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import Actor
from app.domain.audit import AuditEvent
from app.domain.errors import NotFound
from app.domain.reminder import ReminderPlan
from app.domain.signature import KeyHeldBy, Level
from app.domain.workflow import Action, EnvelopeStatus, SignerStatus, next_step


@dataclass(frozen=True, slots=True)
class Consent:
    """The electronic-records disclosure that a signer accepted."""

    text_version: str
    text_digest: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class SignerCredential:
    """The one-time certificate issued to a signer for this envelope."""

    serial: str
    certificate_digest: str  # of the stored DER file
    public_key_digest: str  # SHA-256 hex of the SubjectPublicKeyInfo
    valid_until: datetime
    key_held_by: KeyHeldBy


@dataclass(frozen=True, slots=True)
class Preparation:
    """An incremental update that waits for its signature value; the file itself is stored.

    Everything that the stored Signature will say is fixed here, before the signer signs.
    """

    signer_id: str
    base_digest: str
    prepared_digest: str
    signed_attributes: str  # hex of DER
    document_digest: str  # hex
    base_length: int
    contents_offset: int
    contents_length: int
    field: str
    signed_at: datetime
    initialled: tuple[str, ...]
    kind: str  # typed, drawn or uploaded


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature as it stands in the file. Never changed once stored."""

    field: str
    signed_at: datetime
    timestamped_at: datetime
    timestamp_authority: str
    level: Level
    key_held_by: KeyHeldBy
    credential_serial: str
    certificate_digest: str
    file_digest: str  # of the file that this signature completed
    initialled: tuple[str, ...]  # families
    kind: str  # typed, drawn or uploaded


@dataclass(frozen=True, slots=True)
class CopyRecipient:
    """Somebody who signs nothing and gets the sealed agreement and the certificate of completion."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Signer:
    """The person acting for a party in one envelope."""

    id: str
    role: str  # signer role id of the contract template
    side: str  # "assistant" or "client"
    order: int
    name: str
    email: str
    capacity: str
    country: str
    status: SignerStatus
    asked_initials: tuple[str, ...] = ()  # families that this signer initials
    identity_checks: tuple[str, ...] = ()
    consent: Consent | None = None
    credential: SignerCredential | None = None
    signature: Signature | None = None
    declined_reason: str = ""
    message: str = ""  # to this signer alone
    invited_at: datetime | None = None  # the first time
    reminded_at: datetime | None = None  # the last time


@dataclass(frozen=True, slots=True)
class Envelope:
    """A frozen file on its way. `original_digest` is the certified file, `current_digest` the newest.

    The lease keeps one preparation at a time: `lease_holder` names the signer until `lease_until`.
    """

    id: str
    agreement_id: str
    status: EnvelopeStatus
    created_at: datetime
    expires_at: datetime
    original_digest: str
    current_digest: str
    text_digest: str
    signers: tuple[Signer, ...]
    message: str = ""
    agreement_json_digest: str = ""  # of the agreement.json that is attached to the file
    completed_at: datetime | None = None
    sealed_digest: str = ""
    sealed_at: datetime | None = None
    level: Level = Level.NONE
    timestamp_authority: str = ""
    completion_digest: str = ""  # certificate of completion
    lease_holder: str = ""
    lease_until: datetime | None = None
    preparation: Preparation | None = None
    revision: int = 0
    text_file_digest: str = ""  # of the stored text (`frozen_text`), summaries included
    reminders: ReminderPlan = ReminderPlan()
    copy_recipients: tuple[CopyRecipient, ...] = ()
    in_person: bool = False  # everybody signs on the sender's device: no mail with a link goes out

    def signer(self, signer_id: str) -> Signer:
        """The signer with this id. Raises NotFound."""
        for signer in self.signers:
            if signer.id == signer_id:
                return signer
        raise NotFound("signer-not-found", "There is no such signer.", "Check the link.")

    def with_signer(self, signer: Signer) -> Envelope:
        return replace(
            self, signers=tuple(signer if old.id == signer.id else old for old in self.signers)
        )

    def active_signers(self) -> tuple[Signer, ...]:
        return tuple(s for s in self.signers if s.status is not SignerStatus.REPLACED)

    def is_turn_of(self, signer: Signer) -> bool:
        """Whether everybody before `signer` in the order has signed."""
        return all(
            other.status is SignerStatus.SIGNED
            for other in self.active_signers()
            if other.order < signer.order
        )

    def everyone_signed(self) -> bool:
        return all(signer.status is SignerStatus.SIGNED for signer in self.active_signers())

    def is_leased_by_another(self, signer_id: str, at: datetime) -> bool:
        held = self.lease_until is not None and self.lease_until > at
        return held and self.lease_holder != signer_id

    def take(
        self,
        action: Action,
        actor: Actor,
        *,
        digest: str = "",
        details: Mapping[str, str | int | bool] | None = None,
        personal: Mapping[str, str] | None = None,
    ) -> tuple[Envelope, AuditEvent]:
        """The envelope after `action`, and its event. Raises WrongState or NotAllowed."""
        step = next_step(self.status, action, actor)
        assert isinstance(step.status, EnvelopeStatus)
        event = AuditEvent(
            name=step.event,
            actor=actor,
            agreement_id=self.agreement_id,
            envelope_id=self.id,
            digest=digest or self.current_digest,
            details=details or {},
            personal=personal or {},
        )
        return replace(self, status=step.status), event

    def take_for_signer(
        self,
        signer_id: str,
        action: Action,
        actor: Actor,
        *,
        digest: str = "",
        details: Mapping[str, str | int | bool] | None = None,
        personal: Mapping[str, str] | None = None,
    ) -> tuple[Envelope, AuditEvent]:
        """The envelope after a step of one of its signers, and its event."""
        signer = self.signer(signer_id)
        step = next_step(signer.status, action, actor)
        assert isinstance(step.status, SignerStatus)
        event = AuditEvent(
            name=step.event,
            actor=actor,
            agreement_id=self.agreement_id,
            envelope_id=self.id,
            subject=signer_id,
            digest=digest or self.current_digest,
            details=details or {},
            personal=personal or {},
        )
        return self.with_signer(replace(signer, status=step.status)), event
