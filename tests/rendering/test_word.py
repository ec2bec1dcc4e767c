"""The Word file as Word reads it: lists, bookmarks, fields, tables, properties."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from app.domain.errors import RenderingFailed
from app.rendering.word import render_docx
from app.rendering.word.numbering import CLAUSE_LEVELS, NumberedList, word_number
from app.rendering.word.places import PlaceBook
from tests.rendering import texts
from tests.rendering.papers import frame, text, word


def read(name: str) -> Document:
    return docx.Document(io.BytesIO(word(name)))


def paragraphs(document: Document) -> list[tuple[str, str, str]]:
    """(level and list, or "", style, text) of each paragraph."""
    found = []
    for p in document.element.body.xpath(".//w:p"):
        level, number = (
            p.xpath("./w:pPr/w:numPr/w:ilvl/@w:val"),
            p.xpath("./w:pPr/w:numPr/w:numId/@w:val"),
        )
        where = f"{number[0]}/{level[0]}" if number else ""
        style = p.xpath("./w:pPr/w:pStyle/@w:val")
        found.append(
            (where, style[0] if style else "", "".join(t.text or "" for t in p.xpath(".//w:t")))
        )
    return found


def test_clauses_paragraphs_and_items_are_three_levels_of_one_list() -> None:
    listed = [(where, words[:12]) for where, _, words in paragraphs(read("agreement")) if where]
    lists = {where.split("/")[0] for where, _ in listed}
    assert len(lists) == 2  # clauses, schedules
    assert [where.split("/")[1] for where, _ in listed[:5]] == ["0", "1", "1", "2", "2"]
    assert listed[0][1] == "Parties"  # the number is no text
    levels = [where.split("/")[1] for where, _ in listed]
    assert levels == ["0", "1", "1", "2", "2"] * 19 + ["0", "1", "2"]


def test_levels_are_defined_as_they_print() -> None:
    document = read("small")
    numbering = document.part.numbering_part.element
    number = paragraphs(document)
    used = next(where.split("/")[0] for where, _, _ in number if where)
    abstract = numbering.xpath(f'./w:num[@w:numId="{used}"]/w:abstractNumId/@w:val')[0]
    levels = numbering.xpath(f'./w:abstractNum[@w:abstractNumId="{abstract}"]/w:lvl')
    described = [
        (level.find(qn("w:numFmt")).get(qn("w:val")), level.find(qn("w:lvlText")).get(qn("w:val")))
        for level in levels
    ]
    assert described == [("decimal", "%1"), ("lowerLetter", "(%2)"), ("lowerRoman", "(%3)")]


def test_all_definitions_stand_before_all_numbers() -> None:
    tags = [child.tag for child in read("small").part.numbering_part.element]
    last_definition = max(i for i, tag in enumerate(tags) if tag == qn("w:abstractNum"))
    first_number = min(i for i, tag in enumerate(tags) if tag == qn("w:num"))
    assert last_definition < first_number


def test_a_number_that_word_would_print_otherwise_is_typed() -> None:
    found = [(where, words) for where, _, words in paragraphs(read("sectioned")) if "Duty" in words]
    assert [where.split("/")[1] for where, words in found[:27]] == ["1"] * 27
    assert found[26][1] == "Duty 27 stands here."  # Word counts (z), (aa)
    assert found[27] == ("", "(ab)Duty 28 stands here.")  # where Word would count (bb)


def test_words_counting() -> None:
    assert [word_number("lowerLetter", n) for n in (1, 26, 27, 28)] == ["a", "z", "aa", "bb"]
    assert [word_number("lowerRoman", n) for n in (1, 4, 9)] == ["i", "iv", "ix"]
    numbers = NumberedList(1, CLAUSE_LEVELS)
    assert numbers.continue_with("1", 0) is not None
    assert numbers.continue_with("(b)", 1) is None
    assert numbers.continue_with("(a)", 1) is not None
    assert numbers.continue_with("2", 0) is not None
    assert numbers.continue_with("(a)", 1) is not None


def test_the_ninth_letter_is_no_roman_one() -> None:
    found = {
        words: where for where, _, words in paragraphs(read("sectioned")) if words.startswith("item")
    }
    assert {where.split("/")[1] for where in found.values()} == {"1"}
    assert len(found) == 10


def fields_of(document: Document) -> list[tuple[str, str]]:
    """(instruction, cached text) of the complex fields of the body."""
    found, instruction, cached, state = [], "", "", ""
    for run in document.element.body.xpath(".//w:r"):
        for child in run:
            if child.tag == qn("w:fldChar"):
                state = child.get(qn("w:fldCharType"))
                if state == "end":
                    found.append((instruction.strip(), cached))
                    instruction, cached = "", ""
            elif child.tag == qn("w:instrText"):
                instruction += child.text
            elif child.tag == qn("w:t") and state == "separate":
                cached += child.text
    return found


def test_references_are_fields_with_the_numbers_of_the_tree() -> None:
    document = read("sectioned")
    cached = [(code.split()[0], code.split()[2:], text_) for code, text_ in fields_of(document)]
    assert [text_ for _, _, text_ in cached] == ["1", "1(i)", "1", "1", "2", "Schedule\u00a01"]
    assert {(kind, *switches) for kind, switches, _ in cached} == {("REF", "\\w", "\\h")}
    marks = document.element.body.xpath(".//w:bookmarkStart/@w:name")
    assert len(marks) == len(set(marks))
    assert {code.split()[1] for code, _ in fields_of(document)} <= set(marks)


def test_the_bookmark_of_a_field_is_in_the_paragraph_with_that_number() -> None:
    document = read("sectioned")
    target = next(code.split()[1] for code, cached in fields_of(document) if cached == "1(i)")
    paragraph = document.element.body.xpath(f'.//w:p[w:bookmarkStart[@w:name="{target}"]]')[0]
    assert "".join(t.text for t in paragraph.xpath(".//w:t")) == "item i;"


def test_a_reference_without_number_is_a_link() -> None:
    document = read("sectioned")
    links = document.element.body.xpath(".//w:hyperlink")
    assert ["".join(t.text for t in link.xpath(".//w:t")) for link in links] == ["this clause"]
    marks = document.element.body.xpath(".//w:bookmarkStart/@w:name")
    assert links[0].get(qn("w:anchor")) in marks


def test_bookmark_names_are_short_and_allowed() -> None:
    marks = read("agreement").element.body.xpath(".//w:bookmarkStart/@w:name")
    assert marks
    assert all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", mark) for mark in marks)


def test_a_broken_reference_is_plain_text() -> None:
    book = PlaceBook(texts.small())
    assert [element.tag for element in book.make_reference("clause 9", "nowhere")] == [qn("w:r")]


def test_tables_repeat_their_header_row() -> None:
    tables = read("agreement").element.body.xpath("./w:tbl")
    headers = [len(table.xpath("./w:tr/w:trPr/w:tblHeader")) for table in tables]
    assert headers == [0, 1, 0, 0]  # Key Terms, schedule, two signature blocks


def test_running_heads_and_page_numbers() -> None:
    section = read("agreement").sections[0]
    assert section.header.paragraphs[0].text == "CONFIDENTIAL\tLarkfield Bookkeeping Ltd · Liza Santos"
    footer = section.footer
    assert footer.paragraphs[0].text == (
        "LB-2026-014 · Confidentiality and Services Agreement\tPage 1 of 1"
    )
    assert footer.paragraphs[1].text == "not reviewed by a lawyer"
    codes = [code.text.strip() for code in footer._element.xpath(".//w:instrText")]
    assert codes == ["PAGE", "NUMPAGES"]


def test_language_and_title() -> None:
    document = read("agreement")
    languages = document.styles.element.xpath("./w:docDefaults/w:rPrDefault/w:rPr/w:lang/@w:val")
    assert languages == ["en-GB"]
    properties = document.core_properties
    assert properties.title == "Confidentiality and Services Agreement LB-2026-014"
    assert properties.language == "en-GB"
    assert text("agreement").digest in properties.comments


def test_definitions_and_prominent_clauses_are_bold() -> None:
    bold = ["".join(t.text for t in r.xpath("./w:t")) for r in read("agreement").element.body.xpath(
        ".//w:r[w:rPr/w:b]")]  # fmt: skip
    assert "“Stray Copy 1”" in bold
    assert (
        sum(words.startswith("The Assistant must keep") for words in bold) == 1
    )  # clause 5 is prominent


def test_text_from_right_to_left_says_so() -> None:
    marked = read("other-scripts").element.body.xpath(".//w:r[w:rPr/w:rtl]/w:t")
    assert "دليلى".strip() not in {t.text for t in marked}
    assert "ليلى حداد" in {t.text for t in marked}
    assert not [t.text for t in marked if t.text.isascii()]


def test_the_file_is_a_sound_package_without_template_marks() -> None:
    with zipfile.ZipFile(io.BytesIO(word("agreement"))) as package:
        assert package.testzip() is None
        for name in package.namelist():
            content = package.read(name)
            assert b"{{" not in content
            assert b"{%" not in content
            assert not name.endswith((".bin", ".exe"))


def test_equal_texts_give_equal_files() -> None:
    assert render_docx(texts.small(), frame()) == word("small")


def test_a_letter_that_no_font_has_is_refused_as_in_the_pdf() -> None:
    with pytest.raises(RenderingFailed) as caught:
        render_docx(texts.agreement(1, owner_name="Lark\u0007field"), frame())
    assert caught.value.code == "glyph-missing"
