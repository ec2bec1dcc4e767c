"""Whom a list of agreements is for: whose turn is the reader's, and what a lawyer signed off whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.contract_template import Library
from app.domain.listing_query import Reader
from app.domain.workflow import AgreementStatus
from app.services.assessment import assess_agreement
from app.toolkit import UnitOfWork

MOST_SIGNED_OFF = 100  # agreements that lie ready with every clause signed off; more are found later


def find_reader(unit: UnitOfWork, library: Library, actor: Actor, now: datetime) -> Reader:
    """The reader of all agreements."""
    maybe = unit.agreements.of_ids(unit.listing.maybe_signed_off(MOST_SIGNED_OFF))
    return _reader(unit, library, actor, now, maybe)


def find_reader_of(
    unit: UnitOfWork, library: Library, actor: Actor, now: datetime, agreement: Agreement
) -> Reader:
    """The same for one agreement."""
    return _reader(unit, library, actor, now, [agreement])


def _reader(
    unit: UnitOfWork, library: Library, actor: Actor, now: datetime, maybe: Iterable[Agreement]
) -> Reader:
    return Reader(
        owner_email=actor.email if actor.part is Part.OWNER else "",
        signed_off=frozenset(one.id for one in maybe if _is_signed_off(unit, library, one, now)),
    )


def _is_signed_off(unit: UnitOfWork, library: Library, agreement: Agreement, now: datetime) -> bool:
    """Whether a lawyer signed off every clause of it: then nothing waits for the lawyer any more."""
    if agreement.status is not AgreementStatus.IN_REVIEW:
        return False
    review = assess_agreement(unit, library, agreement, now).review
    return review.passes and not review.sample
