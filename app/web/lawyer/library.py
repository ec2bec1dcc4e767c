"""The clause library: every clause by category and family, how it stands, and a search by words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from flask import request
from flask.typing import ResponseReturnValue

from app.domain.clause import CATEGORIES, Clause
from app.domain.contract_template import Library
from app.services.reading import read_clause
from app.services.review_queue import read_standings
from app.web import access
from app.web.kit import kit
from app.web.lawyer.blueprint import blueprint
from app.web.lawyer.page import render

ROOM = "lawyer.library"
LONGEST_SEARCH = 100
AROUND = 60  # characters on each side of what was found


@dataclass(frozen=True, slots=True)
class Family:
    """One family with those of its positions that are listed, strict first. excerpt: what was found."""

    name: str
    title: str
    clauses: tuple[Clause, ...]
    excerpt: tuple[str, str, str] | None


@blueprint.get("/clauses")
@access.workspace(*access.EVERYBODY)
def library() -> ResponseReturnValue:
    held = kit().library.library()
    words = " ".join(request.args.get("q", "")[:LONGEST_SEARCH].split())
    with kit().unit_of_work(read_only=True) as unit:
        standings = read_standings(unit, held, kit().clock.now())
    groups = {name: tuple(_families(held, name, words)) for name in CATEGORIES}
    found = sum(len(family.clauses) for families in groups.values() for family in families)
    return render(
        "library.html",
        room=ROOM,
        groups={name: families for name, families in groups.items() if families},
        standings=standings,
        words=words,
        found=found,
    )


def _families(held: Library, category: str, words: str) -> Iterator[Family]:
    names = dict.fromkeys(one.family for one in held.clauses.values() if one.category == category)
    for name in names:
        positions = held.positions_of(name)
        found = tuple(clause for clause in positions if _holds(held, clause, words))
        if found:
            excerpt = _excerpt(_text(held, found[0]), words) if words else None
            yield Family(name, positions[0].title, found, excerpt)


def _holds(held: Library, clause: Clause, words: str) -> bool:
    """Whether every word stands in the clause, its summary, its notes or its id."""
    text = _text(held, clause).casefold()
    return all(word in text for word in words.casefold().split())


def _text(held: Library, clause: Clause) -> str:
    return _searchable(_Held(held), clause.digest, clause.id)


class _Held:
    """A library as a key: the same one is the same text."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def __hash__(self) -> int:
        return id(self.library)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.library is self.library


@lru_cache(maxsize=400)
def _searchable(held: _Held, _digest: str, clause_id: str) -> str:
    clause = held.library.clauses[clause_id]
    reading = read_clause(held.library, clause)
    summary = ("".join(run.text for run in line.runs) for line in reading.summary)
    return " \u00b7 ".join((*reading.texts(), *summary, clause.lawyer_notes, clause.id, clause.family))


def _excerpt(text: str, words: str) -> tuple[str, str, str] | None:
    """The first place of the first word: before it, it, after it."""
    wanted = words.split()[0]
    start = text.casefold().find(wanted.casefold())
    if start < 0:
        return None
    end = start + len(wanted)
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    cut_before, cut_after = start > AROUND, end + AROUND < len(text)
    # No halves of words at the ends.
    before = before.partition(" ")[2] if cut_before else before
    after = after.rpartition(" ")[0] if cut_after else after
    return ("\u2026" * cut_before + before, text[start:end], after + "\u2026" * cut_after)
