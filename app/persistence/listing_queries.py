"""Reading the list of agreements: filtered, sorted, counted and paged by the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Select, and_, case, false, func, or_, select

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
_SIGNABLE = frozenset({Standing.OUT, Standing.MAIL_FAILED})
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
        narrow = select(_LISTED.agreement_id).where(*self._conditions(query))
        chosen = narrow.order_by(*_ORDERS[sort]).limit(limit).offset(offset)
        return self._of_ids(self._connection.execute(chosen).scalars().all(), sort)

    def find(
        self, query: ListQuery, sort: SortBy, limit: int, offset: int = 0
    ) -> tuple[Sequence[Listing], int]:
        """A page, and how many there are in all; the count of an empty page behind the end is right too."""
        if not (query.words or query.clause_family):
            return self.page(query, sort, limit, offset), self.count(query)
        # What every row must be looked at for is looked for once: it is counted in passing.
        narrow = select(_LISTED.agreement_id, func.count().over().label("total"))
        chosen = narrow.where(*self._conditions(query)).order_by(*_ORDERS[sort]).limit(limit).offset(offset)
        rows = self._connection.execute(chosen).all()
        if not rows:
            return [], self.count(query) if offset else 0
        return self._of_ids([row.agreement_id for row in rows], sort), int(rows[0].total)

    def first(
        self, reader: Reader, standings: frozenset[Standing], sort: SortBy, limit: int
    ) -> Sequence[Listing]:
        """The first of those that stand so. As fast with many as with few: each standing is read from
        an index up to `limit`, and only what was read so is sorted together."""
        ids: list[str] = []
        for way in _stands(reader, standings):
            # A draft presses by its last change, all else by how long it waits; within one way the
            # order is that of an index.
            for part, order in _parts(way, sort):
                query = select(_LISTED.agreement_id).where(part).order_by(*_ORDERS[order]).limit(limit)
                ids += self._connection.execute(query).scalars()
        return self._of_ids(ids, sort)[:limit]

    def tally(self, reader: Reader) -> Mapping[Standing, int]:
        """How many agreements stand how for this reader; what no agreement is, is left out."""
        grouped = select(_LISTED.standing, func.count()).group_by(_LISTED.standing)
        found = Counter({Standing(one): count for one, count in self._connection.execute(grouped)})
        moves = [(_is_turn_of(reader), _SIGNABLE, Standing.YOUR_TURN)]
        if reader.signed_off:
            ready = _LISTED.agreement_id.in_(sorted(reader.signed_off))
            moves.append((ready, frozenset({Standing.IN_REVIEW}), Standing.APPROVED))
        for condition, stored, seen in moves:
            if condition is None:
                continue
            query = grouped.where(condition, _LISTED.standing.in_(sorted(stored)))
            for one, count in self._connection.execute(query):
                found[Standing(one)] -= count
                found[seen] += count
        return +found

    def count(self, query: ListQuery) -> int:
        counted = select(func.count()).select_from(agreement_listing).where(*self._conditions(query))
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

    def _conditions(self, query: ListQuery) -> list[Condition]:
        found = [self._holds_word(word) for word in query.words]
        if query.standings is not None:
            found.append(or_(*_stands(query.reader, query.standings)))
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
            late = _LISTED.moved_at < write_time(query.moved_before)
            found.append(or_(*(and_(way, late) for way in _stands(query.reader, ASKED_OF_SOMEBODY))))
        if query.ends_before is not None:
            found.append(or_(*_stands(query.reader, OUT_NOW)))
            found.append(_LISTED.expires_at < write_time(query.ends_before))
        return found

    def _holds_word(self, word: Word) -> Condition:
        # Both sides are folded already, so that no LIKE with its patterns and cases is needed.
        place = func.strpos if self._connection.dialect.name == "postgresql" else func.instr
        written = place(_LISTED.search, word.text) > 0
        return or_(written, _LISTED.country.in_(word.countries)) if word.countries else written

    def _of_ids(self, agreement_ids: Sequence[str], sort: SortBy) -> list[Listing]:
        wide = select(agreement_listing).where(_LISTED.agreement_id.in_(agreement_ids))
        return self._read(wide.order_by(*_ORDERS[sort]))

    def _read(self, query: Select[Any]) -> list[Listing]:
        rows = self._connection.execute(query).mappings().all()
        ids = [row["agreement_id"] for row in rows]
        people: dict[str, tuple[ListedPerson, ...]] = {}
        who = select(agreement_people).where(agreement_people.c.agreement_id.in_(ids))
        for row in self._connection.execute(who.order_by(agreement_people.c.email)).mappings():
            one = ListedPerson(row["email"], bool(row["asked"]), bool(row["office"]))
            people[row["agreement_id"]] = (*people.get(row["agreement_id"], ()), one)
        return [to_listing(row, people) for row in rows]


def _parts(way: Condition, sort: SortBy) -> list[tuple[Condition, SortBy]]:
    if sort is not SortBy.PRESSING:
        return [(way, sort)]
    return [(and_(way, ~_IS_DRAFT), SortBy.WAITING), (and_(way, _IS_DRAFT), SortBy.CHANGED)]


def _stands(reader: Reader, standings: frozenset[Standing]) -> list[Condition]:
    """Ways, of which no two meet, to stand so for this reader; what `Listing.standing_for` says for one.

    One way for each stored standing, so that the database can take each from an index.
    """
    turn = _is_turn_of(reader)
    signed_off = _LISTED.agreement_id.in_(sorted(reader.signed_off)) if reader.signed_off else None
    ways: list[Condition] = []
    for standing in sorted(standings - {Standing.YOUR_TURN} | _may_hide(standings)):
        same = _LISTED.standing == str(standing)
        if standing in _SIGNABLE and turn is not None:
            if standing in standings and Standing.YOUR_TURN in standings:
                ways.append(same)
            else:
                ways.append(and_(same, ~turn if standing in standings else turn))
        elif standing is Standing.IN_REVIEW and signed_off is not None:
            if standing in standings and Standing.APPROVED in standings:
                ways.append(same)
            else:
                ways.append(and_(same, ~signed_off if standing in standings else signed_off))
        elif standing in standings:
            ways.append(same)
    return ways or [false()]


def _may_hide(standings: frozenset[Standing]) -> frozenset[Standing]:
    """The stored standings behind which one of `standings` may lie for some reader."""
    turns = _SIGNABLE if Standing.YOUR_TURN in standings else frozenset()
    reviews = frozenset({Standing.IN_REVIEW}) if Standing.APPROVED in standings else frozenset()
    return turns | reviews


def _is_turn_of(reader: Reader) -> Condition | None:
    if not reader.owner_email:
        return None
    mine = select(agreement_people.c.agreement_id).where(
        agreement_people.c.email == fold(reader.owner_email),
        agreement_people.c.asked.is_(True),
        agreement_people.c.office.is_(True),
    )
    return _LISTED.agreement_id.in_(mine)


def _is_with(person: ListedWith) -> Condition:
    signs = select(agreement_people.c.agreement_id).where(agreement_people.c.email == fold(person.email))
    named = and_(_LISTED.sort_name == fold(person.party), _LISTED.country == person.country)
    return or_(_LISTED.agreement_id.in_(signs), named)


def _holds_clause(family: str, position: str) -> Condition:
    held = agreement_clauses.c.agreement_id == _LISTED.agreement_id
    held = and_(held, agreement_clauses.c.family == family)
    if position:
        held = and_(held, agreement_clauses.c.position == position)
    return select(agreement_clauses.c.clause_id).where(held).exists()
