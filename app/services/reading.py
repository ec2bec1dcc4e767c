"""Reading: what a lawyer sees of a clause version, without any agreement.

The tree of the clause is printed with its blanks open, its conditions in words and its terms
resolved to the clauses that define them. Nothing here comes from answers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from app.domain.answer_limits import allowed_answers, name_of
from app.domain.clause import (
    Block,
    BlockKind,
    Clause,
    Definition,
    FactUse,
    Guard,
    Inline,
    Parameter,
    ParameterUse,
    Reference,
    ReferenceList,
    RoleUse,
    Table,
    TermUse,
    Words,
)
from app.domain.condition_words import ConditionWords, facts_of
from app.domain.contract_template import Library
from app.domain.numbering import letters, roman
from app.domain.terms import anchor_of_term
from app.domain.typography import typographic
from app.services.reading_blanks import blanks_of, default_words, say_fact
from app.services.reading_terms import TermPlace, find_term
from app.services.reading_tree import (
    ClauseReading,
    ReadingBlock,
    ReadingKind,
    ReadingRow,
    ReadingRun,
    ReadingSchedule,
    ReadingTable,
    SummaryReading,
)

Numbering = Callable[[int], str]


def read_clause(library: Library, clause: Clause) -> ClauseReading:
    """The clause as a lawyer reads it."""
    reader = _Reader(library, clause, facts_of(library))
    return ClauseReading(
        clause=clause,
        blocks=reader.body(clause.blocks),
        schedules=tuple(reader.schedules()),
        summary=tuple(
            SummaryReading(reader.runs(line.inlines), reader.conditions(line.guards))
            for line in clause.summary
        ),
        terms=tuple(reader.terms_used()),
        blanks=blanks_of(library, clause, reader.words),
    )


class _Reader:
    """Prints the parts of one clause."""

    def __init__(self, library: Library, clause: Clause, facts: Mapping[str, Parameter]) -> None:
        self.library = library
        self.clause = clause
        self.facts = facts
        self.words = ConditionWords(library, clause, facts)
        self._paths = dict(_paths(clause))
        self._terms: dict[str, TermPlace] = {}

    def body(self, blocks: Sequence[Block]) -> tuple[ReadingBlock, ...]:
        sole = len(blocks) == 1
        return tuple(
            self._block(
                block, "" if sole else f"({letters(index)})", 0 if sole else 1, letters if sole else roman
            )
            for index, block in enumerate(blocks, start=1)
        )

    def schedules(self) -> Iterator[ReadingSchedule]:
        for schedule in self.clause.schedules:
            numbered = [block for block in schedule.blocks if _is_paragraph(block)]
            blocks: list[ReadingBlock | ReadingTable] = []
            for block in schedule.blocks:
                if isinstance(block, Table):
                    blocks.append(self._table(block))
                    continue
                counts = len(numbered) > 1 and _is_paragraph(block)
                number = str(numbered.index(block) + 1) if counts else ""
                blocks.append(self._block(block, number, int(counts), letters))
            yield ReadingSchedule(
                typographic(schedule.title),
                schedule.anchor,
                self.conditions(schedule.guards),
                tuple(blocks),
            )

    def conditions(self, guards: Sequence[Guard]) -> tuple[str, ...]:
        return tuple(self.words.say(guard) for guard in guards)

    def runs(self, inlines: Sequence[Inline]) -> tuple[ReadingRun, ...]:
        printed: list[ReadingRun] = []
        for inline in inlines:
            opens = not printed or printed[-1].text[-1:] in " \u00a0([\u2013\u2014/\u201c\u2018"
            printed += self._print(inline, opens=opens)
        return tuple(printed)

    def terms_used(self) -> Iterator[TermPlace]:
        yield from sorted(self._terms.values(), key=lambda place: place.term.casefold())

    def _block(self, block: Block, number: str, level: int, below: Numbering) -> ReadingBlock:
        """below: how the items of the block are numbered."""
        children = tuple(
            self._block(child, f"({below(index)})", level + 1, roman)
            for index, child in enumerate(block.children, start=1)
        )
        runs = self.runs(block.inlines)
        if block.kind is BlockKind.EACH:
            runs = (ReadingRun("one item for each of: "), *runs)
        elif block.kind is BlockKind.TABLE_PARAMETER:
            runs = (ReadingRun("a table to fill in: "), *runs)
        return ReadingBlock(number, level, runs, self.conditions(block.guards), block.anchor, children)

    def _table(self, table: Table) -> ReadingTable:
        def row(cells: Sequence[Sequence[Inline]], guards: Sequence[Guard] = ()) -> ReadingRow:
            return ReadingRow(tuple(self.runs(cell) for cell in cells), self.conditions(guards))

        rows = tuple(row(one.cells, one.guards) for one in table.rows)
        return ReadingTable(row(table.header), rows, self.conditions(table.guards))

    def _print(self, inline: Inline, *, opens: bool) -> list[ReadingRun]:
        match inline:
            case Words(text):
                return [ReadingRun(typographic(text, opens=opens))]
            case RoleUse(role):
                return [ReadingRun(str(role), ReadingKind.ROLE)]
            case Definition(term):
                quoted = f"\u201c{typographic(term, opens=False)}\u201d"
                return [ReadingRun(quoted, ReadingKind.DEFINITION, anchor_of_term(term))]
            case TermUse(form):
                return [self._term(form)]
            case ParameterUse(name):
                return [self._parameter(name)]
            case FactUse(name):
                label, note = say_fact(self.facts, name)
                return [ReadingRun(f"[{label}]", ReadingKind.FACT, "", note)]
            case Reference():
                return [self._reference(inline)]
            case ReferenceList():
                return list(self._reference_list(inline))

    def _term(self, form: str) -> ReadingRun:
        place = find_term(self.library, self.clause, form)
        if place is None:
            return ReadingRun(typographic(form, opens=False))
        self._terms.setdefault(place.term, place)
        return ReadingRun(
            typographic(form, opens=False), ReadingKind.TERM, anchor_of_term(place.term), place.words
        )

    def _parameter(self, name: str) -> ReadingRun:
        parameter = self.clause.parameters[name]
        default = default_words(self.library, parameter)
        shown = f"[{default or typographic(name_of(parameter))}]"
        note = f"{typographic(name_of(parameter))}. {allowed_answers(parameter)}"
        return ReadingRun(shown, ReadingKind.BLANK, f"blank-{name}", note)

    def _reference(self, reference: Reference) -> ReadingRun:
        if reference.this:
            return ReadingRun("This clause" if reference.capital else "this clause")
        if not reference.family or reference.family == self.clause.family:
            path = self._paths.get(reference.anchor, "this clause")
            words = path[:1].upper() + path[1:] if reference.capital else path
            return ReadingRun(words, ReadingKind.REFERENCE, f"#{reference.anchor}")
        word = "Clause" if reference.capital else "clause"
        return self._other(word, reference.family)

    def _reference_list(self, listed: ReferenceList) -> Iterator[ReadingRun]:
        word = "Clauses" if listed.capital else "clauses"
        for index, (family, optional) in enumerate(listed.targets):
            if index:
                yield ReadingRun(" and " if index == len(listed.targets) - 1 else ", ")
            run = self._other(word if index == 0 else "", family)
            note = "named only where it is in the contract" if optional else ""
            yield ReadingRun(run.text, run.kind, run.target, note)

    def _other(self, word: str, family: str) -> ReadingRun:
        found = self.library.positions_of(family)
        title = found[0].title if found else family.replace("-", " ")
        text = f"{word} [{typographic(title)}]".strip()
        return ReadingRun(text, ReadingKind.REFERENCE, found[0].id if found else "")


def _paths(clause: Clause) -> Iterator[tuple[str, str]]:
    """Anchor -> "paragraph (b)", "the schedule", counted as if every block stood."""
    sole = len(clause.blocks) == 1
    for index, block in enumerate(clause.blocks, start=1):
        label = "" if sole else f"({letters(index)})"
        yield block.anchor, f"paragraph\u00a0{label}" if label else "this clause"
        for item, child in enumerate(block.children, start=1):
            yield child.anchor, f"paragraph\u00a0{label}({letters(item) if sole else roman(item)})"
    for schedule in clause.schedules:
        yield schedule.anchor, f"the schedule \u201c{typographic(schedule.title)}\u201d"
        for part in schedule.blocks:
            yield part.anchor, f"the schedule \u201c{typographic(schedule.title)}\u201d"


def _is_paragraph(block: Block | Table) -> bool:
    return isinstance(block, Block) and block.kind is BlockKind.PARAGRAPH
