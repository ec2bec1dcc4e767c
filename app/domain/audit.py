"""The audit log: what an event is, and the leaf that proves it.

The leaf has had its final form since the first event: canonical JSON (RFC 8785) of every
column. Personal values appear in it only as salted commitments; the values stand in a
table of their own, so that erasing a person keeps the tree. Each leaf names the hash of
the leaf before it; over all leaves stands the tree of `merkle.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.actor import Actor
from app.domain.digest import canonical_json, digest_of
from app.domain.merkle import hash_leaf

LEAF_SCHEMA = 1
FIRST_PREVIOUS = "0" * 64
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something that happened, before it has its place in the log.

    name: past tense, `subject.verb`, from the workflow table or the lists of the services.
    details: facts without personal data; strings, integers and booleans.
    personal: facts about people: name, e-mail, reasons in their words.
    digest: SHA-256 hex of the file or text concerned, "" where there is none.
    """

    name: str
    actor: Actor
    agreement_id: str = ""
    envelope_id: str = ""
    subject: str = ""  # signer id, clause id, job key: what the event is about
    digest: str = ""
    details: Mapping[str, str | int | bool] = field(default_factory=dict)
    personal: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonalValue:
    """The opening of one commitment: erasable, unlike the leaf."""

    field: str
    value: str
    salt: str  # hex, SALT_BYTES long


@dataclass(frozen=True, slots=True)
class AuditLeaf:
    """One stored event. `to_columns()` is what gets hashed: every column, nothing else."""

    sequence: int  # from 0, without gaps: the index in the tree
    at: str  # ISO 8601, UTC, microseconds, "Z"
    name: str
    actor_part: str
    actor_id: str
    agreement_id: str
    envelope_id: str
    subject: str
    digest: str
    details: Mapping[str, str | int | bool]
    commitments: Mapping[str, str]  # field -> SHA-256 hex
    previous: str  # leaf hash of the event before, hex
    schema: int = LEAF_SCHEMA

    def to_columns(self) -> dict[str, Any]:
        return {
            "schema": self.schema,
            "sequence": self.sequence,
            "at": self.at,
            "name": self.name,
            "actor_part": self.actor_part,
            "actor_id": self.actor_id,
            "agreement_id": self.agreement_id,
            "envelope_id": self.envelope_id,
            "subject": self.subject,
            "digest": self.digest,
            "details": dict(self.details),
            "commitments": dict(self.commitments),
            "previous": self.previous,
        }

    @property
    def leaf_hash(self) -> str:
        """RFC 6962 leaf hash of the canonical columns, hex."""
        return hash_leaf(canonical_json(self.to_columns())).hex()


def format_time(moment: datetime) -> str:
    """An aware time as the log writes it. Raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("times of the audit log are aware")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def commit_to(value: PersonalValue) -> str:
    """The commitment to a personal value: SHA-256 hex over field, salt and value."""
    return digest_of({"field": value.field, "salt": value.salt, "value": value.value})


def personal_values(event: AuditEvent) -> dict[str, str]:
    """All that is personal in an event: what it says, and what is known of its actor."""
    actor = event.actor
    known = {
        "actor_name": actor.name,
        "actor_email": actor.email,
        "actor_ip": actor.ip,
        "actor_user_agent": actor.user_agent,
    }
    return {name: value for name, value in {**known, **event.personal}.items() if value}


def make_leaf(
    event: AuditEvent, *, sequence: int, at: datetime, previous: str, opened: tuple[PersonalValue, ...]
) -> AuditLeaf:
    """The leaf of `event` at its place in the log. `opened` holds a salted value for each personal one."""
    return AuditLeaf(
        sequence=sequence,
        at=format_time(at),
        name=event.name,
        actor_part=str(event.actor.part),
        actor_id=event.actor.id,
        agreement_id=event.agreement_id,
        envelope_id=event.envelope_id,
        subject=event.subject,
        digest=event.digest,
        details=dict(event.details),
        commitments={value.field: commit_to(value) for value in opened},
        previous=previous,
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head: the text of the note, and the RFC 3161 token over it ("" while none)."""

    origin: str
    size: int
    root: str  # hex
    at: str
    note: str  # signed note: origin, size, base64 root, blank line, signature lines
    timestamp_token: str = ""  # base64 DER
