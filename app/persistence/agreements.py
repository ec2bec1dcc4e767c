"""Agreements: one row each, the answers as canonical JSON, a revision against lost updates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Text, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.agreement import Agreement, TextApproval
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.errors import NotFound, WrongState
from app.domain.workflow import AgreementStatus
from app.persistence.audit_log import AuditRows
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    metadata,
    read_json,
    read_time,
    write_json,
    write_time,
)

agreements = Table(
    "agreements",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("contract_template", Text, nullable=False),
    Column("contract_template_version", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("updated_at", String(TIME_LENGTH), nullable=False),
    Column("text_digest", Text, nullable=False),
    Column("clause_versions", Text, nullable=False),
    Column("approval", Text, nullable=True),
    Column("override_reason", Text, nullable=False),
    Column("accepted_gaps", Text, nullable=False),
    Column("current_envelope", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("ix_agreements_status_created_at", "status", "created_at"),
    Index("ix_agreements_current_envelope", "current_envelope"),
)

agreement_numbers = Table(
    "agreement_numbers",
    metadata,
    Column("prefix", Text, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)


class AgreementRows:
    """Implements the Protocol `Agreements` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows, touched: set[str]) -> None:
        """touched: takes the ids of agreements whose row in the list is to be written anew."""
        self._connection = connection
        self._audit = audit
        self._touched = touched

    def get(self, agreement_id: str) -> Agreement:
        """Raises NotFound."""
        row = (
            self._connection.execute(select(agreements).where(agreements.c.id == agreement_id))
            .mappings()
            .one_or_none()
        )
        if row is None:
            raise NotFound("agreement-not-found", "There is no such agreement.", "Check the link.")
        return _to_agreement(row)

    def add(self, agreement: Agreement, event: AuditEvent) -> None:
        """Raises WrongState (at the end of the unit of work) if the id or the number is taken."""
        _check_event(agreement, event)
        self._connection.execute(insert(agreements).values(_to_row(agreement)))
        self._audit.append(event)
        self._touched.add(agreement.id)

    def save(self, agreement: Agreement, event: AuditEvent) -> Agreement:
        """The agreement with its new revision. Raises WrongState if somebody saved in between."""
        _check_event(agreement, event)
        saved = replace(agreement, revision=agreement.revision + 1)
        changed = self._connection.execute(
            update(agreements)
            .where(agreements.c.id == agreement.id, agreements.c.revision == agreement.revision)
            .values(_to_row(saved))
        ).rowcount
        if changed != 1:
            raise stale_revision("agreement")
        self._audit.append(event)
        self._touched.add(agreement.id)
        return saved

    def save_clauses(self, agreement: Agreement) -> bool:
        """Store `clause_versions` only: they follow from the answers and the library, and have no event.

        False, and nothing stored, if somebody saved in between.
        """
        same = (agreements.c.id == agreement.id) & (agreements.c.revision == agreement.revision)
        values = {"clause_versions": write_json(agreement.clause_versions)}
        if self._connection.execute(update(agreements).where(same).values(values)).rowcount != 1:
            return False
        self._touched.add(agreement.id)
        return True

    def of_ids(self, agreement_ids: Sequence[str]) -> Sequence[Agreement]:
        """Those that exist, in no order. At most some hundred ids."""
        query = select(agreements).where(agreements.c.id.in_(agreement_ids))
        return [_to_agreement(row) for row in self._connection.execute(query).mappings()]

    def list(self, status: AgreementStatus | None = None) -> Sequence[Agreement]:
        """Newest first."""
        query = select(agreements).order_by(agreements.c.created_at.desc(), agreements.c.number.desc())
        if status is not None:
            query = query.where(agreements.c.status == str(status))
        return [_to_agreement(row) for row in self._connection.execute(query).mappings()]

    def next_number(self, prefix: str, year: int) -> str:
        """The next free number, "LB-2026-014"; never given twice."""
        dialect = postgresql if self._connection.dialect.name == "postgresql" else sqlite
        first = dialect.insert(agreement_numbers).values(prefix=prefix, year=year, last=1)
        counted = first.on_conflict_do_update(
            index_elements=["prefix", "year"], set_={"last": agreement_numbers.c.last + 1}
        ).returning(agreement_numbers.c.last)
        return f"{prefix}-{year}-{self._connection.execute(counted).scalar_one():03d}"


def stale_revision(noun: str) -> WrongState:
    """What is raised when a save is based on an older revision than the stored one."""
    return WrongState(
        "stale-revision",
        f"Somebody else changed this {noun} in the meantime; nothing of this change was stored.",
        "Reload the page and try again.",
        retryable=True,
    )


def _check_event(agreement: Agreement, event: AuditEvent) -> None:
    if event.agreement_id != agreement.id:
        raise ValueError(f"the event {event.name} does not name the agreement that is saved with it")


def _to_row(agreement: Agreement) -> dict[str, Any]:
    return {
        "id": agreement.id,
        "number": agreement.number,
        "title": agreement.title,
        "contract_template": agreement.contract_template,
        "contract_template_version": agreement.contract_template_version,
        "answers": write_json(agreement.answers.to_json()),
        "status": str(agreement.status),
        "created_at": write_time(agreement.created_at),
        "updated_at": write_time(agreement.updated_at),
        "text_digest": agreement.text_digest,
        "clause_versions": write_json(agreement.clause_versions),
        "approval": None if agreement.approval is None else write_json(_approval_json(agreement.approval)),
        "override_reason": agreement.override_reason,
        "accepted_gaps": write_json(agreement.accepted_gaps),
        "current_envelope": agreement.current_envelope,
        "revision": agreement.revision,
    }


def _to_agreement(row: Row) -> Agreement:
    return Agreement(
        id=row["id"],
        number=row["number"],
        title=row["title"],
        contract_template=row["contract_template"],
        contract_template_version=row["contract_template_version"],
        answers=Answers.from_json(read_json(row["answers"])),
        status=AgreementStatus(row["status"]),
        created_at=read_time(row["created_at"]),
        updated_at=read_time(row["updated_at"]),
        text_digest=row["text_digest"],
        clause_versions=read_json(row["clause_versions"]),
        approval=None if row["approval"] is None else _to_approval(read_json(row["approval"])),
        override_reason=row["override_reason"],
        accepted_gaps=read_json(row["accepted_gaps"]),
        current_envelope=row["current_envelope"],
        revision=row["revision"],
    )


def _approval_json(approval: TextApproval) -> dict[str, Any]:
    return {
        "lawyer_id": approval.lawyer_id,
        "lawyer_name": approval.lawyer_name,
        "text_digest": approval.text_digest,
        "decided_at": write_time(approval.decided_at),
        "comment": approval.comment,
        "sample": approval.sample,
    }


def _to_approval(data: dict[str, Any]) -> TextApproval:
    return TextApproval(**{**data, "decided_at": read_time(data["decided_at"])})
