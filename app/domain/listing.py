"""How one agreement stands in lists: whom it waits for, since when, and what it is found by.

A `Listing` follows from the agreement, its envelope, its mail and its events alone. Persistence
keeps one row of it beside every agreement, so that lists are filtered, sorted and paged without
reading agreements. Whether it is the reader's own turn, what is overdue and what ends soon
depend on reader and time, and are decided when a list is read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.agreement import Agreement
from app.domain.envelope import Envelope
from app.domain.message import DeliveryState
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus

OVERDUE_AFTER = timedelta(days=7)  # somebody was asked, and nothing has moved since
ENDS_SOON = timedelta(days=3)
ASKED = (SignerStatus.INVITED, SignerStatus.IDENTIFIED, SignerStatus.CONSENTED)
BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
NOBODY_YET = "Nobody yet"


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
FINISHED = frozenset({Standing.SEALED, Standing.VOIDED, Standing.ENDED})
# Somebody was asked to do something: these can be overdue.
ASKED_OF_SOMEBODY = frozenset(
    {
        Standing.IN_REVIEW,
        Standing.OUT,
        Standing.YOUR_TURN,
        Standing.MAIL_FAILED,
        Standing.CHANGE_ASKED,
    }
)
OUT_NOW = frozenset({Standing.OUT, Standing.YOUR_TURN, Standing.MAIL_FAILED, Standing.CHANGE_ASKED})

# Events after which it waits for somebody else, or begins to wait anew.
TURN_EVENTS = (
    "agreement.drafted",
    "agreement.edited",
    "agreement.details_given",
    "agreement.review_requested",
    "agreement.review_withdrawn",
    "agreement.sent_back",
    "agreement.approved",
    "agreement.sent",
    "agreement.returned_to_draft",
    "agreement.signed",
    "agreement.sealed",
    "agreement.ended",
    "agreement.discarded",
    "envelope.change_requested",
    "envelope.resumed",
    "signature.applied",
    "signer.replaced",
)
# Events by which it moves: those, and what a signer does on the way to the signature.
PROGRESS_EVENTS = (
    *TURN_EVENTS,
    "envelope.viewed",
    "signer.identified",
    "consent.given",
    "credential.issued",
)

_OF_DEAD_ENVELOPE = {
    EnvelopeStatus.DECLINED: Standing.DECLINED,
    EnvelopeStatus.EXPIRED: Standing.EXPIRED,
    EnvelopeStatus.VOIDED: Standing.VOIDED,
}


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody who signs. email: folded. asked: it is their turn. office: on the owner's side."""

    email: str
    asked: bool = False
    office: bool = False


@dataclass(frozen=True, slots=True)
class NewestMail:
    """The newest message to somebody whose turn it is; its id is "" where there is none."""

    id: str = ""
    state: DeliveryState | None = None


@dataclass(frozen=True, slots=True)
class Moves:
    """When it began to wait as it waits now, and when anything last moved it."""

    waiting_since: datetime
    moved_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """One agreement in a list.

    standing: as everybody sees it: never YOUR_TURN or DRAFT_READY.
    country: code of the Assistant's country, "" if unknown. expires_at: of a living envelope.
    search: what words are looked up in, folded.
    """

    agreement_id: str
    number: str
    title: str
    contract_template: str
    status: AgreementStatus
    standing: Standing
    counterparty: str
    country: str
    created_at: datetime
    updated_at: datetime
    envelope_id: str
    sent_at: datetime | None
    signed_at: datetime | None
    expires_at: datetime | None
    waiting_since: datetime
    moved_at: datetime
    mail: NewestMail
    search: str
    people: tuple[ListedPerson, ...]

    @property
    def sort_name(self) -> str:
        return fold(self.counterparty)

    def standing_for(self, owner_email: str, *, signed_off: bool) -> Standing:
        """How it stands for one reader. owner_email: "" for a reader who signs nothing.

        signed_off: a lawyer signed off every clause of it, though nobody approved the text.
        """
        if signed_off and self.standing is Standing.IN_REVIEW:
            return Standing.APPROVED
        mine = any(one.asked and one.office and one.email == fold(owner_email) for one in self.people)
        if mine and owner_email and self.standing in (Standing.OUT, Standing.MAIL_FAILED):
            return Standing.YOUR_TURN
        return self.standing


def list_agreement(
    agreement: Agreement, envelope: Envelope | None, mail: NewestMail, moves: Moves
) -> Listing:
    """The listing of an agreement. envelope: its current one."""
    out = agreement.status is AgreementStatus.OUT
    sent = envelope is not None and agreement.status not in BEFORE_SENDING
    people = _people(agreement, envelope if sent else None)
    names = [who.name for who in agreement.answers.signers.values()]
    if envelope is not None and sent:
        names = [signer.name for signer in envelope.active_signers()]
    found_by = (agreement.number, agreement.title, counterparty_of(agreement), *names)
    return Listing(
        agreement_id=agreement.id,
        number=agreement.number,
        title=agreement.title,
        contract_template=agreement.contract_template,
        status=agreement.status,
        standing=find_standing(agreement, envelope, mail),
        counterparty=counterparty_of(agreement),
        country=str(agreement.answers.facts.get("assistant_country", "")),
        created_at=agreement.created_at,
        updated_at=agreement.updated_at,
        envelope_id=agreement.current_envelope,
        sent_at=envelope.created_at if envelope and sent else None,
        signed_at=envelope.completed_at if envelope and sent else None,
        expires_at=envelope.expires_at if envelope and out else None,
        waiting_since=moves.waiting_since,
        moved_at=moves.moved_at,
        mail=mail,
        search=fold(" ".join((*found_by, *(one.email for one in people)))),
        people=people,
    )


def find_standing(agreement: Agreement, envelope: Envelope | None, mail: NewestMail) -> Standing:
    """How it stands for a reader who signs nothing."""
    if agreement.status is AgreementStatus.DRAFT:
        dead = _OF_DEAD_ENVELOPE.get(envelope.status) if envelope else None
        return dead or Standing.DRAFT_OPEN
    if agreement.status is AgreementStatus.SIGNED:
        return Standing.PENDING
    if agreement.status is not AgreementStatus.OUT:
        return Standing(str(agreement.status))
    if envelope is not None and envelope.status is EnvelopeStatus.PAUSED:
        return Standing.CHANGE_ASKED
    return Standing.MAIL_FAILED if mail.state is DeliveryState.FAILED else Standing.OUT


def counterparty_of(agreement: Agreement) -> str:
    """The other party as people call it: the person or company named in the answers."""
    named = agreement.answers.families.get("parties", {}).get("assistant_name")
    return str(named) if named else NOBODY_YET


def fold(text: str) -> str:
    """Text as it is looked up: without case and accents, white space as single spaces."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def _people(agreement: Agreement, envelope: Envelope | None) -> tuple[ListedPerson, ...]:
    """Everybody who signs, once; before sending those whom the answers name."""
    if envelope is None:
        found = [ListedPerson(fold(who.email)) for who in agreement.answers.signers.values()]
    else:
        out = envelope.status is EnvelopeStatus.OUT
        found = [
            ListedPerson(fold(one.email), out and one.status in ASKED, one.side == "client")
            for one in envelope.active_signers()
        ]
    known: dict[str, ListedPerson] = {}
    for one in found:
        if one.email and not (one.email in known and known[one.email].asked):
            known[one.email] = one
    return tuple(sorted(known.values(), key=lambda one: one.email))
