"""What references print: "clause 7(b)(ii)", "clauses 2, 3 and 6", "paragraph 2 of Schedule 1".

A reference that leads nowhere prints a visible notice and has no target; the lint finds it by that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.agreement_text import Run, RunKind, Runs
from app.domain.clause import Clause, Reference, ReferenceList
from app.domain.numbering import NumberedClause, NumberedSchedule, schedule_name, walk
from app.domain.pruning import KeptTable
from app.domain.typography import NO_BREAK_SPACE

MISSING_REFERENCE = "[a part that is not in this agreement]"
EMPTY_REFERENCE_LIST = "[no part of this agreement]"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a reference leads. `path` is the number of a clause part, or the whole phrase elsewhere."""

    anchor: str
    path: str
    in_clause: bool  # the path follows the unit word: "clause 7(b)"


@dataclass(frozen=True, slots=True)
class ReferenceBook:
    """All places of one agreement that can be referred to.

    destinations: (family, anchor) -> place; the anchor of a whole clause is "".
    """

    unit_word: str
    destinations: Mapping[tuple[str, str], Destination]

    def print_reference(self, clause: Clause, reference: Reference) -> Runs:
        if reference.this:
            text = _capitalise(f"this {self.unit_word}", reference.capital)
            return (Run(text, RunKind.REFERENCE, clause.family),)
        found = self.destinations.get((reference.family or clause.family, reference.anchor))
        if found is None:
            return (Run(MISSING_REFERENCE, RunKind.REFERENCE),)
        text = _capitalise(self.name(found), reference.capital)
        return (Run(text, RunKind.REFERENCE, found.anchor),)

    def print_reference_list(self, listed: ReferenceList) -> Runs:
        """Each number is a run of its own, so that each leads to its clause."""
        wanted = {family: self.destinations.get((family, "")) for family, _ in listed.targets}
        if any(wanted[family] is None for family, optional in listed.targets if not optional):
            return (Run(MISSING_REFERENCE, RunKind.REFERENCE),)
        found = sorted(
            (place for place in wanted.values() if place is not None), key=lambda place: int(place.path)
        )
        if not found:
            return (Run(EMPTY_REFERENCE_LIST, RunKind.REFERENCE),)
        return tuple(self._list_runs(found, listed.capital))

    def name(self, place: Destination) -> str:
        return f"{self.unit_word}{NO_BREAK_SPACE}{place.path}" if place.in_clause else place.path

    def _list_runs(self, found: Sequence[Destination], capital: bool) -> list[Run]:
        word = _capitalise(self.unit_word if len(found) == 1 else self.unit_word + "s", capital)
        runs = [Run(f"{word}{NO_BREAK_SPACE}{found[0].path}", RunKind.REFERENCE, found[0].anchor)]
        for index, place in enumerate(found[1:], start=1):
            runs.append(Run(" and " if index == len(found) - 1 else ", "))
            runs.append(Run(place.path, RunKind.REFERENCE, place.anchor))
        return runs


def anchor_of(family: str, anchor: str) -> str:
    """The anchor of a block, unique in the agreement: `take-home.exceptions`."""
    return f"{family}.{anchor}" if anchor else ""


def record_places(unit_word: str, clauses: Sequence[NumberedClause]) -> ReferenceBook:
    """Collect every clause, anchored block and schedule that stands."""
    places: dict[tuple[str, str], Destination] = {}
    for clause in clauses:
        family = clause.kept.clause.family
        places.setdefault((family, ""), Destination(family, clause.number, True))
        for block in walk(clause.blocks):
            anchor = block.kept.block.anchor
            if anchor:
                place = Destination(anchor_of(family, anchor), block.path, True)
                places.setdefault((family, anchor), place)
        for schedule in clause.schedules:
            _record_schedule(places, family, schedule)
    return ReferenceBook(unit_word, places)


def _record_schedule(
    places: dict[tuple[str, str], Destination], family: str, schedule: NumberedSchedule
) -> None:
    name = schedule_name(schedule.number)
    _record(places, family, schedule.kept.schedule.anchor, name)
    for block in schedule.blocks:
        if isinstance(block, KeptTable):
            _record(places, family, block.table.anchor, name)
    for numbered in walk(schedule.blocks):
        _record(places, family, numbered.kept.block.anchor, numbered.path)


def _record(places: dict[tuple[str, str], Destination], family: str, anchor: str, path: str) -> None:
    if anchor:
        places.setdefault((family, anchor), Destination(anchor_of(family, anchor), path, False))


def _capitalise(text: str, capital: bool) -> str:
    return text[:1].upper() + text[1:] if capital else text
