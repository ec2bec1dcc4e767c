"""The list of contents of the Word paper: a TOC field (17.16.5.68) with its entries already in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.agreement_text import AgreementText
from app.domain.numbering import schedule_name
from app.rendering.markup import FEWEST_FOR_CONTENTS
from app.rendering.word.elements import Element, make, make_run

HEADING = "Contents"
TEXT_BOOKMARK = "agreement_text"  # around all that is listed
# Levels 1 and 2 of the headings inside the bookmark, as links, without page numbers: a field is not laid
# out before somebody updates it, and a wrong number is worse than none.
INSTRUCTION = f'TOC \\o "1-2" \\n \\h \\z \\b {TEXT_BOOKMARK}'


@dataclass(frozen=True, slots=True)
class Entry:
    """One heading. key: the anchor of a clause or schedule, or "section-N"; level: 1 or 2."""

    key: str
    level: int
    number: str
    title: str

    @property
    def bookmark(self) -> str:
        """A name that Word takes: at most 40 letters, digits and underscores (17.13.6.2)."""
        return f"_Toc{hash_of(self.key):010d}"


def hash_of(key: str) -> int:
    """A number of at most ten digits, the same in every process."""
    number = 0
    for byte in key.encode():
        number = (number * 257 + byte) % 9_999_999_967
    return number


def list_entries(text: AgreementText) -> list[Entry]:
    """Titled sections, clauses and schedules in order; empty where there are few clauses."""
    if sum(1 for _ in text.clauses()) < FEWEST_FOR_CONTENTS:
        return []
    entries = []
    for index, section in enumerate(text.sections):
        if section.title:
            entries.append(Entry(section_key(index), 1, "", section.title))
        entries += [Entry(clause.anchor, 2, clause.number, clause.title) for clause in section.clauses]
    names = [(item, schedule_name(item.number)) for item in text.schedules]
    return entries + [Entry(item.anchor, 1, name, item.title) for item, name in names]


def section_key(index: int) -> str:
    return f"section {index}"


def make_contents(entries: Sequence[Entry], styles: Sequence[str]) -> Iterator[Element]:
    """The paragraphs of the field. styles: style ids of the levels 1 and 2."""
    for index, entry in enumerate(entries):
        words = [make_run(entry.number), make("w:r", make("w:tab"))] if entry.number else []
        link = make("w:hyperlink", *words, make_run(entry.title), anchor=entry.bookmark, history="1")
        content = [*(_beginning() if index == 0 else ()), link]
        if index == len(entries) - 1:
            content.append(make("w:r", make("w:fldChar", fldCharType="end")))
        properties = make("w:pPr", make("w:pStyle", val=styles[entry.level - 1]))
        yield make("w:p", properties, *content)


def _beginning() -> list[Element]:
    code = make("w:instrText")
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    code.text = f" {INSTRUCTION} "
    return [
        make("w:r", make("w:fldChar", fldCharType="begin")),
        make("w:r", code),
        make("w:r", make("w:fldChar", fldCharType="separate")),
    ]
