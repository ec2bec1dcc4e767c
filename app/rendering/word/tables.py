"""Tables of the Word paper: hairlines between rows, a header row that repeats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from app.rendering.word.elements import Element, make, make_paragraph, twips

Cells: TypeAlias = Sequence[Sequence[Element]]  # of one row: the paragraphs of each cell

SHORTEST_COLUMN, LONGEST_COLUMN = 12, 90  # characters that count for the width of a column
HAIRLINE = {"val": "single", "sz": "4", "space": "0", "color": "8A9794"}


def make_table(rows: Sequence[Cells], widths: tuple[float, ...], *, header: bool) -> Element:
    """A table over the width of the text. widths: millimetres. header: the first row repeats.

    Short rows are filled up: Word refuses a row without cells.
    """
    properties = make(
        "w:tblPr",
        make("w:tblW", w="5000", type="pct"),
        make(
            "w:tblBorders",
            make("w:top", **HAIRLINE),
            make("w:bottom", **HAIRLINE),
            make("w:insideH", **HAIRLINE),
        ),
        make("w:tblLayout", type="fixed"),
        make("w:tblCellMar", make("w:left", w="0", type="dxa"), make("w:right", w=twips(3), type="dxa")),
        make("w:tblLook", val="0020" if header else "0080", firstRow="1" if header else "0"),
    )
    grid = make("w:tblGrid", *(make("w:gridCol", w=twips(width)) for width in widths))
    table = make("w:tbl", properties, grid)
    for index, cells in enumerate(rows):
        table.append(_row(cells, widths, repeats=header and index == 0))
    return table


def share_width(rows: Sequence[Sequence[str]], width: float) -> tuple[float, ...]:
    """`width` (millimetres) among the columns of the first row: more for the longer texts.

    By the root of the length, so that a sentence does not squeeze the amount beside it.
    """
    count = len(rows[0]) if rows else 0
    cells = [[row[column] for row in rows if column < len(row)] for column in range(count)]
    longest = [max(map(len, column)) for column in cells]
    weights = [min(max(length, SHORTEST_COLUMN), LONGEST_COLUMN) ** 0.5 for length in longest]
    return tuple(round(width * weight / sum(weights), 1) for weight in weights)


def _row(cells: Cells, widths: tuple[float, ...], *, repeats: bool) -> Element:
    properties = make("w:trPr", make("w:cantSplit"))
    if repeats:
        properties.append(make("w:tblHeader"))
    row = make("w:tr", properties)
    for index, width in enumerate(widths):
        content = cells[index] if index < len(cells) else [make_paragraph("Normal")]
        size = make("w:tcPr", make("w:tcW", w=twips(width), type="dxa"))
        row.append(make("w:tc", size, *content))
    return row
