"""The search form of the list of agreements: its fields, their words, and the address that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from werkzeug.datastructures import MultiDict

from app.domain.contract_template import Library
from app.domain.listing import OVERDUE_AFTER
from app.domain.listing_query import DateOf
from app.services.overview import ListFilter, ListPage

NOTHING_ASKED = ListFilter()
LONGEST_FIELD = 200
# The name in the address -> the field of ListFilter.
NAMES = {
    "q": "text",
    "show": "show",
    "person": "person",
    "template": "template",
    "clause": "clause",
    "country": "country",
    "date": "date_of",
    "from": "since",
    "to": "until",
    "sort": "sort",
}
SHOWS = {
    "yours": "Waits for you",
    "others": "Waits for someone else",
    "overdue": f"Overdue: nothing moved for {OVERDUE_AFTER.days} days",
    "ending": "Signing ends within 3 days",
    "finished": "Finished",
}
STATUSES = {
    "draft": "Draft",
    "in_review": "In review",
    "approved": "Approved",
    "out": "Out for signature",
    "change_asked": "Paused, a change was asked for",
    "pending": "Signed, timestamp pending",
    "sealed": "Sealed",
    "declined": "Declined",
    "expired": "Expired",
    "voided": "Voided",
    "ended": "Ended",
}
SORTS = {
    "newest": "Newest first",
    "changed": "Last change first",
    "waiting": "Waiting longest first",
    "ending": "Ends first",
    "name": "By name",
}
DATES = {
    DateOf.BEGUN: "Begun",
    DateOf.CHANGED: "Last changed",
    DateOf.SENT: "Sent",
    DateOf.SIGNED: "Signed by all",
    DateOf.ENDS: "Signing ends",
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What the selects of the form offer: value -> words."""

    shows: Mapping[str, str]
    statuses: Mapping[str, str]
    sorts: Mapping[str, str]
    dates: Mapping[str, str]
    people: Mapping[str, str]
    templates: Mapping[str, str]
    clauses: Sequence[tuple[str, Mapping[str, str]]]  # title of the family, and its positions
    countries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Tag:
    """One thing that is asked, and the address of the list without it."""

    words: str
    without: Mapping[str, str]


def read_filter(arguments: MultiDict[str, str]) -> ListFilter:
    """What the address asks; what is unknown or too long is cut or left out."""
    # PostgreSQL takes no NUL in a text.
    given = {
        field: arguments[name].replace("\0", "").strip()[:LONGEST_FIELD]
        for name, field in NAMES.items()
        if name in arguments
    }
    return ListFilter(**{name: value for name, value in given.items() if value})


def address_of(asked: ListFilter) -> dict[str, str]:
    """The arguments of the address that asks this; what asks nothing is left out."""
    values, usual = asdict(asked), asdict(NOTHING_ASKED)
    return {name: values[field] for name, field in NAMES.items() if values[field] != usual[field]}


def offer_choices(library: Library, found: ListPage) -> Choices:
    """What can be chosen: every contract template and clause family, the people and countries there are."""
    # A family is called as its strictest position is.
    families = {
        family: library.positions_of(family)[0].title
        for family in {clause.family for clause in library.clauses.values()}
    }
    clauses = [
        (
            title,
            {
                family: f"{title}, any position",
                **{one.id: f"{one.title}, {one.position}" for one in library.positions_of(family)},
            },
        )
        for family, title in sorted(families.items(), key=lambda one: one[1])
    ]
    named = {code: name for code in found.countries if (name := _country(library, code))}
    return Choices(
        shows=SHOWS,
        statuses=STATUSES,
        sorts=SORTS,
        dates={str(value): words for value, words in DATES.items()},
        people={one.id: f"{one.name}, {one.company}" if one.company else one.name for one in found.people},
        templates={one.id: one.title for one in library.contract_templates.values()},
        clauses=clauses,
        countries=dict(sorted(named.items(), key=lambda one: one[1])),
    )


def tell_filter(asked: ListFilter, found: ListPage, library: Library) -> list[Tag]:
    """What is asked, a tag for each part that can be taken away."""
    address = address_of(asked)
    choices = offer_choices(library, found)
    clauses = {value: words for _, offered in choices.clauses for value, words in offered.items()}
    date = DATES.get(DateOf(asked.date_of), "") if asked.date_of in set(DateOf) else DATES[DateOf.BEGUN]
    told = {
        "q": f"\u201c{asked.text}\u201d",
        "show": {**SHOWS, **STATUSES}.get(asked.show, ""),
        "person": f"With {choices.people[asked.person]}" if asked.person in choices.people else "",
        "template": choices.templates.get(asked.template, ""),
        "clause": f"Holds {clauses[asked.clause]}" if asked.clause in clauses else "",
        "country": _country(library, asked.country),
        "from": "" if "since" in found.faults else f"{date} from {asked.since}",
        "to": "" if "until" in found.faults else f"{date} to {asked.until}",
    }
    return [
        Tag(words, {name: value for name, value in address.items() if name != part})
        for part, words in told.items()
        if part in address and words
    ]


def _country(library: Library, code: str) -> str:
    known = library.jurisdictions.get(code)
    return known.name if known else ""
