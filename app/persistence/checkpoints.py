"""Signed tree heads of the audit log. Never changed once stored."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, Integer, String, Table, Text, insert, select

from app.domain.audit import Checkpoint
from app.persistence.schema import DIGEST_LENGTH, Row, metadata

audit_checkpoints = Table(
    "audit_checkpoints",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("root", String(DIGEST_LENGTH), nullable=False),
    Column("at", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("timestamp_token", Text, nullable=False),
)


class CheckpointRows:
    """The part of the Protocol `AuditLog` that concerns checkpoints."""

    def __init__(self, connection: Connection) -> None:
        self._checkpoints = connection

    def add_checkpoint(self, checkpoint: Checkpoint) -> None:
        self._checkpoints.execute(insert(audit_checkpoints).values(_to_row(checkpoint)))

    def latest_checkpoint(self) -> Checkpoint | None:
        row = (
            self._checkpoints.execute(
                select(audit_checkpoints)
                .order_by(audit_checkpoints.c.size.desc(), audit_checkpoints.c.id.desc())
                .limit(1)
            )
            .mappings()
            .one_or_none()
        )
        return None if row is None else _to_checkpoint(row)

    def checkpoints(self) -> Sequence[Checkpoint]:
        """In the order in which they were made."""
        query = select(audit_checkpoints).order_by(audit_checkpoints.c.id)
        return [_to_checkpoint(row) for row in self._checkpoints.execute(query).mappings()]


def _to_row(checkpoint: Checkpoint) -> dict[str, object]:
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root,
        "at": checkpoint.at,
        "note": checkpoint.note,
        "timestamp_token": checkpoint.timestamp_token,
    }


def _to_checkpoint(row: Row) -> Checkpoint:
    return Checkpoint(
        origin=row["origin"],
        size=row["size"],
        root=row["root"],
        at=row["at"],
        note=row["note"],
        timestamp_token=row["timestamp_token"],
    )
