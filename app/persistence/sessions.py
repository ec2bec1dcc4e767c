"""Sessions of browsers, known by the digest of their key. An ended session stays ended.

Its row remains, emptied, until `delete_seen_before`: a slow request that read the session
before it was ended would otherwise store it again, and the person would be signed in anew.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.account import WebSession
from app.persistence.schema import DIGEST_LENGTH, TIME_LENGTH, metadata, read_time, write_time

sessions = Table(
    "sessions",
    metadata,
    Column("key_digest", String(DIGEST_LENGTH), primary_key=True),
    Column("account_id", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("seen_at", String(TIME_LENGTH), nullable=False),
    Index("ix_sessions_account_id", "account_id"),
    Index("ix_sessions_seen_at", "seen_at"),
)

ENDED = ""  # as data: JSON text is never empty


class SessionRows:
    """Implements the Protocol `Sessions` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key_digest: str) -> WebSession | None:
        """None for a session that is unknown or ended."""
        query = select(sessions).where(sessions.c.key_digest == key_digest, sessions.c.data != ENDED)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            return None
        return WebSession(
            key_digest=row["key_digest"],
            account_id=row["account_id"],
            data=row["data"],
            created_at=read_time(row["created_at"]),
            seen_at=read_time(row["seen_at"]),
        )

    def save(self, session: WebSession) -> None:
        """Add or replace. Does nothing to a session that was ended. Raises ValueError for no data."""
        if session.data == ENDED:
            raise ValueError("the data of a session is JSON text")
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        row = {
            "account_id": session.account_id,
            "data": session.data,
            "created_at": write_time(session.created_at),
            "seen_at": write_time(session.seen_at),
        }
        added = dialect.insert(sessions).values(key_digest=session.key_digest, **row)
        self._connection.execute(
            added.on_conflict_do_update(
                index_elements=["key_digest"], set_=row, where=sessions.c.data != ENDED
            )
        )

    def end(self, key_digest: str) -> None:
        """Ending an unknown session, or one twice, changes nothing."""
        self._end(sessions.c.key_digest == key_digest)

    def end_all(self, account_id: str, *, keep: str = "") -> None:
        """End the sessions of an account, but the one with the digest `keep`.

        Raises ValueError for "": those are the sessions of all signers and visitors.
        """
        if not account_id:
            raise ValueError("sessions are ended for one account at a time")
        self._end(sessions.c.account_id == account_id, sessions.c.key_digest != keep)

    def delete_seen_before(self, moment: datetime) -> None:
        """Forget sessions, ended or not, that were last seen before `moment`."""
        self._connection.execute(delete(sessions).where(sessions.c.seen_at < write_time(moment)))

    def _end(self, *conditions: ColumnElement[bool]) -> None:
        emptied = update(sessions).where(*conditions).values(data=ENDED, account_id="")
        self._connection.execute(emptied)
