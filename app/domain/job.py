"""A job: something that is done later and, if it fails, again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"  # leased; comes back by itself when the lease ends
    DONE = "done"
    DEAD = "dead"  # gave up after the last try; shown to the owner with the reason


@dataclass(frozen=True, slots=True)
class Job:
    """`key` is unique: enqueueing it twice is enqueueing it once."""

    id: int
    name: str
    key: str
    arguments: Mapping[str, str]
    state: JobState
    due_at: datetime
    tries: int = 0
    max_tries: int = 10
    leased_until: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class NewJob:
    name: str
    key: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    due_at: datetime | None = None  # None: now
    max_tries: int = 10
