"""The page of the Word paper: size, marks, logo, list of contents, and what stays together."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from app.rendering.stationery import PageSize, Stationery
from app.rendering.word import render_docx
from tests.rendering import texts
from tests.rendering.papers import frame, logo, stamped, text, word

SHAPE = "{urn:schemas-microsoft-com:vml}"


@cache
def letter(*, draft: bool = False) -> bytes:
    return render_docx(stamped(), frame(), draft=draft, stationery=Stationery(PageSize.LETTER, logo()))


def read(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def words_of(paragraph: object) -> str:
    return "".join(piece.text or "" for piece in paragraph.xpath(".//w:t"))  # type: ignore[attr-defined]


def test_the_text_is_as_wide_on_letter_as_on_a4() -> None:
    page, usual = read(letter()).sections[0], read(word("small")).sections[0]
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((215.9, 279.4), abs=0.1)
    assert (usual.page_width.mm, usual.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    widths = [one.page_width.mm - one.left_margin.mm - one.right_margin.mm for one in (page, usual)]
    assert widths == pytest.approx([162, 162], abs=0.2)


@pytest.mark.parametrize(
    ("draft", "head", "watermark"),
    [
        (False, "Larkfield – SECRET", "Larkfield – SECRET"),
        (True, "DRAFT · Larkfield – SECRET", "DRAFT"),
    ],
)
def test_head_and_watermark_are_those_of_the_pdf(draft: bool, head: str, watermark: str) -> None:
    header = read(letter(draft=draft)).sections[0].header
    assert header.paragraphs[0].text.split("\t")[0] == head
    drawn = [path.get("string") for path in header._element.iter(f"{SHAPE}textpath")]
    assert [words for words in drawn if words] == [watermark]


def test_a_paper_that_is_not_stamped_has_no_watermark() -> None:
    assert not list(read(word("small")).sections[0].header._element.iter(f"{SHAPE}shape"))


def test_the_logo_comes_first_with_its_words() -> None:
    body = read(letter()).element.body
    assert [one.get("descr") for one in body[0].iter(qn("wp:docPr"))] == ["Larkfield Bookkeeping Ltd"]
    with zipfile.ZipFile(io.BytesIO(letter())) as package:
        pictures = [package.read(name) for name in package.namelist() if "media/" in name]
    assert pictures == [logo().png]


def test_contents_are_a_field_whose_entries_lead_to_the_headings() -> None:
    body = read(word("va-nda")).element.body
    codes = [code.text.split() for code in body.iter(qn("w:instrText"))]
    assert [code[-1] for code in codes if code[0] == "TOC"] == ["agreement_text"]
    entries = body.xpath('.//w:p[w:pPr/w:pStyle[starts-with(@w:val, "TOC") or starts-with(@w:val, "toc")]]')
    marks = {
        start.get(qn("w:name")): start.getparent() for start in body.iter(qn("w:bookmarkStart"))
    }
    for entry in entries:
        anchor = entry.find(qn("w:hyperlink")).get(qn("w:anchor"))
        assert words_of(entry).endswith(words_of(marks[anchor]))
    assert len(entries) == sum(1 for _ in text("va-nda").clauses()) + len(text("va-nda").schedules) + sum(
        1 for section in text("va-nda").sections if section.title
    )
    states = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    assert states.count("begin") == states.count("separate") == states.count("end")


def test_few_clauses_have_no_contents() -> None:
    codes = [code.text for code in read(word("small")).element.body.iter(qn("w:instrText"))]
    assert not any("TOC" in code for code in codes)


def test_the_text_begins_on_a_page_of_its_own() -> None:
    begins = read(word("sectioned")).element.body.xpath(".//w:p[w:pPr/w:pageBreakBefore]")
    assert [words_of(one) for one in begins] == ["First things"]


def test_what_leads_in_stays_with_what_follows() -> None:
    document = read(word("agreement"))
    kept = {words_of(one) for one in document.element.body.xpath(".//w:p[w:pPr/w:keepNext]")}
    assert any(words.endswith("and must:") for words in kept)
    assert "The table lists the Sensitive Data." in kept
    assert any(words.startswith("Copies count as") for words in kept)  # before the signatures
    for name in ("Heading 1", "Heading 2", "Signature Label", "Signer", "Signature Line"):
        assert document.styles[name].paragraph_format.keep_with_next


def test_the_last_row_of_a_table_stays_with_the_signatures() -> None:
    schedule = texts.replace(texts.schedules()[0], blocks=texts.schedules()[0].blocks[1:2])
    body = read(render_docx(texts.agreement(1, schedules=(schedule,)), frame())).element.body
    rows = body.xpath("./w:tbl")[1].xpath("./w:tr")
    assert [len(row.xpath(".//w:keepNext")) for row in rows] == [0, 0, 2]


def test_properties_stand_in_the_order_of_the_schema() -> None:
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "numPr"]
    for properties in read(letter()).element.body.iter(qn("w:pPr")):
        names = [child.tag.rpartition("}")[2] for child in properties]
        places = [order.index(name) for name in names if name in order]
        assert places == sorted(places), names
