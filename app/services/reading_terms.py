"""Where a defined term comes from: the clause that defines it, and the words that do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.clause import (
    Clause,
    Definition,
    FactUse,
    Inline,
    ParameterUse,
    Reference,
    ReferenceList,
    RoleUse,
    Table,
    TermUse,
    Words,
)
from app.domain.contract_template import Library
from app.domain.terms import anchor_of_term, definitions_in, forms_of, inlines_of
from app.domain.typography import typographic


@dataclass(frozen=True, slots=True)
class TermPlace:
    """words: the passage that defines `term`, as plain text. anchor: of it on the clause's page."""

    term: str
    anchor: str
    clause_id: str
    clause_title: str
    words: str


def find_term(library: Library, clause: Clause, form: str) -> TermPlace | None:
    """The definition that a use of `form` in `clause` means; None where no clause defines it."""
    for candidate in _candidates(library, clause):
        for term, passages in _definitions(candidate):
            if form in forms_of(candidate, term):
                words = " ".join("".join(_plain(library, one) for one in inlines) for inlines in passages)
                return TermPlace(
                    term, anchor_of_term(term), candidate.id, candidate.title, typographic(words)
                )
    return None


def _definitions(clause: Clause) -> Iterator[tuple[str, tuple[tuple[Inline, ...], ...]]]:
    """Each term with the texts that define it: its block with the items below, or its row of a table."""
    parts = (*clause.blocks, *(part for schedule in clause.schedules for part in schedule.blocks))
    for part in parts:
        rows = [row.cells for row in part.rows] if isinstance(part, Table) else [tuple(inlines_of(part))]
        for texts in rows:
            for inlines in texts:
                for term in definitions_in(inlines):
                    yield term, texts if isinstance(part, Table) or inlines is texts[0] else (inlines,)


def _candidates(library: Library, clause: Clause) -> Iterator[Clause]:
    """The clause itself, then what it requires, then all others in the order of the library.

    Of several positions of a family the standard one speaks for the family.
    """
    yield clause
    families = dict.fromkeys((*clause.requires, *(one.family for one in library.clauses.values())))
    for family in families:
        if family != clause.family:
            yield from sorted(library.positions_of(family), key=lambda one: one.position != "standard")


def _plain(library: Library, inline: Inline) -> str:
    match inline:
        case Words(text):
            return text
        case Definition(term):
            return f'"{term}"'
        case TermUse(form):
            return form
        case RoleUse(role):
            return str(role)
        case ParameterUse(name) | FactUse(name):
            return f"[{name.replace('_', ' ')}]"
        case Reference(family=family):
            return f"clause [{_title(library, family)}]" if family else "this clause"
        case ReferenceList(targets):
            return "clauses " + ", ".join(f"[{_title(library, family)}]" for family, _ in targets)


def _title(library: Library, family: str) -> str:
    found = library.positions_of(family)
    return found[0].title if found else family
