"""The content of schedules: text, tables, table parameters and paragraphs numbered (1), (2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from app.domain.clause import Block, BlockKind, Inline, Table, TableRow
from app.library.findings import FindingList
from app.library.inline import Trailers, parse_inlines, split_trailers
from app.library.labels import LETTERS, NUMBERS, LabelSequence
from app.library.numbered_blocks import check_indent, check_label, finish_block
from app.library.raw_blocks import RawBlock, RawKind

_RULE = "schedule-form"
_ALONE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}", re.ASCII)
_RULER_CELL = re.compile(r":?-{3,}:?")
_CELL_BORDER = re.compile(r"\\.|(?P<border>\|)")


def read_schedule_blocks(
    raws: list[RawBlock], tables: Collection[str], findings: FindingList
) -> tuple[Block | Table, ...]:
    labels = LabelSequence(NUMBERS)
    blocks: list[Block | Table] = []
    for group in _groups(raws):
        first = group[0]
        if first.kind is RawKind.TABLE_LINE:
            blocks.append(_read_table(group, findings))
        elif first.kind is RawKind.TEXT:
            blocks.append(_read_text(first, tables, findings))
        elif first.indent:
            check_indent(first, findings)
            findings.error(
                "item-orphan", first.line, "The item stands below no paragraph.", "Write its lead-in."
            )
        else:
            check_label(first, labels, "paragraph", findings)
            blocks.append(
                finish_block(BlockKind.PARAGRAPH, first, group[1:], LabelSequence(LETTERS), findings)
            )
            for item in group[1:]:
                check_indent(item, findings)
    return tuple(blocks)


def _groups(raws: list[RawBlock]) -> Iterator[list[RawBlock]]:
    """Paragraphs with their items, tables with their lines; everything else alone."""
    group: list[RawBlock] = []
    for raw in raws:
        if group and not _belongs(raw, group):
            yield group
            group = []
        group.append(raw)
    if group:
        yield group


def _belongs(raw: RawBlock, group: list[RawBlock]) -> bool:
    if raw.kind is RawKind.TABLE_LINE:
        return group[-1].kind is RawKind.TABLE_LINE and group[-1].line == raw.line - 1
    is_item = raw.kind is RawKind.MARKED and raw.indent > 0
    return is_item and group[0].kind is RawKind.MARKED and group[0].indent == 0


def _read_text(raw: RawBlock, tables: Collection[str], findings: FindingList) -> Block:
    text, trailers = split_trailers(raw.text, raw.line, findings)
    alone = _ALONE.fullmatch(text)
    kind = BlockKind.TABLE_PARAMETER if alone and alone[1] in tables else BlockKind.TEXT
    inlines = parse_inlines(text, raw.line, findings)
    return Block(kind, inlines, trailers.guards, trailers.anchor, (), raw.line)


# --- tables ----------------------------------------------------------------------------


def _read_table(lines: list[RawBlock], findings: FindingList) -> Table:
    """A header row, the ruler, then the rows. Trailers of the header row belong to the table."""
    header, trailers = _read_row(lines[0], findings)
    if len(lines) < 3 or not _is_ruler(lines[1], len(header)):
        message = "A table needs a header row, a ruler as wide and at least one row."
        findings.error(_RULE, lines[0].line, message, "Write | Head | Head |, then |---|---|, then the rows.")
        return Table(header, (), trailers.guards, trailers.anchor, lines[0].line)
    rows = tuple(_read_body_row(line, len(header), findings) for line in lines[2:])
    return Table(header, rows, trailers.guards, trailers.anchor, lines[0].line)


def _is_ruler(raw: RawBlock, width: int) -> bool:
    cells, rest = _split_cells(raw.text)
    return not rest and len(cells) == width and all(_RULER_CELL.fullmatch(cell) for cell in cells)


def _read_body_row(raw: RawBlock, width: int, findings: FindingList) -> TableRow:
    cells, trailers = _read_row(raw, findings)
    if len(cells) != width:
        message = f"The row has {len(cells)} cells, the header {width}."
        findings.error(
            _RULE, raw.line, message, "Give every row as many cells as the header; escape | in text."
        )
    if trailers.anchor:
        findings.error(_RULE, raw.line, "A row has an anchor.", "Refer to the schedule instead.")
    return TableRow(cells, trailers.guards, raw.line)


def _read_row(raw: RawBlock, findings: FindingList) -> tuple[tuple[tuple[Inline, ...], ...], Trailers]:
    cells, rest = _split_cells(raw.text)
    left, trailers = split_trailers(rest, raw.line, findings)
    if left or not cells:
        findings.error(
            _RULE, raw.line, "The row does not end with |.", "End it with |; only trailers follow."
        )
    return tuple(parse_inlines(cell, raw.line, findings) for cell in cells), trailers


def _split_cells(text: str) -> tuple[list[str], str]:
    """The cells between unescaped pipes, and what follows the last pipe."""
    borders = [found.start() for found in _CELL_BORDER.finditer(text) if found["border"]]
    cells = [text[left + 1 : right].strip() for left, right in zip(borders, borders[1:], strict=False)]
    return cells, text[borders[-1] + 1 :].strip()
