"""One agreement in a list: how it stands, who signed, and what is to be done now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.clause import Role
from app.domain.contract_template import Library
from app.domain.envelope import Envelope
from app.domain.finding import Severity
from app.domain.listing import (
    ASKED,
    ASKED_OF_SOMEBODY,
    BEFORE_SENDING,
    ENDS_SOON,
    OVERDUE_AFTER,
    Listing,
    Standing,
)
from app.domain.listing_query import Reader
from app.domain.message import DeliveryState, Message
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.services.assessment import assess_agreement
from app.services.delivery import DELIVER_JOB
from app.services.overview.readers import find_reader_of
from app.services.sealing import SEAL_JOB
from app.toolkit import Toolkit, UnitOfWork

SHOWN_MAIL = (DeliveryState.QUEUED, DeliveryState.DELAYED, DeliveryState.FAILED)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signer as a line: signed, yours to sign now, or somebody else's."""

    name: str
    is_you: bool
    signed_at: datetime | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One agreement in a list.

    to_settle: error findings of a draft. next_try_at: of what the application tries again.
    mail: the newest message to a signer whose turn it is, if it is not handed over.
    overdue_days: full days since it became overdue; None if it is not.
    """

    agreement: Agreement
    counterparty: str
    country: str
    standing: Standing
    lines: tuple[SignatureLine, ...]
    waiting_since: datetime
    envelope: Envelope | None = None
    to_settle: int = 0
    next_try_at: datetime | None = None
    mail: Message | None = None
    asked: tuple[str, ...] = ()  # names of those whose turn it is
    begun: bool = False  # one of them has confirmed who they are
    expires_soon: bool = False
    overdue_days: int | None = None


def read_row(kit: Toolkit, unit: UnitOfWork, actor: Actor, agreement: Agreement) -> Row:
    """How one agreement stands, with the points to settle of a draft."""
    now = kit.clock.now()
    reader = find_reader_of(unit, kit.library.library(), actor, now, agreement)
    rows = RowReader(kit, unit, actor, reader)
    return rows.with_findings(rows.read([unit.listing.get(agreement.id)])[0])


def count_to_settle(unit: UnitOfWork, library: Library, agreement: Agreement, now: datetime) -> int:
    """How many findings keep an agreement from being sent."""
    findings = assess_agreement(unit, library, agreement, now).findings
    return sum(finding.severity is Severity.ERROR for finding in findings)


class RowReader:
    """Makes rows of listings, inside one snapshot; the agreements of a page are read at once."""

    def __init__(self, kit: Toolkit, unit: UnitOfWork, actor: Actor, reader: Reader) -> None:
        self._unit = unit
        self._actor = actor
        self._reader = reader
        self._now = kit.clock.now()
        self._library = kit.library.library()
        self._due: Mapping[str, datetime] | None = None

    def read(self, listings: Sequence[Listing]) -> tuple[Row, ...]:
        """In the order of `listings`."""
        held = {one.id: one for one in self._unit.agreements.of_ids([one.agreement_id for one in listings])}
        current = [one.envelope_id for one in listings if one.envelope_id]
        envelopes = {one.id: one for one in self._unit.envelopes.of_ids(current)}
        return tuple(
            self._row(one, held[one.agreement_id], envelopes.get(one.envelope_id)) for one in listings
        )

    def with_findings(self, row: Row) -> Row:
        """The row of a draft with the number of points to settle; others as they are."""
        if row.standing not in (Standing.DRAFT_OPEN, Standing.APPROVED):
            return row
        count = count_to_settle(self._unit, self._library, row.agreement, self._now)
        if row.standing is Standing.DRAFT_OPEN and count == 0:
            return replace(row, standing=Standing.DRAFT_READY, to_settle=0)
        return replace(row, to_settle=count)

    def _row(self, listing: Listing, agreement: Agreement, envelope: Envelope | None) -> Row:
        signed_off = agreement.id in self._reader.signed_off
        standing = listing.standing_for(self._reader.owner_email, signed_off=signed_off)
        out = envelope is not None and envelope.status is EnvelopeStatus.OUT
        asked = [one for one in envelope.active_signers() if one.status in ASKED] if envelope and out else []
        mail = self._mail(listing)
        known = self._library.jurisdictions.get(listing.country)
        return Row(
            agreement=agreement,
            counterparty=listing.counterparty,
            country=known.name if known else "",
            standing=standing,
            lines=self._lines(agreement, None if agreement.status in BEFORE_SENDING else envelope),
            waiting_since=listing.waiting_since,
            envelope=envelope,
            next_try_at=self._next_try(standing, envelope, mail),
            mail=mail,
            asked=tuple(signer.name for signer in asked),
            begun=any(signer.status is not SignerStatus.INVITED for signer in asked),
            expires_soon=listing.expires_at is not None and listing.expires_at - self._now < ENDS_SOON,
            overdue_days=self._overdue_days(listing, standing),
        )

    def _overdue_days(self, listing: Listing, standing: Standing) -> int | None:
        late = self._now - listing.moved_at - OVERDUE_AFTER
        is_late = standing in ASKED_OF_SOMEBODY and late.total_seconds() > 0
        return late.days if is_late else None

    def _lines(self, agreement: Agreement, envelope: Envelope | None) -> tuple[SignatureLine, ...]:
        if envelope is not None:
            return tuple(
                SignatureLine(
                    signer.name,
                    self._is_you(signer.side, signer.email),
                    signer.signature.signed_at if signer.signature else None,
                    signer.status in ASKED,
                )
                for signer in envelope.active_signers()
            )
        template = self._library.contract_templates.get(agreement.contract_template)
        roles = sorted(template.signer_roles, key=lambda role: role.order) if template else []
        lines = []
        for role in roles:
            answer = agreement.answers.signers.get(role.id)
            side = "client" if role.side is Role.CLIENT else "assistant"
            name, email = (answer.name, answer.email) if answer else ("", "")
            lines.append(SignatureLine(name or "Not named yet", self._is_you(side, email), None, False))
        return tuple(lines)

    def _is_you(self, side: str, email: str) -> bool:
        owner = self._actor.part is Part.OWNER
        return owner and side == "client" and email.lower() == self._actor.email.lower()

    def _mail(self, listing: Listing) -> Message | None:
        return self._unit.messages.get(listing.mail.id) if listing.mail.state in SHOWN_MAIL else None

    def _next_try(
        self, standing: Standing, envelope: Envelope | None, mail: Message | None
    ) -> datetime | None:
        if standing is Standing.PENDING and envelope is not None:
            return self._due_at(f"{SEAL_JOB}:{envelope.id}")
        if mail is not None and mail.state is DeliveryState.DELAYED:
            return self._due_at(f"{DELIVER_JOB}:{mail.id}")
        return None

    def _due_at(self, key: str) -> datetime | None:
        if self._due is None:
            self._due = {job.key: job.due_at for job in self._unit.jobs.waiting()}
        return self._due.get(key)
