"""What is asked of the list of agreements: who reads it, what is looked for, and in what order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.listing import Standing


class SortBy(StrEnum):
    NEWEST = "newest"
    CHANGED = "changed"
    NAME = "name"
    WAITING = "waiting"  # what has waited longest first
    ENDING = "ending"  # what ends first
    PRESSING = "pressing"  # what others wait for before drafts
    STALLED = "stalled"  # what has not moved for longest first


class DateOf(StrEnum):
    BEGUN = "begun"
    CHANGED = "changed"
    SENT = "sent"
    SIGNED = "signed"
    ENDS = "ends"


@dataclass(frozen=True, slots=True)
class Reader:
    """owner_email: "" for somebody who signs nothing. signed_off: ids of agreements that are with
    the lawyer although every clause of them is signed off."""

    owner_email: str = ""
    signed_off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word that must stand in the search text, or name the country."""

    text: str
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListedWith:
    """Agreements with one person: by e-mail, or by the party's name and country."""

    email: str
    party: str
    country: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """All conditions hold together; an empty one asks nothing. Times: from `since` to before `until`.

    moved_before: asked of somebody, and not moved since then. ends_before: out, with this as its end.
    """

    reader: Reader
    standings: frozenset[Standing] | None = None
    words: tuple[Word, ...] = ()
    person: ListedWith | None = None
    contract_template: str = ""
    clause_family: str = ""
    clause_position: str = ""
    country: str = ""
    date_of: DateOf = DateOf.BEGUN
    since: datetime | None = None
    until: datetime | None = None
    moved_before: datetime | None = None
    ends_before: datetime | None = None
