"""What keeps: the audit log, jobs, settings and stored files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from app.domain.audit import AuditEvent, AuditLeaf, Checkpoint, PersonalValue
from app.domain.audit_check import StoredLeaf
from app.domain.job import Job, NewJob


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


class Settings(Protocol):
    """Small facts about the installation: the business, the mode, the number prefix."""

    def get(self, name: str, default: str = "") -> str: ...

    def set(self, name: str, value: str, event: AuditEvent) -> None: ...


class Files(Protocol):
    """Content-addressed and create-only: a file is known by the SHA-256 of its bytes."""

    def put(self, data: bytes) -> str:
        """Store durably (fsync) and return the digest; storing the same bytes again is the same."""
        ...

    def get(self, digest: str) -> bytes:
        """The bytes, checked against the digest. Raises NotFound or StorageFailed."""
        ...

    def has(self, digest: str) -> bool: ...
