"""The list of agreements: one row beside every agreement, kept right in the same unit of work.

Repositories note which agreements a unit of work touched; before it commits, their rows are
computed anew from what is stored. So a row is never older than its agreement, whoever saved it.
The tables hold nothing that cannot be computed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    case,
    delete,
    func,
    insert,
    select,
    update,
)

from app.domain.agreement import Agreement
from app.domain.envelope import Envelope
from app.domain.listing import (
    ASKED,
    PROGRESS_EVENTS,
    TURN_EVENTS,
    ListedPerson,
    Listing,
    Moves,
    NewestMail,
    Standing,
    list_agreement,
)
from app.domain.message import DeliveryState
from app.domain.workflow import AgreementStatus, EnvelopeStatus
from app.persistence.agreements import AgreementRows, agreements
from app.persistence.audit_log import audit_leaves
from app.persistence.envelopes import EnvelopeRows
from app.persistence.messages import messages
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    metadata,
    read_optional_time,
    read_time,
    write_optional_time,
    write_time,
)

agreement_listing = Table(
    "agreement_listing",
    metadata,
    Column("agreement_id", Text, ForeignKey("agreements.id"), primary_key=True),
    Column("number", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("contract_template", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("counterparty", Text, nullable=False),
    Column("sort_name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("updated_at", String(TIME_LENGTH), nullable=False),
    Column("envelope_id", Text, nullable=False),
    Column("sent_at", String(TIME_LENGTH), nullable=True),
    Column("signed_at", String(TIME_LENGTH), nullable=True),
    Column("expires_at", String(TIME_LENGTH), nullable=True),
    Column("waiting_since", String(TIME_LENGTH), nullable=False),
    Column("moved_at", String(TIME_LENGTH), nullable=False),
    Column("mail_id", Text, nullable=False),
    Column("mail_state", Text, nullable=False),
    Column("search", Text, nullable=False),
    Index("ix_agreement_listing_standing_waiting_since", "standing", "waiting_since"),
    Index("ix_agreement_listing_standing_moved_at", "standing", "moved_at"),
    Index("ix_agreement_listing_standing_updated_at", "standing", "updated_at"),
    # Covers what finding a page of all needs, however far behind it lies.
    Index("ix_agreement_listing_created_at_number_agreement_id", "created_at", "number", "agreement_id"),
    Index("ix_agreement_listing_updated_at", "updated_at"),
    Index("ix_agreement_listing_sort_name", "sort_name"),
    Index("ix_agreement_listing_waiting_since", "waiting_since"),
    Index("ix_agreement_listing_expires_at", "expires_at"),
    Index("ix_agreement_listing_country", "country"),
)

agreement_people = Table(
    "agreement_people",
    metadata,
    Column("agreement_id", Text, ForeignKey("agreements.id"), primary_key=True),
    Column("email", Text, primary_key=True),
    Column("asked", Boolean, nullable=False),
    Column("office", Boolean, nullable=False),
    Index("ix_agreement_people_email_asked", "email", "asked"),
)

agreement_clauses = Table(
    "agreement_clauses",
    metadata,
    Column("agreement_id", Text, ForeignKey("agreements.id"), primary_key=True),
    Column("clause_id", Text, primary_key=True),
    Column("family", Text, nullable=False),
    Column("position", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Index("ix_agreement_clauses_agreement_id_family_position", "agreement_id", "family", "position"),
)


class ListingWriter:
    """Computes and stores rows of the list; called at the end of a unit of work only."""

    def __init__(self, connection: Connection, held: AgreementRows, sent: EnvelopeRows) -> None:
        self._connection = connection
        self._agreements = held
        self._envelopes = sent

    def write(self, agreement_id: str) -> None:
        """Store the row of one agreement as it follows from what is stored now."""
        found = self._agreements.of_ids([agreement_id])
        if not found:
            return  # a message may name an agreement that this database never had
        agreement = found[0]
        listing = self.find(agreement)
        row = _to_row(listing)
        same = agreement_listing.c.agreement_id == agreement_id
        if self._connection.execute(update(agreement_listing).where(same).values(row)).rowcount == 0:
            self._connection.execute(insert(agreement_listing).values(row))
        people = [{"agreement_id": agreement_id, **_person_row(one)} for one in listing.people]
        self._replace(agreement_people, agreement_id, people)
        self._replace(agreement_clauses, agreement_id, _clause_rows(agreement))

    def find(self, agreement: Agreement) -> Listing:
        """The listing computed from what is stored; nothing is written."""
        envelope = self._current(agreement)
        return list_agreement(agreement, envelope, self._mail(envelope), self._moves(agreement))

    def fill_missing(self) -> int:
        """Write the rows that are missing (after an upgrade); how many there were."""
        query = (
            select(agreements.c.id)
            .join(agreement_listing, agreement_listing.c.agreement_id == agreements.c.id, isouter=True)
            .where(agreement_listing.c.agreement_id.is_(None))
        )
        missing = list(self._connection.execute(query).scalars())
        for agreement_id in missing:
            self.write(agreement_id)
        return len(missing)

    def _current(self, agreement: Agreement) -> Envelope | None:
        if not agreement.current_envelope:
            return None
        found = self._envelopes.of_ids([agreement.current_envelope])
        return found[0] if found else None

    def _mail(self, envelope: Envelope | None) -> NewestMail:
        """The newest message to one of those whose turn it is."""
        if envelope is None or envelope.status is not EnvelopeStatus.OUT:
            return NewestMail()
        asked = [signer.id for signer in envelope.active_signers() if signer.status in ASKED]
        query = (
            select(messages.c.id, messages.c.state)
            .where(messages.c.agreement_id == envelope.agreement_id, messages.c.signer_id.in_(asked))
            .order_by(messages.c.created_at.desc(), messages.c.id)
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return NewestMail(row.id, DeliveryState(row.state)) if row else NewestMail()

    def _moves(self, agreement: Agreement) -> Moves:
        turned = func.max(case((audit_leaves.c.name.in_(TURN_EVENTS), audit_leaves.c.at)))
        moved = func.max(case((audit_leaves.c.name.in_(PROGRESS_EVENTS), audit_leaves.c.at)))
        query = select(turned, moved).where(audit_leaves.c.agreement_id == agreement.id)
        since, last = (
            read_time(at) if at else agreement.created_at for at in self._connection.execute(query).one()
        )
        return Moves(since, last)

    def _replace(self, table: Table, agreement_id: str, rows: Sequence[dict[str, Any]]) -> None:
        """Store `rows` as those of one agreement; nothing is written where they stand so already."""
        same = table.c.agreement_id == agreement_id
        stored = [dict(row) for row in self._connection.execute(select(table).where(same)).mappings()]
        if sorted(stored, key=str) == sorted(rows, key=str):
            return
        self._connection.execute(delete(table).where(same))
        if rows:
            self._connection.execute(insert(table), rows)


def _clause_rows(agreement: Agreement) -> list[dict[str, Any]]:
    rows = []
    for clause_id, digest in agreement.clause_versions.items():
        family, _, position = clause_id.partition(".")
        rows.append({
            "agreement_id": agreement.id,
            "clause_id": clause_id,
            "family": family,
            "position": position,
            "digest": digest,
        })  # fmt: skip
    return rows


def _person_row(person: ListedPerson) -> dict[str, Any]:
    return {"email": person.email, "asked": person.asked, "office": person.office}


def _to_row(listing: Listing) -> dict[str, Any]:
    return {
        "agreement_id": listing.agreement_id,
        "number": listing.number,
        "title": listing.title,
        "contract_template": listing.contract_template,
        "status": str(listing.status),
        "standing": str(listing.standing),
        "counterparty": listing.counterparty,
        "sort_name": listing.sort_name,
        "country": listing.country,
        "created_at": write_time(listing.created_at),
        "updated_at": write_time(listing.updated_at),
        "envelope_id": listing.envelope_id,
        "sent_at": write_optional_time(listing.sent_at),
        "signed_at": write_optional_time(listing.signed_at),
        "expires_at": write_optional_time(listing.expires_at),
        "waiting_since": write_time(listing.waiting_since),
        "moved_at": write_time(listing.moved_at),
        "mail_id": listing.mail.id,
        "mail_state": str(listing.mail.state or ""),
        "search": listing.search,
    }


def to_listing(row: Row, people: Mapping[str, tuple[ListedPerson, ...]]) -> Listing:
    """A stored row as the domain knows it. people: agreement id -> who signs."""
    return Listing(
        agreement_id=row["agreement_id"],
        number=row["number"],
        title=row["title"],
        contract_template=row["contract_template"],
        status=AgreementStatus(row["status"]),
        standing=Standing(row["standing"]),
        counterparty=row["counterparty"],
        country=row["country"],
        created_at=read_time(row["created_at"]),
        updated_at=read_time(row["updated_at"]),
        envelope_id=row["envelope_id"],
        sent_at=read_optional_time(row["sent_at"]),
        signed_at=read_optional_time(row["signed_at"]),
        expires_at=read_optional_time(row["expires_at"]),
        waiting_since=read_time(row["waiting_since"]),
        moved_at=read_time(row["moved_at"]),
        mail=NewestMail(row["mail_id"], DeliveryState(row["mail_state"]) if row["mail_state"] else None),
        search=row["search"],
        people=people.get(row["agreement_id"], ()),
    )
