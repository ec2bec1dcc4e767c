"""The agreement as plain text: a Markdown-like form to read and compare, and the reading blocks.

`reading_blocks` is the yardstick for equal text: PDF, DOCX and HTML must give the same blocks in
the same order once white space is normalised and running heads are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    Paragraph,
    Runs,
    ScheduleText,
    SignatureBlock,
    TextTable,
    text_of,
)

KEY_TERMS_HEADING = "Key Terms"
SIGNATURES_HEADING = "Signatures"
_NO_NAME = "____________________"


def to_markdown(text: AgreementText) -> str:
    """The complete agreement, one block per paragraph, ending with one newline."""
    parts = [f"# {text.title}", text.subtitle, *_key_terms_markdown(text)]
    if text.confidential:
        parts.insert(0, "CONFIDENTIAL")
    for section in text.sections:
        if section.title:
            parts.append(f"## {section.title}")
        for clause in section.clauses:
            parts.extend(_clause_markdown(clause))
    for schedule in text.schedules:
        parts.extend(_schedule_markdown(schedule))
    parts.extend(_signatures_markdown(text))
    if text.number or text.review_note:
        parts.append(" · ".join(part for part in (text.number, text.review_note) if part))
    return "\n\n".join(part.rstrip() for part in parts if part) + "\n"


def reading_blocks(text: AgreementText) -> tuple[str, ...]:
    """The body in reading order: title, Key Terms, clauses, schedules, signature blocks.

    One block for each heading, paragraph, item, table cell and row part of the Key Terms;
    the printed number stands before its text, and white space is a single space.
    """
    blocks = (" ".join(block.split()) for block in _blocks(text))
    return tuple(block for block in blocks if block)


def initialled_numbers(text: AgreementText, role: str) -> tuple[str, ...]:
    """The numbers of the clauses that the signer in `role` initials, in printed order."""
    families = {place.family for place in text.initials if place.role == role}
    return tuple(clause.number for clause in text.clauses() if clause.family in families)


def _blocks(text: AgreementText) -> Iterator[str]:
    yield from (text.title, text.subtitle)
    if text.key_terms:
        yield KEY_TERMS_HEADING
    for row in text.key_terms:
        yield from (row.label, text_of(row.value), row.reference)
    yield text.intro
    for section in text.sections:
        yield section.title
        for clause in section.clauses:
            yield f"{clause.number} {clause.title}"
            yield from _paragraph_blocks(clause.paragraphs)
    for schedule in text.schedules:
        yield f"Schedule {schedule.number} {schedule.title}"
        for block in schedule.blocks:
            yield from _table_blocks(block) if isinstance(block, TextTable) else _paragraph_blocks((block,))
    for signature in text.signature_blocks:
        yield from (signature.label, signature.party, signature.name, signature.capacity)


def _paragraph_blocks(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        yield f"{paragraph.number} {text_of(paragraph.runs)}"
        yield from _paragraph_blocks(paragraph.children)


def _table_blocks(table: TextTable) -> Iterator[str]:
    for row in (table.header, *table.rows):
        yield from (text_of(cell) for cell in row)


def _key_terms_markdown(text: AgreementText) -> Iterator[str]:
    if text.key_terms:
        yield f"## {KEY_TERMS_HEADING}"
        rows = [(row.label, _cell(row.value), row.reference) for row in text.key_terms]
        header = ("Term", "Agreed", text.unit_word.capitalize())
        yield _table(header, rows)
    yield text.intro


def _clause_markdown(clause: ClauseText) -> Iterator[str]:
    marks = [word for word, set_ in (("bold", clause.prominent), ("initials", clause.initials)) if set_]
    yield f"### {clause.number} {clause.title}" + (f"  [{', '.join(marks)}]" if marks else "")
    yield from _paragraph_markdown(clause.paragraphs)


def _paragraph_markdown(paragraphs: tuple[Paragraph, ...]) -> Iterator[str]:
    for paragraph in paragraphs:
        indent = "  " * max(paragraph.level - 1, 0)
        yield indent + f"{paragraph.number} {text_of(paragraph.runs)}".strip()
        yield from _paragraph_markdown(paragraph.children)


def _schedule_markdown(schedule: ScheduleText) -> Iterator[str]:
    yield f"## Schedule {schedule.number}: {schedule.title}"
    for block in schedule.blocks:
        if isinstance(block, TextTable):
            rows = [tuple(_cell(cell) for cell in row) for row in block.rows]
            yield _table(tuple(_cell(cell) for cell in block.header), rows)
        else:
            yield from _paragraph_markdown((block,))


def _signatures_markdown(text: AgreementText) -> Iterator[str]:
    yield f"## {SIGNATURES_HEADING}"
    for block in text.signature_blocks:
        yield "\n".join(_signature_lines(text, block))


def _signature_lines(text: AgreementText, block: SignatureBlock) -> Iterator[str]:
    yield block.label
    yield f"Party: {block.party or _NO_NAME}"
    yield f"Name: {block.name or _NO_NAME}"
    yield f"Capacity: {block.capacity or _NO_NAME}"
    initialled = initialled_numbers(text, block.role)
    if initialled:
        yield f"Initials at {text.unit_word}s: {', '.join(initialled)}"


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(runs: Runs) -> str:
    # A bar inside a cell would read as the end of the cell.
    return text_of(runs).replace("|", "\\|")
