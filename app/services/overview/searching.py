"""All agreements: looked for by words and filters, sorted, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from app.domain.actor import Actor
from app.domain.contract_template import Library
from app.domain.listing import (
    ENDS_SOON,
    FINISHED,
    OVERDUE_AFTER,
    WAITS_FOR_OTHERS,
    WAITS_FOR_YOU,
    Standing,
    fold,
)
from app.domain.listing_query import DateOf, ListedWith, ListQuery, Reader, SortBy, Word
from app.domain.person import Person
from app.services.overview.readers import find_reader
from app.services.overview.rows import Row, RowReader
from app.toolkit import Toolkit, UnitOfWork

PAGE = 50
MOST_WORDS = 8
LONGEST_TEXT = 200
NAMES_COUNTRY = 3  # letters of a word from which on it may name a country
OFFERED_PEOPLE = 200  # in the choice; others are found by words
OVERDUE, ENDING = "overdue", "ending"
# What `show` may be, beside OVERDUE and ENDING.
SHOWS: Mapping[str, frozenset[Standing]] = {
    "yours": WAITS_FOR_YOU,
    "others": WAITS_FOR_OTHERS,
    "finished": FINISHED,
    "draft": frozenset({Standing.DRAFT_OPEN}),
    "in_review": frozenset({Standing.IN_REVIEW}),
    "approved": frozenset({Standing.APPROVED}),
    "out": frozenset({Standing.OUT, Standing.YOUR_TURN, Standing.MAIL_FAILED}),
    "change_asked": frozenset({Standing.CHANGE_ASKED}),
    "pending": frozenset({Standing.PENDING}),
    "sealed": frozenset({Standing.SEALED}),
    "declined": frozenset({Standing.DECLINED}),
    "expired": frozenset({Standing.EXPIRED}),
    "voided": frozenset({Standing.VOIDED}),
    "ended": frozenset({Standing.ENDED}),
}
SORTS = (SortBy.NEWEST, SortBy.CHANGED, SortBy.WAITING, SortBy.ENDING, SortBy.NAME)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a form asks, as it was entered; "" asks nothing.

    person: id. clause: family, or "family.position". since, until: days as "2026-11-22", both included.
    """

    text: str = ""
    show: str = ""
    person: str = ""
    template: str = ""
    clause: str = ""
    country: str = ""
    date_of: str = str(DateOf.BEGUN)
    since: str = ""
    until: str = ""
    sort: str = str(SortBy.NEWEST)


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of what was found. faults: field -> what is wrong with it; that field asked nothing.

    people and countries: what the form offers, with the person asked for among them.
    """

    rows: tuple[Row, ...]
    count: int
    page: int
    pages: int
    people: tuple[Person, ...]
    countries: tuple[str, ...]
    faults: Mapping[str, str] = field(default_factory=dict)


def read_list(kit: Toolkit, actor: Actor, asked: ListFilter, page: int = 1) -> ListPage:
    """The agreements that a form asks for. Nonsense in it asks nothing and is named in `faults`."""
    library = kit.library.library()
    now = kit.clock.now()
    with kit.unit_of_work(read_only=True) as unit:
        reader = find_reader(unit, library, actor, now)
        faults: dict[str, str] = {}
        people = _offered_people(unit, asked.person)
        wanted = next((one for one in people if one.id == asked.person), None)
        query = _make_query(library, reader, asked, wanted, now, faults)
        sort = SortBy(asked.sort) if asked.sort in SORTS else SortBy.NEWEST
        page = max(1, page)
        found, count = unit.listing.find(query, sort, PAGE, (page - 1) * PAGE)
        pages = max(1, -(-count // PAGE))
        if page > pages:
            page = pages
            found = unit.listing.page(query, sort, PAGE, (page - 1) * PAGE)
        rows = RowReader(kit, unit, actor, reader).read(found)
        return ListPage(rows, count, page, pages, people, tuple(unit.listing.countries()), faults)


def search(
    kit: Toolkit, actor: Actor, *, person: Person | None = None, limit: int = PAGE
) -> tuple[tuple[Row, ...], int]:
    """The newest agreements (with one person), and how many there are."""
    with kit.unit_of_work(read_only=True) as unit:
        reader = find_reader(unit, kit.library.library(), actor, kit.clock.now())
        query = ListQuery(reader, person=_listed_with(person) if person else None)
        found, count = unit.listing.find(query, SortBy.NEWEST, limit)
        return RowReader(kit, unit, actor, reader).read(found), count


def _make_query(
    library: Library,
    reader: Reader,
    asked: ListFilter,
    person: Person | None,
    now: datetime,
    faults: dict[str, str],
) -> ListQuery:
    family, _, position = asked.clause.partition(".")
    since = _read_day(asked.since, "since", faults)
    until = _read_day(asked.until, "until", faults)
    if since and until and until < since:
        faults["until"] = "The last day lies before the first one. Exchange the two days."
        until = None
    return ListQuery(
        reader,
        standings=SHOWS.get(asked.show),
        words=_read_words(asked.text, library),
        person=_listed_with(person) if person else None,
        contract_template=asked.template if asked.template in library.contract_templates else "",
        clause_family=family if library.positions_of(family) else "",
        clause_position=position,
        country=asked.country if asked.country in library.jurisdictions else "",
        date_of=DateOf(asked.date_of) if asked.date_of in set(DateOf) else DateOf.BEGUN,
        since=since,
        until=until + timedelta(days=1) if until else None,
        moved_before=now - OVERDUE_AFTER if asked.show == OVERDUE else None,
        ends_before=now + ENDS_SOON if asked.show == ENDING else None,
    )


def _read_words(text: str, library: Library) -> tuple[Word, ...]:
    names = {code: fold(known.name) for code, known in library.jurisdictions.items()}
    words = fold(text[:LONGEST_TEXT]).split()[:MOST_WORDS]
    return tuple(
        Word(
            word,
            tuple(code for code, name in names.items() if len(word) >= NAMES_COUNTRY and word in name),
        )
        for word in words
    )


def _read_day(text: str, name: str, faults: dict[str, str]) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        if not 1900 <= day.year < 3000:
            raise ValueError(text)
    except ValueError:
        faults[name] = "This is no day. Enter one like 2026-11-22."
        return None
    return datetime.combine(day, time(), UTC)


def _listed_with(person: Person) -> ListedWith:
    return ListedWith(person.email, person.party_name, person.country)


def _offered_people(unit: UnitOfWork, chosen: str) -> tuple[Person, ...]:
    """The first people by name, and the one that is asked for, who may be archived."""
    offered: Sequence[Person] = unit.people.list()
    mine = [one for one in offered[OFFERED_PEOPLE:] if one.id == chosen]
    shown = (*offered[:OFFERED_PEOPLE], *mine)
    if chosen and all(one.id != chosen for one in shown):
        archived = unit.people.of_ids([chosen])
        return (*shown, *archived)
    return shown
