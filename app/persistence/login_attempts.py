"""Attempts to sign in, for throttling.

Only what still counts is kept: a success takes the place of all earlier attempts of its key, and
what is older than any throttle looks back goes with the next attempt, so the table stays small.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from app.persistence.schema import TIME_LENGTH, metadata, write_time

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", String(TIME_LENGTH), nullable=False),
    Column("succeeded", Boolean, nullable=False),
    Index("ix_login_attempts_key_at", "key", "at"),
    Index("ix_login_attempts_at", "at"),
)

KEPT = timedelta(days=30)


class LoginAttemptRows:
    """Implements the Protocol `LoginAttempts` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, key: str, at: datetime, *, succeeded: bool) -> None:
        """key: a digest of account and address, never the address itself."""
        row = {"key": key, "at": write_time(at), "succeeded": succeeded}
        counts_no_more = login_attempts.c.at < write_time(at - KEPT)
        if succeeded:
            counts_no_more |= login_attempts.c.key == key
        self._connection.execute(delete(login_attempts).where(counts_no_more))
        self._connection.execute(insert(login_attempts).values(row))

    def failures_since(self, key: str, moment: datetime) -> int:
        """Failures at `moment` or later and since the last success; at most those of the last 30 days."""
        query = select(func.count()).where(
            login_attempts.c.key == key,
            login_attempts.c.at >= write_time(moment),
            login_attempts.c.succeeded.is_(False),
        )
        return self._connection.execute(query).scalar_one()
