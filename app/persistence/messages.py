"""Messages and how far they got."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Text, insert, select, update

from app.domain.audit import AuditEvent
from app.domain.errors import NotFound
from app.domain.message import Attachment, DeliveryState, Message, Secret
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

messages = Table(
    "messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("message_id", Text, nullable=False, unique=True),
    Column("to_name", Text, nullable=False),
    Column("to_address", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("state", Text, nullable=False),
    Column("attachments", Text, nullable=False),
    Column("agreement_id", Text, nullable=False),
    Column("envelope_id", Text, nullable=False),
    Column("signer_id", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("last_error", Text, nullable=False),
    Column("handed_over_at", String(TIME_LENGTH), nullable=True),
    Column("secret", Text, nullable=False),
    Column("secret_for", Text, nullable=False),
    Column("secret_until", String(TIME_LENGTH), nullable=True),
    Index("ix_messages_agreement_id", "agreement_id"),
)


class MessageRows:
    """Implements the Protocol `Messages` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows, touched: set[str]) -> None:
        """touched: takes the ids of agreements whose row in the list is to be written anew."""
        self._connection = connection
        self._audit = audit
        self._touched = touched

    def add(self, message: Message) -> None:
        self._connection.execute(insert(messages).values(_to_row(message)))
        self._touch(message)

    def get(self, message_id: str) -> Message:
        """By `Message.id`. Raises NotFound."""
        query = select(messages).where(messages.c.id == message_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise _not_found()
        return _to_message(row)

    def save(self, message: Message, event: AuditEvent | None = None) -> None:
        """Raises NotFound for a message that was never added."""
        query = update(messages).where(messages.c.id == message.id).values(_to_row(message))
        if self._connection.execute(query).rowcount != 1:
            raise _not_found()
        self._touch(message)
        if event is not None:
            self._audit.append(event)

    def of_agreement(self, agreement_id: str) -> Sequence[Message]:
        """Oldest first."""
        query = select(messages).where(messages.c.agreement_id == agreement_id)
        ordered = query.order_by(messages.c.created_at, messages.c.id)
        return [_to_message(row) for row in self._connection.execute(ordered).mappings()]

    def _touch(self, message: Message) -> None:
        if message.agreement_id and message.signer_id:
            self._touched.add(message.agreement_id)


def _not_found() -> NotFound:
    return NotFound("message-not-found", "There is no such message.", "Reload the list of messages.")


def _to_row(message: Message) -> dict[str, Any]:
    return {
        "id": message.id,
        "message_id": message.message_id,
        "to_name": message.to_name,
        "to_address": message.to_address,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "created_at": write_time(message.created_at),
        "state": str(message.state),
        "attachments": write_json([asdict(attachment) for attachment in message.attachments]),
        "agreement_id": message.agreement_id,
        "envelope_id": message.envelope_id,
        "signer_id": message.signer_id,
        "tries": message.tries,
        "last_error": message.last_error,
        "handed_over_at": write_optional_time(message.handed_over_at),
        "secret": str(message.secret),
        "secret_for": message.secret_for,
        "secret_until": write_optional_time(message.secret_until),
    }


def _to_message(row: Row) -> Message:
    return Message(
        id=row["id"],
        message_id=row["message_id"],
        to_name=row["to_name"],
        to_address=row["to_address"],
        subject=row["subject"],
        text=row["text"],
        html=row["html"],
        created_at=read_time(row["created_at"]),
        state=DeliveryState(row["state"]),
        attachments=tuple(Attachment(**data) for data in read_json(row["attachments"])),
        agreement_id=row["agreement_id"],
        envelope_id=row["envelope_id"],
        signer_id=row["signer_id"],
        tries=row["tries"],
        last_error=row["last_error"],
        handed_over_at=read_optional_time(row["handed_over_at"]),
        secret=Secret(row["secret"]),
        secret_for=row["secret_for"],
        secret_until=read_optional_time(row["secret_until"]),
    )
