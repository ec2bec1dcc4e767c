"""One-time codes, stored as salted digests, in the order in which they were asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from app.domain.access_link import OneTimeCode
from app.domain.errors import NotFound
from app.persistence.agreements import stale_revision
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    metadata,
    read_optional_time,
    read_time,
    write_optional_time,
    write_time,
)

one_time_codes = Table(
    "one_time_codes",
    metadata,
    Column("place", Integer, primary_key=True),  # in the order of asking
    Column("id", Text, nullable=False, unique=True),
    Column("link_id", Text, nullable=False),
    Column("session_digest", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("asked_at", String(TIME_LENGTH), nullable=False),
    Column("salt", Text, nullable=False),
    Column("code_digest", Text, nullable=False),
    Column("expires_at", String(TIME_LENGTH), nullable=True),
    Column("tries", Integer, nullable=False),
    Column("used_at", String(TIME_LENGTH), nullable=True),
    Index("ix_one_time_codes_link_id_asked_at", "link_id", "asked_at"),
)


class OneTimeCodeRows:
    """Implements the Protocol `OneTimeCodes` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, code: OneTimeCode) -> None:
        """Raises WrongState if the id is taken."""
        self._connection.execute(insert(one_time_codes).values(_to_row(code)))

    def get(self, code_id: str) -> OneTimeCode:
        """Raises NotFound."""
        query = select(one_time_codes).where(one_time_codes.c.id == code_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("code-not-found", "There is no such code.", "Ask for a new code.")
        return _to_code(row)

    def latest(self, link_id: str, session_digest: str) -> OneTimeCode | None:
        """The code that was asked for last with this link in this session."""
        columns = one_time_codes.c
        query = select(one_time_codes).where(
            columns.link_id == link_id, columns.session_digest == session_digest
        )
        newest = query.order_by(columns.asked_at.desc(), columns.place.desc()).limit(1)
        row = self._connection.execute(newest).mappings().one_or_none()
        return None if row is None else _to_code(row)

    def count_since(self, link_id: str, moment: datetime) -> int:
        """How many codes were asked for with this link at `moment` or later, in any session."""
        query = select(func.count()).where(
            one_time_codes.c.link_id == link_id, one_time_codes.c.asked_at >= write_time(moment)
        )
        return self._connection.execute(query).scalar_one()

    def save(self, code: OneTimeCode) -> None:
        """Raises NotFound for an unknown code, WrongState if somebody tried or used it meanwhile:
        of two guesses at the same moment both must count, and a code is used once."""
        row = _to_row(code)
        columns = one_time_codes.c
        one_more = columns.tries < row["tries"]
        sent_or_used = columns.code_digest.is_distinct_from(row["code_digest"]) | (
            columns.used_at.is_distinct_from(row["used_at"])
        )
        changed = self._connection.execute(
            update(one_time_codes)
            .where(columns.id == code.id)
            .where(columns.used_at.is_(None) | (columns.used_at == row["used_at"]))
            .where(one_more | ((columns.tries == row["tries"]) & sent_or_used))
            .values(row)
        ).rowcount
        if changed != 1:
            self.get(code.id)
            raise stale_revision("code")


def _to_row(code: OneTimeCode) -> dict[str, Any]:
    return {
        "id": code.id,
        "link_id": code.link_id,
        "session_digest": code.session_digest,
        "channel": code.channel,
        "asked_at": write_time(code.asked_at),
        "salt": code.salt,
        "code_digest": code.code_digest,
        "expires_at": write_optional_time(code.expires_at),
        "tries": code.tries,
        "used_at": write_optional_time(code.used_at),
    }


def _to_code(row: Row) -> OneTimeCode:
    return OneTimeCode(
        id=row["id"],
        link_id=row["link_id"],
        session_digest=row["session_digest"],
        channel=row["channel"],
        asked_at=read_time(row["asked_at"]),
        salt=row["salt"],
        code_digest=row["code_digest"],
        expires_at=read_optional_time(row["expires_at"]),
        tries=row["tries"],
        used_at=read_optional_time(row["used_at"]),
    )
