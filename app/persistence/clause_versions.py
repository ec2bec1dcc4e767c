"""Clause versions, known by their digest and never changed: the file's text, byte for byte."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Text, func, insert, select

from app.domain.clause import Clause
from app.domain.errors import NotFound
from app.persistence.schema import DIGEST_LENGTH, TIME_LENGTH, metadata, write_time

clause_versions = Table(
    "clause_versions",
    metadata,
    Column("digest", String(DIGEST_LENGTH), primary_key=True),
    Column("place", Integer, nullable=False),  # in the order of taking in
    Column("clause_id", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("added_at", String(TIME_LENGTH), nullable=False),
    Column("source", Text, nullable=False),
    Index("ix_clause_versions_clause_id_place", "clause_id", "place"),
)


class ClauseVersionRows:
    """Implements the Protocol `ClauseVersions` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_missing(self, clauses: Iterable[Clause], at: datetime) -> Sequence[str]:
        """Take clause versions in; those already known by digest stay. Returns the ids of the new ones."""
        known = set(self._connection.execute(select(clause_versions.c.digest)).scalars())
        place = self._connection.execute(select(func.count()).select_from(clause_versions)).scalar_one()
        rows: dict[str, dict[str, object]] = {}
        for clause in clauses:
            if clause.digest not in known and clause.digest not in rows:
                rows[clause.digest] = _to_row(clause, place + len(rows), at)
        if rows:
            self._connection.execute(insert(clause_versions), list(rows.values()))
        return [str(row["clause_id"]) for row in rows.values()]

    def source(self, digest: str) -> str:
        """The source text of a clause version, byte for byte. Raises NotFound."""
        query = select(clause_versions.c.source).where(clause_versions.c.digest == digest)
        found: str | None = self._connection.execute(query).scalar_one_or_none()
        if found is None:
            raise NotFound(
                "clause-version-not-found",
                f"No clause version with the digest {digest} is stored.",
                "Check the digest; `./run library list` shows those in use.",
            )
        return found

    def digests_of(self, clause_id: str) -> Sequence[str]:
        """The digests of all versions of a clause, in the order in which they were taken in."""
        query = select(clause_versions.c.digest).where(clause_versions.c.clause_id == clause_id)
        return self._connection.execute(query.order_by(clause_versions.c.place)).scalars().all()


def _to_row(clause: Clause, place: int, at: datetime) -> dict[str, object]:
    return {
        "digest": clause.digest,
        "place": place,
        "clause_id": clause.id,
        "version": clause.version,
        "title": clause.title,
        "added_at": write_time(at),
        "source": clause.source,
    }
