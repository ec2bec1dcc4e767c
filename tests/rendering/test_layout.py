"""What a reader sees on the pages: signatures with text, no lonely headings, marks on every page."""

from __future__ import annotations

import re

import pytest

from app.rendering.clean_paper import field_names
from app.rendering.ending import find_ending
from app.rendering.pages import extract_text
from app.rendering.pdf import render_pdf
from tests.rendering import texts
from tests.rendering.papers import CREATED_AT, draft, opened, paper, text


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
    assert find_ending(agreement).kept_from == 0
    long = texts.replace(
        agreement.sections[0].clauses[0],
        paragraphs=tuple(
            texts.Paragraph(f"({letter})", 1, texts.plain("All of it must be kept. " * 20))
            for letter in "abcdef"
        ),
    )
    agreement = texts.agreement(1, schedules=(), sections=(texts.SectionText("", (long,)),))
    assert find_ending(agreement).kept_from == 5


def test_a_table_of_pages_does_not_push_the_signatures_away() -> None:
    rows = tuple((texts.plain(f"row {n}"), texts.plain("x")) for n in range(90))
    table = texts.TextTable((texts.plain("A"), texts.plain("B")), rows)
    schedule = texts.ScheduleText("1", "Long", "schedule-1", "family-1", (table,))
    pdf = render_pdf(texts.agreement(1, schedules=(schedule,)), created_at=CREATED_AT)
    everything = "\n".join(extract_text(pdf))
    assert everything.index("row 89") < everything.index("Signatures")
    assert len(signature_pages(pdf)) == 1


def test_no_heading_ends_a_page() -> None:
    headings = {f"{clause.number} {clause.title}" for clause in text("sixty").clauses()}
    for page in extract_text(paper("sixty"))[1:]:
        lines = [" ".join(line.split()) for line in page.splitlines() if line.strip()]
        body = [
            line for line in lines if not re.match(r"CONFIDENTIAL|LB-2026|not reviewed|Page \d", line)
        ]
        assert body[-1] not in headings


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
    assert "Contents" in words
