"""The body of the Word paper: Key Terms, clauses and schedules as elements, in reading order."""

from __future__ import annotations

from collections.abc import Iterator

from docx.document import Document

from app.domain.agreement_text import (
    AgreementText,
    ClauseText,
    Paragraph,
    Run,
    RunKind,
    Runs,
    ScheduleText,
    TextTable,
    text_of,
)
from app.domain.numbering import schedule_name
from app.domain.plain_text import KEY_TERMS_HEADING
from app.rendering.direction import begins_right_to_left
from app.rendering.word.contents import HEADING as CONTENTS_HEADING
from app.rendering.word.contents import TEXT_BOOKMARK, list_entries, make_contents, section_key
from app.rendering.word.elements import (
    Element,
    make,
    make_bookmark,
    make_paragraph,
    make_run,
)
from app.rendering.word.numbering import (
    CLAUSE_LEVELS,
    SCHEDULE_LEVELS,
    NumberedList,
    add_list,
)
from app.rendering.word.page import begin_page, keep_with_next
from app.rendering.word.places import Block, PlaceBook
from app.rendering.word.styles import style_id
from app.rendering.word.tables import make_table, share_width

_KEY_TERMS_WIDTHS = (42.0, 98.0, 22.0)  # millimetres, together the width of the text


class BodyWriter:
    """Turns one tree into elements; keeps the count of its lists and bookmarks."""

    def __init__(self, document: Document, text: AgreementText) -> None:
        self._document = document
        self._text = text
        self._places = PlaceBook(text)
        self._bookmarks = _largest_bookmark(document)
        self._listed = {entry.key: entry for entry in list_entries(text)}

    def write(self) -> Iterator[Element]:
        """The elements from the Key Terms to the last schedule; the text begins on a new page."""
        yield from self._key_terms()
        yield from self._contents()
        self._bookmarks += 1
        start, end = make_bookmark(TEXT_BOOKMARK, self._bookmarks)
        yield start
        body = self._body()
        first = next(body, None)
        if first is not None:
            begin_page(first)
            yield first
        yield from body
        yield end

    def _contents(self) -> Iterator[Element]:
        if self._listed:
            yield self._plain("Heading 1", CONTENTS_HEADING)
            styles = [style_id(self._document, f"toc {level}") for level in (1, 2)]
            yield from make_contents(list(self._listed.values()), styles)

    def _body(self) -> Iterator[Element]:
        clauses = add_list(self._document, CLAUSE_LEVELS)
        for index, section in enumerate(self._text.sections):
            if section.title:
                runs = _text_runs(section.title)
                yield self._paragraph("Heading 1", self._listed_at(section_key(index), runs))
            for clause in section.clauses:
                yield from self._clause(clause, clauses)
        schedules = add_list(self._document, SCHEDULE_LEVELS)
        for schedule in self._text.schedules:
            yield from self._schedule(schedule, schedules)

    def _key_terms(self) -> Iterator[Element]:
        if self._text.key_terms:
            yield self._plain("Heading 1", KEY_TERMS_HEADING)
            rows = [
                [
                    [self._plain("Table Text", term.label)],
                    [self._paragraph("Table Text", self._runs(term.value))],
                    [self._paragraph("Table Text", self._places.make_reference(term.reference, term.target))],
                ]
                for term in self._text.key_terms
            ]
            yield make_table(rows, _KEY_TERMS_WIDTHS, header=False)
        if self._text.intro:
            yield self._plain("Fine", self._text.intro)

    def _clause(self, clause: ClauseText, numbers: NumberedList) -> Iterator[Element]:
        yield self._heading("Heading 2", clause.number, clause.title, clause, numbers)
        yield from self._paragraphs(clause.paragraphs, numbers, "Clause Text", bold=clause.prominent)

    def _schedule(self, schedule: ScheduleText, numbers: NumberedList) -> Iterator[Element]:
        yield self._heading("Heading 1", schedule_name(schedule.number), schedule.title, schedule, numbers)
        for block, following in zip(schedule.blocks, (*schedule.blocks[1:], None), strict=True):
            if isinstance(block, Paragraph):
                written = list(self._paragraphs((block,), numbers, "Schedule Text", bold=False))
                if isinstance(following, TextTable):
                    keep_with_next(written[-1])
                yield from written
            else:
                yield self._table(block)

    def _paragraphs(
        self, blocks: tuple[Paragraph, ...], numbers: NumberedList, plain_style: str, *, bold: bool
    ) -> Iterator[Element]:
        for block in blocks:
            numbering = numbers.continue_with(block.number, block.level) if block.number else None
            style = plain_style
            if block.number:
                style = "Clause Paragraph" if block.level == 1 else "Clause Item"
            content = self._marked(block, self._runs(block.runs, bold=bold))
            if block.number and numbering is None:
                content = [make_run(block.number), make("w:r", make("w:tab")), *content]
            paragraph = self._paragraph(style, content, numbering)
            if block.children:
                keep_with_next(paragraph)
            yield paragraph
            yield from self._paragraphs(block.children, numbers, plain_style, bold=bold)

    def _heading(
        self,
        style: str,
        number: str,
        title: str,
        block: ClauseText | ScheduleText,
        numbers: NumberedList,
    ) -> Element:
        numbering = numbers.continue_with(number, 0)
        content = self._listed_at(block.anchor, self._marked(block, _text_runs(title)))
        if numbering is None:
            content = [make_run(number), make("w:r", make("w:tab")), *content]
        return self._paragraph(style, content, numbering)

    def _table(self, table: TextTable) -> Element:
        rows = [
            [[self._paragraph("Table Text", self._runs(cell, bold=row is table.header))] for cell in row]
            for row in (table.header, *table.rows)
        ]
        bookmark = self._places.bookmark_of(table)
        if bookmark and rows and rows[0]:
            first = rows[0][0][0]
            first.extend(self._bookmark(bookmark))
        texts = [[text_of(cell) for cell in row] for row in (table.header, *table.rows)]
        return make_table(rows, share_width(texts, sum(_KEY_TERMS_WIDTHS)), header=True)

    def _runs(self, runs: Runs, *, bold: bool = False) -> list[Element]:
        elements: list[Element] = []
        for run in runs:
            if run.kind is RunKind.REFERENCE:
                elements += self._places.make_reference(run.text, run.target, *_properties(run, bold))
            else:
                elements += _text_runs(run.text, *_properties(run, bold))
        return elements

    def _marked(self, block: Block, content: list[Element]) -> list[Element]:
        bookmark = self._places.bookmark_of(block)
        return self._bookmark(bookmark, *content) if bookmark else content

    def _listed_at(self, key: str, content: list[Element]) -> list[Element]:
        entry = self._listed.get(key)
        return self._bookmark(entry.bookmark, *content) if entry else content

    def _bookmark(self, name: str, *content: Element) -> list[Element]:
        self._bookmarks += 1
        return make_bookmark(name, self._bookmarks, *content)

    def _plain(self, style: str, text: str) -> Element:
        return self._paragraph(style, _text_runs(text))

    def _paragraph(self, style: str, content: list[Element], numbering: Element | None = None) -> Element:
        return make_paragraph(style_id(self._document, style), *content, numbering=numbering)


def _properties(run: Run, bold: bool) -> list[Element]:
    """Run properties in the order of the schema (17.3.2.28)."""
    properties: list[Element] = []
    if bold or run.kind is RunKind.DEFINITION:
        properties.append(make("w:b"))
    if run.kind is RunKind.OPEN:
        properties += [make("w:highlight", val="yellow"), make("w:u", val="single")]
    return properties


def _text_runs(text: str, *properties: Element) -> list[Element]:
    """Text as a run; one that begins from right to left says so, for Word does not find out."""
    if begins_right_to_left(text):
        properties = (*properties, make("w:rtl"))
    return [make_run(text, *properties)]


def _largest_bookmark(document: Document) -> int:
    ids = document.element.body.xpath(".//w:bookmarkStart/@w:id")
    return max((int(value) for value in ids), default=0)
