"""The body of a clause file: heading, paragraphs, items and schedules as a tree.

A line parser of our own for the grammar in `clauses/README.md`: indentation decides the
level, labels only have to be in order, and a fault never hides the next one.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from app.domain.clause import Block, BlockKind, Schedule
from app.library.findings import FindingList, shorten
from app.library.inline import parse_inlines, split_trailers
from app.library.labels import LETTERS, ROMANS, LabelSequence
from app.library.numbered_blocks import check_indent, check_label, finish_block
from app.library.raw_blocks import RawBlock, RawKind, gather_blocks
from app.library.schedule import read_schedule_blocks


@dataclass(frozen=True, slots=True)
class Body:
    title: str
    blocks: tuple[Block, ...]
    schedules: tuple[Schedule, ...]


def parse_body(text: str, first_line: int, tables: Collection[str], findings: FindingList) -> Body:
    """Parse a body. `tables` are the names of the table parameters; faults become findings."""
    raws = gather_blocks(text, first_line)
    title = _read_title(raws, first_line, findings)
    parts = _split_at_schedules(raws, findings)
    blocks = _read_clause_text(parts[0][1], findings)
    if not blocks:
        findings.error(
            "heading", first_line, "The clause has no text below its heading.", "Write the clause."
        )
    schedules = tuple(
        _read_schedule(heading, content, tables, findings) for heading, content in parts[1:] if heading
    )
    return Body(title, blocks, schedules)


def _read_title(raws: list[RawBlock], first_line: int, findings: FindingList) -> str:
    titles = [raw for raw in raws if raw.kind is RawKind.HEADING and raw.level == 1]
    if not raws or raws[0] not in titles:
        line = raws[0].line if raws else first_line
        findings.error("heading", line, "The body does not begin with a heading.", 'Begin with "# Title".')
    for extra in titles[1:]:
        findings.error(
            "heading", extra.line, "The clause has a second heading.", "Keep one; use ## for schedules."
        )
    return _plain_title(titles[0], findings) if titles else ""


def _plain_title(raw: RawBlock, findings: FindingList) -> str:
    """Titles hold words and role words only: they are printed and listed in the contents."""
    if not raw.text:
        findings.error("heading", raw.line, "The heading is empty.", "Write the title after the #.")
    if any(char in raw.text for char in "[]{}*|\\<_"):
        findings.error("heading", raw.line, "The heading contains markup.", "Use plain words.")
    else:
        parse_inlines(raw.text, raw.line, findings)  # for role-form
    return raw.text


def _split_at_schedules(
    raws: list[RawBlock], findings: FindingList
) -> list[tuple[RawBlock | None, list[RawBlock]]]:
    parts: list[tuple[RawBlock | None, list[RawBlock]]] = [(None, [])]
    for raw in raws:
        if raw.kind is not RawKind.HEADING:
            parts[-1][1].append(raw)
        elif raw.level == 2:
            parts.append((raw, []))
        elif raw.level != 1:
            findings.error(
                "heading", raw.line, f"{shorten(raw.text)!r} is no heading.", 'Use "# " and "## " only.'
            )
    return parts


# --- the clause text -------------------------------------------------------------------


@dataclass(slots=True)
class _Draft:
    """A paragraph while its items are still being gathered."""

    kind: BlockKind
    raw: RawBlock
    items: list[RawBlock] = field(default_factory=list)


def _read_clause_text(raws: list[RawBlock], findings: FindingList) -> tuple[Block, ...]:
    drafts: list[_Draft] = []
    labels = LabelSequence(LETTERS)
    for raw in raws:
        if raw.kind is RawKind.TABLE_LINE:
            findings.error(
                "schedule-form", raw.line, "A table stands in the clause.", "Move it to a schedule (##)."
            )
        elif raw.kind is RawKind.TEXT:
            _take_text(raw, drafts, findings)
        elif raw.indent == 0:
            check_label(raw, labels, "paragraph", findings)
            drafts.append(_Draft(BlockKind.PARAGRAPH, raw))
        else:
            _take_item(raw, drafts, findings)
    _check_mixture(drafts, findings)
    return tuple(_finish(draft, findings) for draft in drafts)


def _take_text(raw: RawBlock, drafts: list[_Draft], findings: FindingList) -> None:
    if drafts:
        message = f"{shorten(raw.text, 40)!r} belongs to no paragraph."
        findings.error("text-unmarked", raw.line, message, "Give it a label, or join it to its paragraph.")
        return
    if raw.indent:
        findings.error("item-indent", raw.line, "The text is indented.", "Begin it in column 0.")
    drafts.append(_Draft(BlockKind.TEXT, raw))


def _take_item(raw: RawBlock, drafts: list[_Draft], findings: FindingList) -> None:
    check_indent(raw, findings)
    if drafts:
        drafts[-1].items.append(raw)
    else:
        findings.error(
            "item-orphan", raw.line, "The item stands below no paragraph.", "Write its lead-in first."
        )


def _check_mixture(drafts: list[_Draft], findings: FindingList) -> None:
    paragraphs = [draft for draft in drafts if draft.kind is BlockKind.PARAGRAPH]
    if drafts and drafts[0].kind is BlockKind.TEXT and paragraphs:
        line = drafts[0].raw.line
        findings.error(
            "text-unmarked", line, "Loose text stands before the first paragraph.", "Label it (a)."
        )
    elif len(paragraphs) == 1:
        line = paragraphs[0].raw.line
        findings.error("label-single", line, "The clause has only one paragraph.", "Remove its label.")


def _finish(draft: _Draft, findings: FindingList) -> Block:
    return finish_block(draft.kind, draft.raw, draft.items, LabelSequence(ROMANS), findings)


def _read_schedule(
    heading: RawBlock, raws: list[RawBlock], tables: Collection[str], findings: FindingList
) -> Schedule:
    text, trailers = split_trailers(heading.text, heading.line, findings)
    title = _plain_title(RawBlock(RawKind.HEADING, heading.line, text), findings)
    if not trailers.anchor:
        message = f"The schedule {shorten(title)!r} has no anchor."
        findings.error("schedule-form", heading.line, message, 'Write "## Title {#anchor}".')
    blocks = read_schedule_blocks(raws, tables, findings)
    if not blocks:
        findings.error("schedule-form", heading.line, "The schedule is empty.", "Give it text or a table.")
    return Schedule(title, trailers.anchor, blocks, trailers.guards, heading.line)
