"""Numbers as a reader sees them: 7, (a), (i); schedules 1, (a); and full paths such as 7(b)(ii)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.clause import BlockKind
from app.domain.pruning import KeptBlock, KeptClause, KeptSchedule, KeptTable
from app.domain.typography import NO_BREAK_SPACE

_ROMAN = ((50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class NumberedBlock:
    """A kept block with its printed number (`(a)`, `1`, or empty), its level and its full path."""

    kept: KeptBlock
    number: str
    level: int
    path: str
    children: tuple[NumberedBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class NumberedClause:
    number: str
    kept: KeptClause
    blocks: tuple[NumberedBlock, ...]
    schedules: tuple[NumberedSchedule, ...]


@dataclass(frozen=True, slots=True)
class NumberedSchedule:
    number: str
    kept: KeptSchedule
    blocks: tuple[NumberedBlock | KeptTable, ...]


def letters(number: int) -> str:
    """1 -> a, 26 -> z, 27 -> aa."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def roman(number: int) -> str:
    """1 -> i, 4 -> iv, 19 -> xix."""
    text = ""
    for value, symbol in _ROMAN:
        count, number = divmod(number, value)
        text += symbol * count
    return text


def number_clauses(clauses: Sequence[KeptClause]) -> tuple[NumberedClause, ...]:
    """Number clauses through all sections, and their schedules in the same order."""
    numbered: list[NumberedClause] = []
    schedule_number = 0
    for number, kept in enumerate(clauses, start=1):
        schedules = []
        for schedule in kept.schedules:
            schedule_number += 1
            schedules.append(_number_schedule(schedule, str(schedule_number)))
        blocks = _number_body(kept.blocks, str(number))
        numbered.append(NumberedClause(str(number), kept, blocks, tuple(schedules)))
    return tuple(numbered)


def _number_body(blocks: Sequence[KeptBlock], clause_number: str) -> tuple[NumberedBlock, ...]:
    """Paragraphs get letters and items roman numbers; a sole paragraph has none and its items letters."""
    if len(blocks) == 1:
        kept = blocks[0]
        items = _number_items(kept.children, clause_number, level=1, style=letters)
        return (NumberedBlock(kept, "", 0, clause_number, items),)
    numbered = []
    for index, kept in enumerate(blocks, start=1):
        label = f"({letters(index)})"
        path = clause_number + label
        items = _number_items(kept.children, path, level=2, style=roman)
        numbered.append(NumberedBlock(kept, label, 1, path, items))
    return tuple(numbered)


def _number_items(
    items: Sequence[KeptBlock], path: str, *, level: int, style: Callable[[int], str]
) -> tuple[NumberedBlock, ...]:
    labels = (f"({style(index)})" for index in range(1, len(items) + 1))
    return tuple(
        NumberedBlock(kept, label, level, path + label) for kept, label in zip(items, labels, strict=True)
    )


def _number_schedule(schedule: KeptSchedule, number: str) -> NumberedSchedule:
    sole = sum(_is_paragraph(block) for block in schedule.blocks) == 1
    blocks: list[NumberedBlock | KeptTable] = []
    index = 0
    for block in schedule.blocks:
        if isinstance(block, KeptTable):
            blocks.append(block)
            continue
        index += _is_paragraph(block)
        label = str(index) if _is_paragraph(block) and not sole else ""
        blocks.append(_number_schedule_block(block, label, schedule_name(number)))
    return NumberedSchedule(number, schedule, tuple(blocks))


def _number_schedule_block(block: KeptBlock, label: str, schedule: str) -> NumberedBlock:
    children = []
    for index, item in enumerate(block.children, start=1):
        item_label = f"({letters(index)})"
        path = _schedule_path(label + item_label, schedule)
        children.append(NumberedBlock(item, item_label, 2 if label else 1, path))
    path = _schedule_path(label, schedule)
    return NumberedBlock(block, label, 1 if label else 0, path, tuple(children))


def schedule_name(number: str) -> str:
    return f"Schedule{NO_BREAK_SPACE}{number}"


def _schedule_path(label: str, schedule: str) -> str:
    return f"paragraph{NO_BREAK_SPACE}{label} of {schedule}" if label else schedule


def _is_paragraph(block: KeptBlock | KeptTable) -> bool:
    return isinstance(block, KeptBlock) and block.block.kind is BlockKind.PARAGRAPH


def walk(blocks: Sequence[NumberedBlock | KeptTable]) -> Iterator[NumberedBlock]:
    """All numbered blocks and their items, in printed order."""
    for block in blocks:
        if isinstance(block, NumberedBlock):
            yield block
            yield from walk(block.children)
