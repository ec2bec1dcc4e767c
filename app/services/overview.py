"""The overview: what waits for the owner, what waits for somebody else, what ended lately."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.clause import Role
from app.domain.contract_template import Library
from app.domain.envelope import Envelope, Signer
from app.domain.finding import Severity
from app.domain.job import Job
from app.domain.message import DeliveryState, Message
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus
from app.services.assessment import assess_agreement
from app.services.delivery import DELIVER_JOB
from app.services.invitations import ASKED
from app.services.sealing import SEAL_JOB
from app.toolkit import Toolkit, UnitOfWork

T = TypeVar("T")

PAGE = 50
FINISHED_SHOWN = 6
SOON = timedelta(days=3)
BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
FINISHED = (AgreementStatus.SEALED, AgreementStatus.ENDED)


class Standing(StrEnum):
    """What is the matter with one agreement; pages have words and a colour for each."""

    DRAFT_OPEN = "draft_open"  # points to settle
    DRAFT_READY = "draft_ready"  # nothing to settle; the gate may still be closed
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    YOUR_TURN = "your_turn"
    CHANGE_ASKED = "change_asked"
    MAIL_FAILED = "mail_failed"
    OUT = "out"
    PENDING = "pending"  # signed; the last timestamp waits
    SEALED = "sealed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"
    ENDED = "ended"


WAITS_FOR_YOU = frozenset(
    {
        Standing.DRAFT_OPEN,
        Standing.DRAFT_READY,
        Standing.APPROVED,
        Standing.YOUR_TURN,
        Standing.CHANGE_ASKED,
        Standing.MAIL_FAILED,
        Standing.DECLINED,
        Standing.EXPIRED,
    }
)
WAITS_FOR_OTHERS = frozenset({Standing.IN_REVIEW, Standing.OUT, Standing.PENDING})
_OF_DEAD_ENVELOPE = {
    EnvelopeStatus.DECLINED: Standing.DECLINED,
    EnvelopeStatus.EXPIRED: Standing.EXPIRED,
    EnvelopeStatus.VOIDED: Standing.VOIDED,
}


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signer as a line: signed, yours to sign now, or somebody else's."""

    name: str
    is_you: bool
    signed_at: datetime | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One agreement on the dashboard.

    to_settle: error findings of a draft. next_try_at: of what the application tries again.
    mail: the newest message to a signer whose turn it is, None where there is none.
    """

    agreement: Agreement
    counterparty: str
    country: str
    standing: Standing
    lines: tuple[SignatureLine, ...]
    envelope: Envelope | None = None
    to_settle: int = 0
    next_try_at: datetime | None = None
    mail: Message | None = None
    asked: tuple[str, ...] = ()  # names of those whose turn it is
    begun: bool = False  # one of them has confirmed who they are
    expires_soon: bool = False


@dataclass(frozen=True, slots=True)
class Overview:
    """Each list is bounded; `page` of the two waiting lists counts from 1."""

    yours: tuple[Row, ...]
    others: tuple[Row, ...]
    finished: tuple[Row, ...]
    yours_count: int
    others_count: int
    page: int
    pages: int


def read_overview(kit: Toolkit, actor: Actor, page: int = 1) -> Overview:
    """How all agreements stand for this person."""
    now = kit.clock.now()
    with kit.unit_of_work(read_only=True) as unit:
        reader = _Reader(kit, unit, actor, now)
        open_ones = [one for one in unit.agreements.list() if one.status not in FINISHED]
        rows = [reader.row(one) for one in open_ones]
        yours = [row for row in rows if row.standing in WAITS_FOR_YOU]
        others = [row for row in rows if row.standing in WAITS_FOR_OTHERS]
        voided = [row.agreement for row in rows if row.standing is Standing.VOIDED]
        pages = max(1, _pages(yours), _pages(others))
        page = min(max(1, page), pages)
        return Overview(
            yours=tuple(reader.with_findings(row) for row in _slice(yours, page)),
            others=tuple(_slice(others, page)),
            finished=reader.finished(voided),
            yours_count=len(yours),
            others_count=len(others),
            page=page,
            pages=pages,
        )


def read_all(kit: Toolkit, actor: Actor, page: int = 1) -> tuple[tuple[Row, ...], int, int]:
    """Every agreement, newest first: the rows of a page, the page, and how many pages there are."""
    with kit.unit_of_work(read_only=True) as unit:
        reader = _Reader(kit, unit, actor, kit.clock.now())
        agreements = unit.agreements.list()
        pages = max(1, _pages(agreements))
        page = min(max(1, page), pages)
        return tuple(reader.row(one) for one in _slice(agreements, page)), page, pages


def read_row(kit: Toolkit, unit: UnitOfWork, actor: Actor, agreement: Agreement) -> Row:
    """How one agreement stands, with the points to settle of a draft."""
    reader = _Reader(kit, unit, actor, kit.clock.now())
    return reader.with_findings(reader.row(agreement))


def counterparty_of(agreement: Agreement) -> str:
    """The other party as people call it: the person or company named in the answers."""
    named = agreement.answers.families.get("parties", {}).get("assistant_name")
    return str(named) if named else "Nobody yet"


class _Reader:
    """Looks the agreements up inside one snapshot."""

    def __init__(self, kit: Toolkit, unit: UnitOfWork, actor: Actor, now: datetime) -> None:
        self._unit = unit
        self._actor = actor
        self._now = now
        self._library = kit.library.library()
        self._jobs: dict[str, Job] = {job.key: job for job in unit.jobs.waiting()}

    def row(self, agreement: Agreement) -> Row:
        current = agreement.current_envelope
        envelope = self._unit.envelopes.get(current) if current else None
        asked = [s for s in envelope.active_signers() if s.status in ASKED] if envelope else []
        mail = self._newest_mail(envelope, asked) if envelope else None
        standing = self._standing(agreement, envelope, asked, mail)
        alive = agreement.status not in BEFORE_SENDING
        return Row(
            agreement=agreement,
            counterparty=counterparty_of(agreement),
            country=self._country(agreement),
            standing=standing,
            lines=self._lines(agreement, envelope if alive else None),
            envelope=envelope,
            next_try_at=self._next_try(standing, envelope, mail),
            mail=mail,
            asked=tuple(signer.name for signer in asked),
            begun=any(signer.status is not SignerStatus.INVITED for signer in asked),
            expires_soon=envelope is not None and envelope.expires_at - self._now < SOON,
        )

    def with_findings(self, row: Row) -> Row:
        """The row of a draft with the number of points to settle; others as they are."""
        if row.standing not in (Standing.DRAFT_OPEN, Standing.APPROVED):
            return row
        count = count_to_settle(self._unit, self._library, row.agreement, self._now)
        if row.standing is Standing.DRAFT_OPEN and count == 0:
            return replace(row, standing=Standing.DRAFT_READY, to_settle=0)
        return replace(row, to_settle=count)

    def finished(self, voided: Iterable[Agreement]) -> tuple[Row, ...]:
        ended = [one for status in FINISHED for one in self._unit.agreements.list(status)]
        newest = sorted([*ended, *voided], key=lambda one: one.updated_at, reverse=True)
        return tuple(self.row(one) for one in newest[:FINISHED_SHOWN])

    def _standing(
        self, agreement: Agreement, envelope: Envelope | None, asked: Sequence[Signer], mail: Message | None
    ) -> Standing:
        match agreement.status:
            case AgreementStatus.DRAFT:
                dead = _OF_DEAD_ENVELOPE.get(envelope.status) if envelope else None
                return dead or Standing.DRAFT_OPEN
            case AgreementStatus.IN_REVIEW if self._is_signed_off(agreement):
                return Standing.APPROVED
            case AgreementStatus.OUT:
                return self._standing_out(envelope, asked, mail)
            case AgreementStatus.SIGNED:
                return Standing.PENDING
        return Standing(str(agreement.status))

    def _is_signed_off(self, agreement: Agreement) -> bool:
        """Whether a lawyer signed off every clause of it: then nothing waits for the lawyer any more."""
        review = assess_agreement(self._unit, self._library, agreement, self._now).review
        return review.passes and not review.sample

    def _standing_out(
        self, envelope: Envelope | None, asked: Sequence[Signer], mail: Message | None
    ) -> Standing:
        if envelope is not None and envelope.status is EnvelopeStatus.PAUSED:
            return Standing.CHANGE_ASKED
        if any(self._is_you(signer.side, signer.email) for signer in asked):
            return Standing.YOUR_TURN
        if mail is not None and mail.state is DeliveryState.FAILED:
            return Standing.MAIL_FAILED
        return Standing.OUT

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

    def _country(self, agreement: Agreement) -> str:
        known = self._library.jurisdictions.get(str(agreement.answers.facts.get("assistant_country", "")))
        return known.name if known else ""

    def _newest_mail(self, envelope: Envelope, asked: Sequence[Signer]) -> Message | None:
        if envelope.status is not EnvelopeStatus.OUT:
            return None
        ids = {signer.id for signer in asked}
        messages = self._unit.messages.of_agreement(envelope.agreement_id)
        sent = [one for one in messages if one.signer_id in ids]
        return max(sent, key=lambda one: one.created_at, default=None)

    def _next_try(
        self, standing: Standing, envelope: Envelope | None, mail: Message | None
    ) -> datetime | None:
        key = ""
        if standing is Standing.PENDING and envelope is not None:
            key = f"{SEAL_JOB}:{envelope.id}"
        elif mail is not None and mail.state is DeliveryState.DELAYED:
            key = f"{DELIVER_JOB}:{mail.id}"
        job = self._jobs.get(key)
        return job.due_at if job else None


def count_to_settle(unit: UnitOfWork, library: Library, agreement: Agreement, now: datetime) -> int:
    """How many findings keep an agreement from being sent."""
    findings = assess_agreement(unit, library, agreement, now).findings
    return sum(finding.severity is Severity.ERROR for finding in findings)


def _pages(rows: Sequence[object]) -> int:
    return -(-len(rows) // PAGE)


def _slice(rows: Sequence[T], page: int) -> Sequence[T]:
    return rows[(page - 1) * PAGE : page * PAGE]
