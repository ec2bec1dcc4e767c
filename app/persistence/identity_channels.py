"""Identity channels: one row for each signer whose owner chose one; no row means the usual mailbox."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from app.domain.identity_channel import Channel, IdentityChannel
from app.persistence.schema import TIME_LENGTH, Row, metadata, read_optional_time, write_optional_time

identity_channels = Table(
    "identity_channels",
    metadata,
    Column("envelope_id", Text, primary_key=True),
    Column("signer_id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("code_digest", Text, nullable=False),
    Column("made_at", String(TIME_LENGTH), nullable=True),
    Column("tries", Integer, nullable=False),
    ForeignKeyConstraint(
        ["envelope_id", "signer_id"],
        ["signers.envelope_id", "signers.id"],
        name="fk_identity_channels_signer",
    ),
)


class IdentityChannelRows:
    """Implements the Protocol `IdentityChannels` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, envelope_id: str, signer_id: str) -> IdentityChannel:
        """The usual one (a code to the mailbox of the link) where none was chosen."""
        row = self._row(envelope_id, signer_id)
        return IdentityChannel(envelope_id, signer_id) if row is None else _to_channel(row)

    def save(self, channel: IdentityChannel) -> None:
        """Add or replace."""
        values = _to_row(channel)
        if self._row(channel.envelope_id, channel.signer_id) is None:
            self._connection.execute(insert(identity_channels).values(values))
        else:
            same = _same(channel.envelope_id, channel.signer_id)
            self._connection.execute(update(identity_channels).where(*same).values(values))

    def count_try(self, channel: IdentityChannel) -> int:
        """Count a wrong code, in the database: of two guesses at the same moment both count.

        Returns how many there are now; a code that was replaced meanwhile is not charged with it.
        """
        columns = identity_channels.c
        same = _same(channel.envelope_id, channel.signer_id)
        self._connection.execute(
            update(identity_channels)
            .where(*same, columns.code_digest == channel.code_digest)
            .values(tries=columns.tries + 1)
        )
        return self.get(channel.envelope_id, channel.signer_id).tries

    def _row(self, envelope_id: str, signer_id: str) -> Row | None:
        query = select(identity_channels).where(*_same(envelope_id, signer_id))
        return self._connection.execute(query).mappings().one_or_none()


def _same(envelope_id: str, signer_id: str) -> tuple[Any, Any]:
    columns = identity_channels.c
    return columns.envelope_id == envelope_id, columns.signer_id == signer_id


def _to_row(channel: IdentityChannel) -> dict[str, Any]:
    return {
        "envelope_id": channel.envelope_id,
        "signer_id": channel.signer_id,
        "channel": channel.channel.value,
        "address": channel.address,
        "salt": channel.salt,
        "code_digest": channel.code_digest,
        "made_at": write_optional_time(channel.made_at),
        "tries": channel.tries,
    }


def _to_channel(row: Row) -> IdentityChannel:
    return IdentityChannel(
        envelope_id=row["envelope_id"],
        signer_id=row["signer_id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        salt=row["salt"],
        code_digest=row["code_digest"],
        made_at=read_optional_time(row["made_at"]),
        tries=row["tries"],
    )
