"""Lawyers' sign-offs of clause versions. Never changed; a later one supersedes an earlier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Boolean, Column, Connection, Index, String, Table, Text, insert, select

from app.domain.audit import AuditEvent
from app.domain.review import Decision, SignOff
from app.persistence.audit_log import AuditRows
from app.persistence.schema import (
    DIGEST_LENGTH,
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

sign_offs = Table(
    "sign_offs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("clause_id", Text, nullable=False),
    Column("clause_version", Text, nullable=False),
    Column("clause_digest", String(DIGEST_LENGTH), nullable=False),
    Column("lawyer_id", Text, nullable=False),
    Column("lawyer_name", Text, nullable=False),
    Column("bar_number", Text, nullable=False),
    Column("bar_jurisdiction", Text, nullable=False),
    Column("decision", Text, nullable=False),
    Column("jurisdictions", Text, nullable=False),
    Column("contract_templates", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("decided_at", String(TIME_LENGTH), nullable=False),
    Column("expires_at", String(TIME_LENGTH), nullable=True),
    Column("sample", Boolean, nullable=False),
    Index("ix_sign_offs_clause_digest", "clause_digest"),
)

IN_ONE_QUERY = 500


class SignOffRows:
    """Implements the Protocol `SignOffs` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows) -> None:
        self._connection = connection
        self._audit = audit

    def add(self, sign_off: SignOff, event: AuditEvent) -> None:
        self._connection.execute(insert(sign_offs).values(_to_row(sign_off)))
        self._audit.append(event)

    def of_digests(self, digests: Iterable[str]) -> Sequence[SignOff]:
        """All decisions on these clause versions, oldest first."""
        wanted = sorted(set(digests))
        found: list[SignOff] = []
        for start in range(0, len(wanted), IN_ONE_QUERY):
            some = wanted[start : start + IN_ONE_QUERY]
            query = select(sign_offs).where(sign_offs.c.clause_digest.in_(some))
            found += [_to_sign_off(row) for row in self._connection.execute(query).mappings()]
        return sorted(found, key=lambda sign_off: (sign_off.decided_at, sign_off.id))


def _to_row(sign_off: SignOff) -> dict[str, object]:
    return {
        "id": sign_off.id,
        "clause_id": sign_off.clause_id,
        "clause_version": sign_off.clause_version,
        "clause_digest": sign_off.clause_digest,
        "lawyer_id": sign_off.lawyer_id,
        "lawyer_name": sign_off.lawyer_name,
        "bar_number": sign_off.bar_number,
        "bar_jurisdiction": sign_off.bar_jurisdiction,
        "decision": str(sign_off.decision),
        "jurisdictions": write_json(sign_off.jurisdictions),
        "contract_templates": write_json(sign_off.contract_templates),
        "conditions": sign_off.conditions,
        "comment": sign_off.comment,
        "decided_at": write_time(sign_off.decided_at),
        "expires_at": write_optional_time(sign_off.expires_at),
        "sample": sign_off.sample,
    }


def _to_sign_off(row: Row) -> SignOff:
    return SignOff(
        id=row["id"],
        clause_id=row["clause_id"],
        clause_version=row["clause_version"],
        clause_digest=row["clause_digest"],
        lawyer_id=row["lawyer_id"],
        lawyer_name=row["lawyer_name"],
        bar_number=row["bar_number"],
        bar_jurisdiction=row["bar_jurisdiction"],
        decision=Decision(row["decision"]),
        jurisdictions=tuple(read_json(row["jurisdictions"])),
        contract_templates=tuple(read_json(row["contract_templates"])),
        conditions=row["conditions"],
        comment=row["comment"],
        decided_at=read_time(row["decided_at"]),
        expires_at=read_optional_time(row["expires_at"]),
        sample=row["sample"],
    )
