"""Copies of a sample's clauses with families and terms of their own, in one contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.bench.samples import Sample
from app.domain.answers import Answers
from app.domain.clause import (
    Block,
    Clause,
    Definition,
    Guard,
    Inline,
    Reference,
    ReferenceList,
    Schedule,
    Table,
    TermUse,
)
from app.domain.contract_template import FamilySlot, TemplateSection
from app.domain.deal import HAS, open_deal


def copy_sample(sample: Sample, copies: int) -> Sample:
    """The contract with its selected clauses `copies` times; the first time they are as they are."""
    selected = open_deal(sample.library, sample.contract_template, sample.answers).selection.clauses
    clauses: dict[str, Clause] = {}
    sections: list[TemplateSection] = []
    families = dict(sample.answers.families)
    for number in range(copies):
        naming = _Naming(f"-{number + 1}" if number else "", f"Part {number + 1} " if number else "")
        copied = [naming.clause(clause) for clause in selected]
        clauses |= {clause.id: clause for clause in copied}
        slots = tuple(FamilySlot(clause.family, clause.position) for clause in copied)
        sections.append(TemplateSection(f"Part {number + 1}", slots))
        families |= {family + naming.suffix: each for family, each in sample.answers.families.items()}
    return replace(
        sample,
        library=replace(sample.library, clauses=clauses),
        contract_template=replace(sample.contract_template, sections=tuple(sections)),
        answers=Answers(sample.answers.facts, families, {}, sample.answers.signers),
    )


@dataclass(frozen=True, slots=True)
class _Naming:
    """suffix: behind the families of a copy. number: before its terms."""

    suffix: str
    number: str

    def clause(self, clause: Clause) -> Clause:
        family = clause.family + self.suffix
        return replace(
            clause,
            id=f"{family}.{clause.position}",
            family=family,
            requires=tuple(each + self.suffix for each in clause.requires),
            conflicts=(),
            terms=self._forms(clause.terms),
            blocks=tuple(self._block(block) for block in clause.blocks),
            schedules=tuple(self._schedule(schedule) for schedule in clause.schedules),
            summary=tuple(replace(line, guards=self._guards(line.guards)) for line in clause.summary),
        )

    def _forms(self, terms: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        return {
            self.number + term: tuple(self.number + form for form in forms) for term, forms in terms.items()
        }

    def _schedule(self, schedule: Schedule) -> Schedule:
        blocks = tuple(
            self._table(block) if isinstance(block, Table) else self._block(block)
            for block in schedule.blocks
        )
        return replace(schedule, blocks=blocks, guards=self._guards(schedule.guards))

    def _table(self, table: Table) -> Table:
        rows = tuple(
            replace(row, cells=self._cells(row.cells), guards=self._guards(row.guards)) for row in table.rows
        )
        return replace(table, header=self._cells(table.header), rows=rows, guards=self._guards(table.guards))

    def _cells(self, cells: tuple[tuple[Inline, ...], ...]) -> tuple[tuple[Inline, ...], ...]:
        return tuple(tuple(self._inline(inline) for inline in cell) for cell in cells)

    def _block(self, block: Block) -> Block:
        return replace(
            block,
            inlines=tuple(self._inline(inline) for inline in block.inlines),
            guards=self._guards(block.guards),
            children=tuple(self._block(child) for child in block.children),
        )

    def _guards(self, guards: tuple[Guard, ...]) -> tuple[Guard, ...]:
        return tuple(
            replace(guard, condition=guard.condition + self.suffix)
            if guard.condition.startswith(HAS)
            else guard
            for guard in guards
        )

    def _inline(self, inline: Inline) -> Inline:
        match inline:
            case Reference(family=family) if family:
                return replace(inline, family=family + self.suffix)
            case ReferenceList(targets=targets):
                return replace(inline, targets=tuple((each + self.suffix, free) for each, free in targets))
            case Definition(term):
                return Definition(self.number + term)
            case TermUse(form):
                return TermUse(self.number + form)
        return inline
