"""The job table: a queue with leases, fencing by `tries`, and a unique key for each job.

A worker that dies keeps nothing: its lease ends and the job is claimed again. A worker that
was only slow finds that `tries` went on without it, and its result is not recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    or_,
    select,
    update,
)

from app.domain.job import Job, JobState, NewJob
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    insert_if_missing,
    metadata,
    read_json,
    read_optional_time,
    read_time,
    write_json,
    write_time,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("arguments", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", String(TIME_LENGTH), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("max_tries", Integer, nullable=False),
    Column("leased_until", String(TIME_LENGTH), nullable=True),
    Column("last_error", Text, nullable=False),
    Index("ix_jobs_state_due_at", "state", "due_at"),
)

LONGEST_ERROR = 2000  # characters kept of an error
LEASE_ENDED = "The worker stopped in the middle of the last try."


class JobRows:
    """Implements the Protocol `Jobs` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enqueue(self, job: NewJob, at: datetime) -> None:
        """In the caller's transaction; a known key changes nothing."""
        row: dict[str, Any] = {
            "name": job.name,
            "key": job.key,
            "arguments": write_json(job.arguments),
            "state": str(JobState.WAITING),
            "due_at": write_time(job.due_at or at),
            "tries": 0,
            "max_tries": job.max_tries,
            "leased_until": None,
            "last_error": "",
        }
        insert_if_missing(self._connection, jobs, "key", row)

    def claim(self, at: datetime, lease: timedelta) -> Job | None:
        """Lease the job that is due longest, one try further; None if none is due."""
        now = write_time(at)
        lease_ended = and_(jobs.c.state == str(JobState.RUNNING), jobs.c.leased_until <= now)
        self._bury(lease_ended)
        waiting = and_(jobs.c.state == str(JobState.WAITING), jobs.c.due_at <= now)
        # SQLAlchemy leaves FOR UPDATE out on SQLite, where BEGIN IMMEDIATE has locked already.
        query = (
            select(jobs)
            .where(or_(waiting, lease_ended))
            .order_by(jobs.c.due_at, jobs.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        claimed = {
            "state": str(JobState.RUNNING),
            "tries": row["tries"] + 1,
            "leased_until": write_time(at + lease),
        }
        self._connection.execute(update(jobs).where(jobs.c.id == row["id"]).values(claimed))
        return _to_job({**row, **claimed})

    def extend(self, job: Job, until: datetime) -> bool:
        """Lease a long job further. False if the lease was lost: stop working on it."""
        return self._change_held(job, {"leased_until": write_time(until)})

    def finish(self, job: Job) -> None:
        """Done. Does nothing if the lease was lost to another worker (fencing by `tries`)."""
        done = {"state": str(JobState.DONE), "leased_until": None, "last_error": ""}
        self._change_held(job, done)

    def fail(self, job: Job, error: str, retry_at: datetime | None) -> None:
        """Try again at `retry_at`; give up (dead) for None or after `max_tries`."""
        failed: dict[str, Any] = {"leased_until": None, "last_error": error[:LONGEST_ERROR]}
        if retry_at is None or job.tries >= job.max_tries:
            failed["state"] = str(JobState.DEAD)
        else:
            failed |= {"state": str(JobState.WAITING), "due_at": write_time(retry_at)}
        self._change_held(job, failed)

    def revive(self, job_id: int, at: datetime) -> bool:
        """Give a dead job all its tries again. False if there is no dead job with this id."""
        is_dead = and_(jobs.c.id == job_id, jobs.c.state == str(JobState.DEAD))
        # `tries` goes on: a worker that still believes in its old lease stays fenced out.
        again = {
            "state": str(JobState.WAITING),
            "due_at": write_time(at),
            "max_tries": jobs.c.tries + jobs.c.max_tries,
        }
        return self._connection.execute(update(jobs).where(is_dead).values(again)).rowcount == 1

    def dead(self) -> Sequence[Job]:
        return self._in_state(JobState.DEAD)

    def waiting(self) -> Sequence[Job]:
        """Those to be done and those being done, the one due longest first."""
        return self._in_state(JobState.WAITING, JobState.RUNNING)

    def _bury(self, lease_ended: ColumnElement[bool]) -> None:
        # A job that kills its worker each time must not do so for ever.
        out_of_tries = and_(lease_ended, jobs.c.tries >= jobs.c.max_tries)
        dead = {"state": str(JobState.DEAD), "leased_until": None, "last_error": LEASE_ENDED}
        self._connection.execute(update(jobs).where(out_of_tries).values(dead))

    def _change_held(self, job: Job, values: dict[str, Any]) -> bool:
        held = and_(
            jobs.c.id == job.id, jobs.c.tries == job.tries, jobs.c.state == str(JobState.RUNNING)
        )
        return self._connection.execute(update(jobs).where(held).values(values)).rowcount == 1

    def _in_state(self, *states: JobState) -> Sequence[Job]:
        query = select(jobs).where(jobs.c.state.in_([str(state) for state in states]))
        ordered = query.order_by(jobs.c.due_at, jobs.c.id)
        return [_to_job(row) for row in self._connection.execute(ordered).mappings()]


def _to_job(row: Row | dict[str, Any]) -> Job:
    return Job(
        id=row["id"],
        name=row["name"],
        key=row["key"],
        arguments=read_json(row["arguments"]),
        state=JobState(row["state"]),
        due_at=read_time(row["due_at"]),
        tries=row["tries"],
        max_tries=row["max_tries"],
        leased_until=read_optional_time(row["leased_until"]),
        last_error=row["last_error"],
    )
