"""Signers' requests for a change, and the owner's answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from app.domain.change_request import ChangeRequest
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

change_requests = Table(
    "change_requests",
    metadata,
    Column("id", Text, primary_key=True),
    Column("envelope_id", Text, ForeignKey("envelopes.id"), nullable=False),
    Column("signer_id", Text, nullable=False),
    Column("family", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("asked_at", String(TIME_LENGTH), nullable=False),
    Column("answer", Text, nullable=False),
    Column("answered_at", String(TIME_LENGTH), nullable=True),
    Index("ix_change_requests_envelope_id", "envelope_id"),
)


class ChangeRequestRows:
    """Implements the Protocol `ChangeRequests` inside one transaction.

    The events are the envelope's (paused, resumed), saved in the same unit of work.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, request: ChangeRequest) -> None:
        """Raises WrongState (at the end of the unit of work) if its envelope is not there."""
        self._connection.execute(insert(change_requests).values(_to_row(request)))

    def get(self, request_id: str) -> ChangeRequest:
        """Raises NotFound."""
        query = select(change_requests).where(change_requests.c.id == request_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("change-request-not-found", "There is no such request.", "Reload the page.")
        return _to_request(row)

    def save(self, request: ChangeRequest) -> None:
        """Raises NotFound for an unknown request, WrongState if it was answered meanwhile."""
        row = _to_row(request)
        changed = self._connection.execute(
            update(change_requests)
            .where(change_requests.c.id == request.id, change_requests.c.answered_at.is_(None))
            .values(row)
        ).rowcount
        if changed != 1:
            self.get(request.id)
            raise stale_revision("request")

    def of_envelope(self, envelope_id: str) -> Sequence[ChangeRequest]:
        """Oldest first."""
        query = select(change_requests).where(change_requests.c.envelope_id == envelope_id)
        ordered = query.order_by(change_requests.c.asked_at, change_requests.c.id)
        return [_to_request(row) for row in self._connection.execute(ordered).mappings()]


def _to_row(request: ChangeRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "envelope_id": request.envelope_id,
        "signer_id": request.signer_id,
        "family": request.family,
        "text": request.text,
        "asked_at": write_time(request.asked_at),
        "answer": request.answer,
        "answered_at": write_optional_time(request.answered_at),
    }


def _to_request(row: Row) -> ChangeRequest:
    return ChangeRequest(
        id=row["id"],
        envelope_id=row["envelope_id"],
        signer_id=row["signer_id"],
        family=row["family"],
        text=row["text"],
        asked_at=read_time(row["asked_at"]),
        answer=row["answer"],
        answered_at=read_optional_time(row["answered_at"]),
    )
