"""Numbered blocks as printed paragraphs."""

from __future__ import annotations

from app.domain.agreement_text import Paragraph, Run, RunKind, Runs
from app.domain.clause import BlockKind, Clause
from app.domain.numbering import NumberedBlock
from app.domain.printing import blank
from app.domain.pruning import KeptBlock, list_name, without_ending
from app.domain.references import anchor_of
from app.domain.text_printer import TextPrinter


def print_block(printer: TextPrinter, clause: Clause, block: NumberedBlock) -> Paragraph:
    """A paragraph or item of `clause` with everything below it."""
    kept = block.kept
    return Paragraph(
        number=block.number,
        level=block.level,
        runs=printer.waiting_runs(kept.waiting) + _print_text(printer, clause, kept),
        anchor=anchor_of(clause.family, kept.block.anchor),
        path=block.path,
        children=tuple(print_block(printer, clause, child) for child in block.children),
    )


def _print_text(printer: TextPrinter, clause: Clause, kept: KeptBlock) -> Runs:
    if kept.block.kind is BlockKind.EACH:
        runs: Runs = (_print_element(printer, clause, kept),)
    elif kept.ending is None:
        return printer.runs(clause, kept.block.inlines)
    else:
        runs = printer.runs(clause, without_ending(kept.block.inlines))
    return _with_ending(runs, kept.ending or "")


def _print_element(printer: TextPrinter, clause: Clause, kept: KeptBlock) -> Run:
    key = f"{clause.family}.{list_name(kept.block)}"
    if kept.element is None:
        return blank(printer.deal, key)
    return Run(kept.element, RunKind.ANSWER, key)


def _with_ending(runs: Runs, ending: str) -> Runs:
    if not ending:
        return runs
    if runs and runs[-1].kind is RunKind.TEXT:
        return (*runs[:-1], Run(runs[-1].text + ending))
    return (*runs, Run(ending))
