"""Envelopes with their signers and signatures. A signature row is written once and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    insert,
    select,
    update,
)

from app.domain.audit import AuditEvent
from app.domain.envelope import CopyRecipient, Envelope, Preparation, Signer
from app.domain.errors import NotFound
from app.domain.reminder import ReminderPlan
from app.domain.signature import Level
from app.domain.workflow import EnvelopeStatus
from app.persistence.agreements import stale_revision
from app.persistence.audit_log import AuditRows
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    metadata,
    read_json,
    read_optional_time,
    read_time,
    write_json,
    write_optional_time,
    write_time,
)
from app.persistence.signers import SignerRows

envelopes = Table(
    "envelopes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agreement_id", Text, ForeignKey("agreements.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("expires_at", String(TIME_LENGTH), nullable=False),
    Column("original_digest", Text, nullable=False),
    Column("current_digest", Text, nullable=False),
    Column("text_digest", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("agreement_json_digest", Text, nullable=False),
    Column("completed_at", String(TIME_LENGTH), nullable=True),
    Column("sealed_digest", Text, nullable=False),
    Column("sealed_at", String(TIME_LENGTH), nullable=True),
    Column("level", Text, nullable=False),
    Column("timestamp_authority", Text, nullable=False),
    Column("completion_digest", Text, nullable=False),
    Column("lease_holder", Text, nullable=False),
    Column("lease_until", String(TIME_LENGTH), nullable=True),
    Column("preparation", Text, nullable=True),
    Column("revision", Integer, nullable=False),
    Column("text_file_digest", Text, nullable=False, server_default=""),
    Column("reminders", Text, nullable=False, server_default=""),
    Column("copy_recipients", Text, nullable=False, server_default="[]"),
    Column("in_person", Boolean, nullable=False, server_default=false()),
    Index("ix_envelopes_agreement_id", "agreement_id"),
    Index("ix_envelopes_status", "status"),
    Index("ix_envelopes_expires_at", "expires_at"),
)

LEASE = ("lease_holder", "lease_until", "preparation")
RESULT = (
    "current_digest",
    "sealed_digest",
    "sealed_at",
    "level",
    "timestamp_authority",
    "completion_digest",
)


class EnvelopeRows:
    """Implements the Protocol `Envelopes` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows, touched: set[str]) -> None:
        """touched: takes the ids of agreements whose row in the list is to be written anew."""
        self._connection = connection
        self._audit = audit
        self._touched = touched
        self._signers = SignerRows(connection)

    def get(self, envelope_id: str) -> Envelope:
        """Raises NotFound."""
        row = (
            self._connection.execute(select(envelopes).where(envelopes.c.id == envelope_id))
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise NotFound("envelope-not-found", "There is no such envelope.", "Check the link.")
        return self._to_envelopes([row])[0]

    def add(self, envelope: Envelope, event: AuditEvent) -> None:
        """Raises WrongState (at the end of the unit of work) if the id is taken."""
        _check_event(envelope, event)
        self._connection.execute(insert(envelopes).values(_to_row(envelope)))
        self._signers.save(envelope)
        self._audit.append(event)
        self._touched.add(envelope.agreement_id)

    def save(self, envelope: Envelope, event: AuditEvent) -> Envelope:
        """The envelope with its new revision. Raises WrongState if somebody saved in between, or
        if a signer or a stored signature would be lost or changed."""
        _check_event(envelope, event)
        saved = self._update(envelope, _to_row(envelope))
        self._signers.save(envelope)
        self._audit.append(event)
        self._touched.add(envelope.agreement_id)
        return saved

    def save_lease(self, envelope: Envelope) -> Envelope:
        """Store what is named in LEASE only; the revision counts it like any other save."""
        return self._update(envelope, _only(LEASE, envelope))

    def save_result(self, envelope: Envelope) -> Envelope:
        """Store what is named in RESULT only. Its event is the agreement's, in the same unit of work.

        Raises WrongState if somebody saved in between.
        """
        return self._update(envelope, _only(RESULT, envelope))

    def of_ids(self, envelope_ids: Sequence[str]) -> Sequence[Envelope]:
        """Those that exist, in no order. At most some hundred ids."""
        query = select(envelopes).where(envelopes.c.id.in_(envelope_ids))
        return self._to_envelopes(self._connection.execute(query).mappings().all())

    def of_agreement(self, agreement_id: str) -> Sequence[Envelope]:
        """Oldest first."""
        query = select(envelopes).where(envelopes.c.agreement_id == agreement_id)
        ordered = query.order_by(envelopes.c.created_at, envelopes.c.id)
        return self._to_envelopes(self._connection.execute(ordered).mappings().all())

    def out(self) -> Sequence[Envelope]:
        """All envelopes that are OUT or PAUSED, oldest first."""
        alive = [str(EnvelopeStatus.OUT), str(EnvelopeStatus.PAUSED)]
        query = select(envelopes).where(envelopes.c.status.in_(alive))
        ordered = query.order_by(envelopes.c.created_at, envelopes.c.id)
        return self._to_envelopes(self._connection.execute(ordered).mappings().all())

    def _update(self, envelope: Envelope, values: dict[str, Any]) -> Envelope:
        saved = replace(envelope, revision=envelope.revision + 1)
        changed = self._connection.execute(
            update(envelopes)
            .where(envelopes.c.id == envelope.id, envelopes.c.revision == envelope.revision)
            .values({**values, "revision": saved.revision})
        ).rowcount
        if changed != 1:
            raise stale_revision("envelope")
        return saved

    def _to_envelopes(self, rows: Sequence[Row]) -> list[Envelope]:
        signers = self._signers.of_envelopes([row["id"] for row in rows])
        return [_to_envelope(row, signers.get(row["id"], ())) for row in rows]


def _check_event(envelope: Envelope, event: AuditEvent) -> None:
    if event.envelope_id != envelope.id:
        raise ValueError(f"the event {event.name} does not name the envelope that is saved with it")


def _only(columns: tuple[str, ...], envelope: Envelope) -> dict[str, Any]:
    row = _to_row(envelope)
    return {name: row[name] for name in columns}


def _to_row(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "agreement_id": envelope.agreement_id,
        "status": str(envelope.status),
        "created_at": write_time(envelope.created_at),
        "expires_at": write_time(envelope.expires_at),
        "original_digest": envelope.original_digest,
        "current_digest": envelope.current_digest,
        "text_digest": envelope.text_digest,
        "message": envelope.message,
        "agreement_json_digest": envelope.agreement_json_digest,
        "completed_at": write_optional_time(envelope.completed_at),
        "sealed_digest": envelope.sealed_digest,
        "sealed_at": write_optional_time(envelope.sealed_at),
        "level": str(envelope.level),
        "timestamp_authority": envelope.timestamp_authority,
        "completion_digest": envelope.completion_digest,
        "lease_holder": envelope.lease_holder,
        "lease_until": write_optional_time(envelope.lease_until),
        "preparation": _preparation_json(envelope.preparation),
        "revision": envelope.revision,
        "text_file_digest": envelope.text_file_digest,
        "reminders": _reminders_json(envelope.reminders),
        "copy_recipients": write_json([asdict(one) for one in envelope.copy_recipients]),
        "in_person": envelope.in_person,
    }


def _to_envelope(row: Row, signers: tuple[Signer, ...]) -> Envelope:
    return Envelope(
        id=row["id"],
        agreement_id=row["agreement_id"],
        status=EnvelopeStatus(row["status"]),
        created_at=read_time(row["created_at"]),
        expires_at=read_time(row["expires_at"]),
        original_digest=row["original_digest"],
        current_digest=row["current_digest"],
        text_digest=row["text_digest"],
        signers=signers,
        message=row["message"],
        agreement_json_digest=row["agreement_json_digest"],
        completed_at=read_optional_time(row["completed_at"]),
        sealed_digest=row["sealed_digest"],
        sealed_at=read_optional_time(row["sealed_at"]),
        level=Level(row["level"]),
        timestamp_authority=row["timestamp_authority"],
        completion_digest=row["completion_digest"],
        lease_holder=row["lease_holder"],
        lease_until=read_optional_time(row["lease_until"]),
        preparation=_to_preparation(row["preparation"]),
        revision=row["revision"],
        text_file_digest=row["text_file_digest"],
        reminders=_to_reminders(row["reminders"]),
        copy_recipients=tuple(CopyRecipient(**data) for data in read_json(row["copy_recipients"])),
        in_person=row["in_person"],
    )


def _reminders_json(plan: ReminderPlan) -> str:
    """ "" for an envelope without reminders, as all were before there were any."""
    return "" if plan == ReminderPlan() else write_json(asdict(plan))


def _to_reminders(text: str) -> ReminderPlan:
    if not text:
        return ReminderPlan()
    data = read_json(text)
    return ReminderPlan(tuple(data["days_after"]), tuple(data["days_before"]), data["stopped"])


def _preparation_json(preparation: Preparation | None) -> str | None:
    if preparation is None:
        return None
    return write_json({**asdict(preparation), "signed_at": write_time(preparation.signed_at)})


def _to_preparation(text: str | None) -> Preparation | None:
    if text is None:
        return None
    data = read_json(text)
    times = {"signed_at": read_time(data["signed_at"])}
    return Preparation(**{**data, **times, "initialled": tuple(data["initialled"])})
