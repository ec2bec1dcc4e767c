"""What a reader sees on the pages: signatures with text, no lonely headings, marks on every page."""

from __future__ import annotations

import re

import pytest

from app.rendering.clean_paper import field_names
from app.rendering.ending import find_ending
from app.rendering.pages import extract_text
from app.rendering.pdf import render_pdf
from app.rendering.stationery import PageSize, Stationery
from tests.rendering import texts
from tests.rendering.papers import CREATED_AT, draft, opened, paper, run_tool, text
from tests.tools import needs_tool


def signature_pages(pdf: bytes) -> set[int]:
    document = opened(pdf)
    pages = {page.objgen: number for number, page in enumerate(document.pages)}
    return {
        pages[field.P.objgen] for name, field in field_names(document) if not name.startswith("initials")
    }


@pytest.mark.parametrize("count", [2, 5])
def test_all_signatures_and_the_seal_stand_on_one_page_with_the_end_of_the_text(count: int) -> None:
    for schedules in ((), texts.schedules()):
        agreement = texts.agreement(count, schedules=schedules)
        pdf = render_pdf(agreement, created_at=CREATED_AT)
        pages = signature_pages(pdf)
        assert len(pages) == 1
        words = extract_text(pdf)[pages.pop()]
        end = "Copies count as" if schedules else "erase it from every device"
        assert end in words
        assert words.index(end) < words.index("Signatures")


def test_a_long_last_clause_leaves_only_its_end_with_the_signatures() -> None:
    agreement = texts.agreement(1, schedules=())
    assert find_ending(agreement, PageSize.A4).kept_from == 0
    long = texts.replace(
        agreement.sections[0].clauses[0],
        paragraphs=tuple(
            texts.Paragraph(f"({letter})", 1, texts.plain("All of it must be kept. " * 20))
            for letter in "abcdef"
        ),
    )
    agreement = texts.agreement(1, schedules=(), sections=(texts.SectionText("", (long,)),))
    assert find_ending(agreement, PageSize.A4).kept_from == 5


@pytest.mark.parametrize("page_size", PageSize)
@pytest.mark.parametrize("count", [11, 90])
def test_the_last_row_of_a_long_table_goes_with_the_signatures(count: int, page_size: PageSize) -> None:
    rows = tuple((texts.plain(f"row {n}."), texts.plain("x")) for n in range(1, count + 1))
    table = texts.TextTable((texts.plain("A"), texts.plain("B")), rows)
    schedule = texts.ScheduleText("1", "Long", "schedule-1", "family-1", (table,))
    agreement = texts.agreement(1, schedules=(schedule,))
    pdf = render_pdf(agreement, created_at=CREATED_AT, stationery=Stationery(page_size))
    words = extract_text(pdf)[signature_pages(pdf).pop()]
    assert len(signature_pages(pdf)) == 1
    assert words.index("A B") < words.index(f"row {count}.") < words.index("Signatures")


LONG = ("bpo-services", "va-nda_2")  # on Letter
SHORT = ("exit-certificate", "security-annex", "exit-certificate_2")


@pytest.mark.parametrize("name", LONG)
def test_no_heading_ends_a_page(name: str) -> None:
    agreement = text(name)
    headings = {f"{clause.number} {clause.title}" for clause in agreement.clauses()}
    headings |= {f"Schedule {item.number} {item.title}" for item in agreement.schedules}
    headings |= {section.title for section in agreement.sections}
    for page in extract_text(paper(name))[1:]:
        lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
        body = [line for line in lines if not re.match(r"C ?O ?N ?F|LB-2026|not reviewed|Page \d", line)]
        assert body[-1] not in headings


@pytest.mark.parametrize("name", [*LONG, *SHORT])
def test_the_signatures_of_a_sample_stand_with_the_end_of_its_text(name: str) -> None:
    agreement = text(name)
    pages = signature_pages(paper(name))
    assert len(pages) == 1
    words = squeeze(extract_text(paper(name))[pages.pop()])
    block = (agreement.schedules[-1].blocks if agreement.schedules else None) or [
        list(agreement.clauses())[-1].paragraphs[-1]
    ]
    last = block[-1].rows[-1][0] if isinstance(block[-1], texts.TextTable) else block[-1].runs
    assert squeeze("".join(run.text for run in last)) in words[: words.index("Signatures")]


@pytest.mark.parametrize(
    ("page_size", "count"), [(PageSize.A4, 1), (PageSize.LETTER, 1), (PageSize.LETTER, 60)]
)
def test_one_clause_and_sixty_fit_both_pages(page_size: PageSize, count: int) -> None:
    pdf = render_pdf(
        texts.agreement(count), created_at=CREATED_AT, draft=True, stationery=Stationery(page_size)
    )
    words = extract_text(pdf)
    assert ("Contents" in words[0] + words[1]) is (count == 60)
    assert "Signatures" in words[-1]
    assert {tuple(round(float(side)) for side in page.mediabox) for page in opened(pdf).pages} == {
        (0, 0, 612, 792) if page_size is PageSize.LETTER else (0, 0, 595, 842)
    }


@needs_tool("pdftotext")
@pytest.mark.parametrize("name", ["outsourcing-services_2", *LONG])
def test_no_line_ends_before_the_next_word_has_no_room(name: str) -> None:
    """WeasyPrint 70 ends a line after its first word where only its last space has no room."""
    found = run_tool("pdftotext", "-bbox", "{}", "-", content=paper(name))
    for page in found.split("<page ")[2:]:
        for line, following in lines_of_paragraphs(page):
            room = max(end for _, end, _ in following) - line[-1][1]
            first = following[0]
            fits = line[-1][1] + 5 + first[1] - first[0] < RIGHT_END_OF_CLAUSES - 12
            assert not (fits and room > 60 and len(line) == 1), (line, following)


@needs_tool("pdftotext")
@pytest.mark.parametrize("page_size", PageSize)
def test_nothing_leaves_the_text_however_long_a_name_is(page_size: PageSize) -> None:
    name = "N" * 120
    mail = "a.very.long.local.part@" + "sub-domain." * 12 + "example"
    clause = texts.clause(1, name, "family-1")
    said = texts.Paragraph("(a)", 1, (texts.run("Write to "), texts.run(mail), texts.run(".")), path="1(a)")
    row = tuple(texts.plain(words) for words in (name, mail, "USD\u00a01,234.00"))
    table = texts.TextTable(tuple(texts.plain(words) for words in ("A", "B", "C")), (row,))
    agreement = texts.agreement(
        sections=(texts.SectionText(name, (texts.replace(clause, paragraphs=(said,)),)),),
        schedules=(texts.ScheduleText("1", name, "schedule-1", "family-1", (table,)),),
        key_terms=(texts.KeyTerm(name, texts.plain(mail), "clause 1", "family-1"),),
        title=name,
        owner_name=name,
        signature_blocks=tuple(
            texts.replace(block, party=name, name=name, capacity=mail) for block in texts.signature_blocks()
        ),
    )
    pdf = render_pdf(agreement, created_at=CREATED_AT, stationery=Stationery(page_size))
    found = run_tool("pdftotext", "-bbox", "{}", "-", content=pdf)
    right = 612 - 26.95 * 72 / 25.4 if page_size is PageSize.LETTER else 595.28 - 24 * 72 / 25.4
    assert max(float(end) for end in re.findall(r'<word .*? xMax="([\d.]+)"', found)) < right + 1
    assert "1,234.00</word>" in found


Word = tuple[float, float, str]  # left and right end in points, text
RIGHT_END_OF_CLAUSES = 450.0


def lines_of_paragraphs(page: str) -> list[tuple[list[Word], list[Word]]]:
    """Each line of a paragraph of a clause with the one after it."""
    words = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">(.*?)</word>', page)
    lines: dict[float, list[Word]] = {}
    for left, top, right, word in words:
        lines.setdefault(round(float(top), 1), []).append((float(left), float(right), word))
    tops = sorted(top for top in lines if lines[top][0][0] > 115)  # the text, not the numbers of clauses
    return [(lines[a], lines[b]) for a, b in zip(tops, tops[1:], strict=False) if 15 < b - a < 16.5]


def squeeze(words: str) -> str:
    """Without white space: spaced capitals come out with spaces between them."""
    return "".join(words.split())


def test_every_page_has_its_running_heads() -> None:
    pages = extract_text(paper())
    for number, page in enumerate(pages, start=1):
        for mark in (
            "CONFIDENTIAL",
            "Larkfield Bookkeeping Ltd · Liza Santos",
            "LB-2026-014 · Confidentiality and Services Agreement",
            "not reviewed by a lawyer",
            f"Page {number} of {len(pages)}",
        ):
            assert squeeze(mark) in squeeze(page)


def test_an_open_agreement_without_review_note_does_not_say_confidential() -> None:
    pdf = render_pdf(texts.agreement(1, confidential=False, review_note=""), created_at=CREATED_AT)
    for page in extract_text(pdf):
        assert "CONFIDENTIAL" not in squeeze(page)
        assert "reviewed" not in page


def test_a_draft_says_that_it_is_not_sealed() -> None:
    assert "not sealed and cannot be signed" in extract_text(draft())[-1]
    assert "Sealed for" not in extract_text(draft())[-1]


def test_an_agreement_without_key_terms_schedules_and_initials_is_rendered() -> None:
    bare = texts.agreement(
        1,
        key_terms=(),
        schedules=(),
        initials=(),
        intro="",
        subtitle="",
        counterparty_name="",
        number="",
    )
    words = extract_text(render_pdf(bare, created_at=CREATED_AT))[0]
    assert "Key Terms" not in words
    assert "Contents" not in words
