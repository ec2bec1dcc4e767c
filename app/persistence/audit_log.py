"""The audit log: its one writer, and its readers.

Every column of a leaf is a column of the table and is hashed (`AuditLeaf.to_columns`); the
leaf hash stands beside them, never in place of them, so that verification recomputes it from
what is stored. Triggers refuse UPDATE, DELETE and any sequence but the next.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    text,
)

from app.domain.audit import (
    FIRST_PREVIOUS,
    SALT_BYTES,
    AuditEvent,
    AuditLeaf,
    PersonalValue,
    make_leaf,
    personal_values,
)
from app.domain.audit_check import StoredLeaf
from app.domain.errors import InvalidInput, StorageFailed
from app.persistence.checkpoints import CheckpointRows
from app.persistence.schema import DIGEST_LENGTH, TIME_LENGTH, Row, metadata, read_json, write_json

audit_leaves = Table(
    "audit_leaves",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("schema", Integer, nullable=False),
    Column("at", String(TIME_LENGTH), nullable=False),
    Column("name", Text, nullable=False),
    Column("actor_part", Text, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("agreement_id", Text, nullable=False),
    Column("envelope_id", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("commitments", Text, nullable=False),
    Column("previous", String(DIGEST_LENGTH), nullable=False),
    Column("leaf_hash", String(DIGEST_LENGTH), nullable=False),
    Index("ix_audit_leaves_agreement_id_sequence", "agreement_id", "sequence"),
)

audit_personal = Table(
    "audit_personal",
    metadata,
    Column("sequence", Integer, ForeignKey("audit_leaves.sequence"), primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("salt", String(2 * SALT_BYTES), nullable=False),
)

IN_ONE_QUERY = 500  # values in one IN (...): SQLite allows 999 in old builds
WRITER_LOCK = 0x436F756E746572  # any number, the same for all writers


class AuditRows(CheckpointRows):
    """Implements the Protocol `AuditLog` inside one transaction."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        super().__init__(connection)
        self._connection = connection
        self._now = now

    def append(self, event: AuditEvent) -> AuditLeaf:
        """Give `event` its place in the log. Raises InvalidInput for text that cannot be stored."""
        self._lock()
        sequence, previous = self._head()
        personal = personal_values(event)
        write_json(personal)  # what has no canonical form cannot be committed to: refused here
        opened = tuple(
            PersonalValue(field, value, secrets.token_hex(SALT_BYTES)) for field, value in personal.items()
        )
        leaf = make_leaf(event, sequence=sequence, at=self._now(), previous=previous, opened=opened)
        self._connection.execute(insert(audit_leaves).values(_to_row(leaf)))
        if opened:
            self._connection.execute(insert(audit_personal), [_personal_row(sequence, v) for v in opened])
        return leaf

    def size(self) -> int:
        return self._head()[0]

    def leaves(self, start: int = 0, end: int | None = None) -> Sequence[AuditLeaf]:
        """The leaves start <= sequence < end. Raises StorageFailed for a row that is no leaf."""
        query = select(audit_leaves).where(audit_leaves.c.sequence >= start)
        if end is not None:
            query = query.where(audit_leaves.c.sequence < end)
        rows = self._connection.execute(query.order_by(audit_leaves.c.sequence)).mappings()
        return [_readable(_to_stored(row)) for row in rows]

    def leaf_hashes(self) -> Sequence[bytes]:
        """The stored leaf hashes, in order: the tree. `stored_leaves` is for judging them."""
        hashes = self._connection.execute(
            select(audit_leaves.c.leaf_hash).order_by(audit_leaves.c.sequence)
        ).scalars()
        try:
            return [bytes.fromhex(value) for value in hashes]
        except (TypeError, ValueError) as error:
            raise _unreadable("A hash") from error

    def stored_leaves(self) -> Sequence[StoredLeaf]:
        """Every row as it stands, readable or not, for `audit_check.verify_log`."""
        rows = self._connection.execute(select(audit_leaves).order_by(audit_leaves.c.sequence)).mappings()
        return [_to_stored(row) for row in rows]

    def of_agreement(self, agreement_id: str) -> Sequence[AuditLeaf]:
        rows = self._connection.execute(
            select(audit_leaves)
            .where(audit_leaves.c.agreement_id == agreement_id)
            .order_by(audit_leaves.c.sequence)
        ).mappings()
        return [_readable(_to_stored(row)) for row in rows]

    def opened(self, sequences: Iterable[int]) -> Mapping[int, Sequence[PersonalValue]]:
        """The personal values that still exist, by sequence; a sequence without any is left out."""
        found: dict[int, list[PersonalValue]] = {}
        for some in _portions(sequences):
            rows = self._connection.execute(
                select(audit_personal)
                .where(audit_personal.c.sequence.in_(some))
                .order_by(audit_personal.c.sequence, audit_personal.c.field)
            ).mappings()
            for row in rows:
                value = PersonalValue(row["field"], row["value"], row["salt"])
                found.setdefault(row["sequence"], []).append(value)
        return found

    def erase_personal(self, sequences: Iterable[int], event: AuditEvent) -> int:
        """Delete the personal values of these leaves, log `event`, and say how many went.

        The leaves and the tree stay as they are: the commitments can no longer be opened.
        """
        gone = 0
        for some in _portions(sequences):
            gone += self._connection.execute(
                delete(audit_personal).where(audit_personal.c.sequence.in_(some))
            ).rowcount
        self.append(event)
        return gone

    def _head(self) -> tuple[int, str]:
        """The next sequence, and the hash that its leaf names as `previous`."""
        last = self._connection.execute(
            select(audit_leaves.c.sequence, audit_leaves.c.leaf_hash)
            .order_by(audit_leaves.c.sequence.desc())
            .limit(1)
        ).one_or_none()
        return (0, FIRST_PREVIOUS) if last is None else (last.sequence + 1, last.leaf_hash)

    def _lock(self) -> None:
        # SQLite has one writer since BEGIN IMMEDIATE; PostgreSQL needs one for the log's head.
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(text(str(WRITER_LOCK)))))


def _to_row(leaf: AuditLeaf) -> dict[str, object]:
    columns: dict[str, object] = leaf.to_columns()
    write_json(columns)
    return {
        **columns,
        "details": write_json(columns["details"]),
        "commitments": write_json(columns["commitments"]),
        "leaf_hash": leaf.leaf_hash,
    }


def _personal_row(sequence: int, value: PersonalValue) -> dict[str, object]:
    return {"sequence": sequence, "field": value.field, "value": value.value, "salt": value.salt}


def _to_stored(row: Row) -> StoredLeaf:
    columns = dict(row)
    leaf_hash = str(columns.pop("leaf_hash"))
    details, commitments = columns.pop("details"), columns.pop("commitments")
    try:
        leaf = AuditLeaf(**columns, details=read_json(details), commitments=read_json(commitments))
        as_hashed = leaf.to_columns()
        write_json(as_hashed)
        # JSON that reads alike but is spelled otherwise was not written by us.
        exact = (write_json(as_hashed["details"]), write_json(as_hashed["commitments"])) == (
            details,
            commitments,
        )
    except (TypeError, ValueError, InvalidInput):
        exact = False
    return StoredLeaf(row["sequence"], leaf if exact else None, leaf_hash)


def _readable(stored: StoredLeaf) -> AuditLeaf:
    if stored.leaf is None:
        raise _unreadable(f"Event {stored.sequence}")
    return stored.leaf


def _unreadable(what: str) -> StorageFailed:
    return StorageFailed(
        "audit-unreadable",
        f"{what} of the audit log is not as the application wrote it.",
        "Run `./run audit verify`, and restore the database from a backup.",
    )


def _portions(sequences: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(set(sequences))
    return (every[i : i + IN_ONE_QUERY] for i in range(0, len(every), IN_ONE_QUERY))
