"""Reading the list of agreements: filtered, sorted, counted and paged by the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, case, func, or_, select

from app.domain.errors import NotFound
from app.domain.listing import (
    ASKED_OF_SOMEBODY,
    OUT_NOW,
    ListedPerson,
    Listing,
    Standing,
    fold,
)
from app.domain.listing_query import DateOf, ListedWith, ListQuery, Reader, SortBy, Word
from app.domain.review import Decision
from app.persistence.agreement_listing import (
    agreement_clauses,
    agreement_listing,
    agreement_people,
    to_listing,
)
from app.persistence.agreements import agreements
from app.persistence.schema import write_time
from app.persistence.sign_offs import sign_offs

Condition: TypeAlias = ColumnElement[bool]

_LISTED = agreement_listing.c
_SIGNABLE = (str(Standing.OUT), str(Standing.MAIL_FAILED))
_DATES: Mapping[DateOf, Column[Any]] = {
    DateOf.BEGUN: _LISTED.created_at,
    DateOf.CHANGED: _LISTED.updated_at,
    DateOf.SENT: _LISTED.sent_at,
    DateOf.SIGNED: _LISTED.signed_at,
    DateOf.ENDS: _LISTED.expires_at,
}
_IS_DRAFT = _LISTED.standing == str(Standing.DRAFT_OPEN)
_ORDERS: Mapping[SortBy, tuple[ColumnElement[Any], ...]] = {
    SortBy.NEWEST: (_LISTED.created_at.desc(), _LISTED.number.desc()),
    SortBy.CHANGED: (_LISTED.updated_at.desc(), _LISTED.number.desc()),
    SortBy.NAME: (_LISTED.sort_name, _LISTED.number),
    SortBy.WAITING: (_LISTED.waiting_since, _LISTED.number),
    SortBy.ENDING: (_LISTED.expires_at.is_(None), _LISTED.expires_at, _LISTED.number),
    SortBy.PRESSING: (
        _IS_DRAFT,
        case((_IS_DRAFT, ""), else_=_LISTED.waiting_since),
        _LISTED.updated_at.desc(),
        _LISTED.number.desc(),
    ),
    SortBy.STALLED: (_LISTED.moved_at, _LISTED.number),
}


class ListingRows:
    """Implements the Protocol `Listings` inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, agreement_id: str) -> Listing:
        """Raises NotFound."""
        found = self._read(select(agreement_listing).where(_LISTED.agreement_id == agreement_id))
        if not found:
            raise NotFound("agreement-not-found", "There is no such agreement.", "Check the link.")
        return found[0]

    def page(self, query: ListQuery, sort: SortBy, limit: int, offset: int = 0) -> Sequence[Listing]:
        chosen = select(agreement_listing).where(*_conditions(query))
        return self._read(chosen.order_by(*_ORDERS[sort]).limit(limit).offset(offset))

    def count(self, query: ListQuery) -> int:
        counted = select(func.count()).select_from(agreement_listing).where(*_conditions(query))
        return int(self._connection.execute(counted).scalar_one())

    def count_by_email(self, emails: Iterable[str]) -> Mapping[str, int]:
        """E-mail as given -> how many agreements name it as that of a signer; 0 left out."""
        asked = {fold(email): email for email in emails}
        query = (
            select(agreement_people.c.email, func.count())
            .where(agreement_people.c.email.in_(list(asked)))
            .group_by(agreement_people.c.email)
        )
        return {asked[email]: count for email, count in self._connection.execute(query)}

    def countries(self) -> Sequence[str]:
        """The countries of Assistants in any agreement."""
        query = select(_LISTED.country).where(_LISTED.country != "").distinct().order_by(_LISTED.country)
        return list(self._connection.execute(query).scalars())

    def maybe_signed_off(self, limit: int) -> Sequence[str]:
        """Agreements that are with the lawyer, each clause of which some lawyer approved.

        Whether the approvals carry them is for the gate to say; no other agreement passes it.
        """
        approved = select(sign_offs.c.clause_digest).where(
            sign_offs.c.decision != str(Decision.REFUSED), sign_offs.c.sample.is_(False)
        )
        mine = agreement_clauses.c.agreement_id == _LISTED.agreement_id
        waiting = select(agreement_clauses.c.clause_id).where(
            mine, agreement_clauses.c.digest.not_in(approved)
        )
        query = select(_LISTED.agreement_id).where(
            _LISTED.standing == str(Standing.IN_REVIEW),
            select(agreement_clauses.c.clause_id).where(mine).exists(),
            ~waiting.exists(),
        )
        ordered = query.order_by(_LISTED.waiting_since).limit(limit)
        return list(self._connection.execute(ordered).scalars())

    def outdated(self, digests: Iterable[str], limit: int) -> Sequence[str]:
        """Agreements before sending whose clauses are not known, or not all among `digests`."""
        mine = agreement_clauses.c.agreement_id == _LISTED.agreement_id
        other = select(agreement_clauses.c.clause_id).where(
            mine, agreement_clauses.c.digest.not_in(sorted(digests))
        )
        known = select(agreement_clauses.c.clause_id).where(mine)
        query = select(_LISTED.agreement_id).where(
            _LISTED.status.in_(["draft", "in_review", "approved"]), or_(~known.exists(), other.exists())
        )
        return list(self._connection.execute(query.limit(limit)).scalars())

    def count_missing(self) -> int:
        """Agreements without a row; never any, unless somebody deleted rows."""
        listed = select(_LISTED.agreement_id)
        query = select(func.count()).select_from(agreements).where(agreements.c.id.not_in(listed))
        return int(self._connection.execute(query).scalar_one())

    def _read(self, query: Select[Any]) -> list[Listing]:
        rows = self._connection.execute(query).mappings().all()
        ids = [row["agreement_id"] for row in rows]
        people: dict[str, tuple[ListedPerson, ...]] = {}
        who = select(agreement_people).where(agreement_people.c.agreement_id.in_(ids))
        for row in self._connection.execute(who.order_by(agreement_people.c.email)).mappings():
            one = ListedPerson(row["email"], bool(row["asked"]), bool(row["office"]))
            people[row["agreement_id"]] = (*people.get(row["agreement_id"], ()), one)
        return [to_listing(row, people) for row in rows]


def _conditions(query: ListQuery) -> list[Condition]:
    found = [_holds_word(word) for word in query.words]
    if query.standings is not None:
        found.append(_stands(query.reader, query.standings))
    if query.person is not None:
        found.append(_is_with(query.person))
    for column, wanted in (
        (_LISTED.contract_template, query.contract_template),
        (_LISTED.country, query.country),
    ):
        if wanted:
            found.append(column == wanted)
    if query.clause_family:
        found.append(_holds_clause(query.clause_family, query.clause_position))
    date = _DATES[query.date_of]
    if query.since is not None:
        found.append(date >= write_time(query.since))
    if query.until is not None:
        found.append(date < write_time(query.until))
    if query.moved_before is not None:
        found.append(_stands(query.reader, ASKED_OF_SOMEBODY))
        found.append(_LISTED.moved_at < write_time(query.moved_before))
    if query.ends_before is not None:
        found.append(_stands(query.reader, OUT_NOW))
        found.append(_LISTED.expires_at < write_time(query.ends_before))
    return found


def _stands(reader: Reader, standings: frozenset[Standing]) -> Condition:
    """Whether it stands so for this reader: the condition that `Listing.standing_for` decides for one."""
    stored = standings - {Standing.YOUR_TURN, Standing.IN_REVIEW, Standing.OUT, Standing.MAIL_FAILED}
    turn = _is_turn_of(reader)
    signed_off = _LISTED.agreement_id.in_(sorted(reader.signed_off)) if reader.signed_off else None
    ways: list[Condition] = [_LISTED.standing.in_(sorted(stored))]
    for standing in {Standing.OUT, Standing.MAIL_FAILED} & standings:
        same = _LISTED.standing == str(standing)
        # Without an own turn to leave out, the plain comparison can use an index.
        all_alike = turn is None or Standing.YOUR_TURN in standings
        ways.append(same if all_alike or turn is None else and_(same, ~turn))
    if Standing.YOUR_TURN in standings and turn is not None:
        ways.append(and_(_LISTED.standing.in_(_SIGNABLE), turn))
    in_review = _LISTED.standing == str(Standing.IN_REVIEW)
    if Standing.IN_REVIEW in standings:
        ways.append(in_review if signed_off is None else and_(in_review, ~signed_off))
    if Standing.APPROVED in standings and signed_off is not None:
        ways.append(and_(in_review, signed_off))
    return or_(*ways)


def _is_turn_of(reader: Reader) -> Condition | None:
    if not reader.owner_email:
        return None
    mine = select(agreement_people.c.agreement_id).where(
        agreement_people.c.email == fold(reader.owner_email),
        agreement_people.c.asked.is_(True),
        agreement_people.c.office.is_(True),
    )
    return _LISTED.agreement_id.in_(mine)


def _holds_word(word: Word) -> Condition:
    literal = word.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    written = _LISTED.search.like(f"%{literal}%", escape="\\")
    return or_(written, _LISTED.country.in_(word.countries)) if word.countries else written


def _is_with(person: ListedWith) -> Condition:
    signs = select(agreement_people.c.agreement_id).where(agreement_people.c.email == fold(person.email))
    named = and_(_LISTED.sort_name == fold(person.party), _LISTED.country == person.country)
    return or_(_LISTED.agreement_id.in_(signs), named)


def _holds_clause(family: str, position: str) -> Condition:
    held = select(agreement_clauses.c.agreement_id).where(agreement_clauses.c.family == family)
    if position:
        held = held.where(agreement_clauses.c.position == position)
    return _LISTED.agreement_id.in_(held)
