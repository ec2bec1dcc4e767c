"""Links that open something for whoever holds the token; only the token's digest is stored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Index, String, Table, Text, insert, select, update

from app.domain.access_link import AccessLink, LinkPurpose
from app.domain.errors import NotFound
from app.persistence.agreements import stale_revision
from app.persistence.schema import (
    DIGEST_LENGTH,
    TIME_LENGTH,
    Row,
    metadata,
    read_optional_time,
    read_time,
    write_optional_time,
    write_time,
)

access_links = Table(
    "access_links",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_digest", String(DIGEST_LENGTH), nullable=False, unique=True),
    Column("purpose", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("expires_at", String(TIME_LENGTH), nullable=False),
    Column("envelope_id", Text, nullable=False),
    Column("used_at", String(TIME_LENGTH), nullable=True),
    Column("revoked_at", String(TIME_LENGTH), nullable=True),
    Index("ix_access_links_subject", "subject"),
)


class AccessLinkRows:
    """Implements the Protocol `AccessLinks` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, link: AccessLink) -> None:
        """Raises WrongState (at the end of the unit of work) if the id or the token is taken."""
        self._connection.execute(insert(access_links).values(_to_row(link)))

    def by_token_digest(self, token_digest: str) -> AccessLink | None:
        return self._one(access_links.c.token_digest == token_digest)

    def get(self, link_id: str) -> AccessLink:
        """Raises NotFound."""
        link = self._one(access_links.c.id == link_id)
        if link is None:
            raise NotFound("link-not-found", "There is no such link.", "Ask for a new link.")
        return link

    def save(self, link: AccessLink) -> None:
        """Raises NotFound for an unknown link, WrongState if somebody used or revoked it meanwhile:
        neither is ever taken back, so that a link for one use is used once."""
        row = _to_row(link)
        columns = access_links.c
        changed = self._connection.execute(
            update(access_links)
            .where(columns.id == link.id)
            .where(columns.used_at.is_(None) | (columns.used_at == row["used_at"]))
            .where(columns.revoked_at.is_(None) | (columns.revoked_at == row["revoked_at"]))
            .values(row)
        ).rowcount
        if changed != 1:
            self.get(link.id)
            raise stale_revision("link")

    def revoke(self, purpose: LinkPurpose, subject: str, at: datetime) -> int:
        """Revoke every valid link of this purpose to this subject; how many there were."""
        moment, columns = write_time(at), access_links.c
        return self._connection.execute(
            update(access_links)
            .where(columns.purpose == str(purpose), columns.subject == subject)
            .where(columns.used_at.is_(None), columns.revoked_at.is_(None), columns.expires_at > moment)
            .values(revoked_at=moment)
        ).rowcount

    def _one(self, condition: ColumnElement[bool]) -> AccessLink | None:
        row = self._connection.execute(select(access_links).where(condition)).mappings().one_or_none()
        return None if row is None else _to_link(row)


def _to_row(link: AccessLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "token_digest": link.token_digest,
        "purpose": str(link.purpose),
        "subject": link.subject,
        "created_at": write_time(link.created_at),
        "expires_at": write_time(link.expires_at),
        "envelope_id": link.envelope_id,
        "used_at": write_optional_time(link.used_at),
        "revoked_at": write_optional_time(link.revoked_at),
    }


def _to_link(row: Row) -> AccessLink:
    return AccessLink(
        id=row["id"],
        token_digest=row["token_digest"],
        purpose=LinkPurpose(row["purpose"]),
        subject=row["subject"],
        created_at=read_time(row["created_at"]),
        expires_at=read_time(row["expires_at"]),
        envelope_id=row["envelope_id"],
        used_at=read_optional_time(row["used_at"]),
        revoked_at=read_optional_time(row["revoked_at"]),
    )
