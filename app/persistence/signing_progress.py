"""How far signers got before signing: one row for each, replaced as it grows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, ForeignKeyConstraint, Table, Text, insert, select, update

from app.domain.signing_progress import SigningProgress
from app.persistence.schema import Row, metadata, read_json, write_json

signing_progress = Table(
    "signing_progress",
    metadata,
    Column("envelope_id", Text, primary_key=True),
    Column("signer_id", Text, primary_key=True),
    Column("displayed_digest", Text, nullable=False),
    Column("initialled", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("style", Text, nullable=False),
    Column("picture_digest", Text, nullable=False),
    ForeignKeyConstraint(
        ["envelope_id", "signer_id"],
        ["signers.envelope_id", "signers.id"],
        name="fk_signing_progress_signer",
    ),
)


class SigningProgressRows:
    """Implements the Protocol `SigningProgresses` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, envelope_id: str, signer_id: str) -> SigningProgress:
        """An empty one for a signer who has done nothing yet."""
        row = self._row(envelope_id, signer_id)
        return SigningProgress(envelope_id, signer_id) if row is None else _to_progress(row)

    def save(self, progress: SigningProgress) -> None:
        """Add or replace. Raises WrongState (at the end of the unit of work) for an unknown signer."""
        values = _to_row(progress)
        if self._row(progress.envelope_id, progress.signer_id) is None:
            self._connection.execute(insert(signing_progress).values(values))
        else:
            same = _same(progress.envelope_id, progress.signer_id)
            self._connection.execute(update(signing_progress).where(*same).values(values))

    def _row(self, envelope_id: str, signer_id: str) -> Row | None:
        query = select(signing_progress).where(*_same(envelope_id, signer_id))
        return self._connection.execute(query).mappings().one_or_none()


def _same(envelope_id: str, signer_id: str) -> tuple[Any, Any]:
    columns = signing_progress.c
    return columns.envelope_id == envelope_id, columns.signer_id == signer_id


def _to_row(progress: SigningProgress) -> dict[str, Any]:
    return {
        "envelope_id": progress.envelope_id,
        "signer_id": progress.signer_id,
        "displayed_digest": progress.displayed_digest,
        "initialled": write_json(progress.initialled),
        "kind": progress.kind,
        "style": progress.style,
        "picture_digest": progress.picture_digest,
    }


def _to_progress(row: Row) -> SigningProgress:
    return SigningProgress(
        envelope_id=row["envelope_id"],
        signer_id=row["signer_id"],
        displayed_digest=row["displayed_digest"],
        initialled=tuple(read_json(row["initialled"])),
        kind=row["kind"],
        style=row["style"],
        picture_digest=row["picture_digest"],
    )
