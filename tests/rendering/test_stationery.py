"""The page: its size by country, the logo, the word CONFIDENTIAL or DRAFT as the text asks for it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.domain.errors import InvalidInput
from app.rendering.marks import marks_of
from app.rendering.pages import extract_text, page_images
from app.rendering.stationery import LARGEST_LOGO, PageSize, choose_page_size, clean_logo
from app.rendering.watermark import draw_watermark
from tests.rendering import texts
from tests.rendering.papers import letter_paper, logo, opened, stamped, structure, text
from tests.rendering.test_layout import squeeze


@pytest.mark.parametrize("country", ["US", "CA", "MX", "PH", "CO", "us", "US-CA"])
def test_who_writes_on_letter(country: str) -> None:
    assert choose_page_size(country) is PageSize.LETTER
    assert choose_page_size(country, "a4") is PageSize.A4


@pytest.mark.parametrize("country", ["GB", "DE", "AU", "IN", "", "GB-ENG", "USA", "nowhere"])
def test_who_writes_on_a4(country: str) -> None:
    assert choose_page_size(country) is PageSize.A4
    assert choose_page_size(country, "Letter") is PageSize.LETTER


def test_there_is_no_third_page() -> None:
    with pytest.raises(InvalidInput) as caught:
        choose_page_size("US", "a5")
    assert caught.value.code == "page-size"


def test_pages_are_letter_on_every_page() -> None:
    sizes = {tuple(float(side) for side in page.mediabox) for page in opened(letter_paper()).pages}
    assert {(round(width), round(height)) for _, _, width, height in sizes} == {(612, 792)}


def test_the_label_of_the_marking_clause_is_the_mark() -> None:
    marks = marks_of(stamped(), draft=False)
    assert (marks.head, marks.watermark) == ("Larkfield \u2013 SECRET",) * 2
    for page in extract_text(letter_paper()):
        assert squeeze("Larkfield \u2013 SECRET") in squeeze(page)


def test_positions_decide_between_head_and_watermark() -> None:
    assert marks_of(text("bpo-services"), draft=False).watermark == ""  # standard: labelled
    assert marks_of(text("bpo-services_2"), draft=False).watermark == "CONFIDENTIAL"  # strict: stamped
    assert marks_of(text("security-annex"), draft=False).head == "CONFIDENTIAL"  # no clause about it
    assert marks_of(texts.agreement(1, confidential=False), draft=False).head == ""


def test_a_draft_says_so_in_head_and_watermark() -> None:
    marks = marks_of(stamped(), draft=True)
    assert (marks.head, marks.watermark) == ("DRAFT \u00b7 Larkfield \u2013 SECRET", "DRAFT")
    assert marks_of(texts.agreement(1, confidential=False), draft=True).head == "DRAFT"


def test_the_watermark_is_drawn_and_not_said() -> None:
    """It lies under the text of each page and is no text: nobody reads or copies it with a sentence."""
    words = extract_text(letter_paper())
    assert all(squeeze(page).count(squeeze("Larkfield \u2013 SECRET")) == 1 for page in words[2:])
    picture = Image.open(io.BytesIO(page_images(letter_paper(), dpi=40, pages=[1])[0])).convert("RGB")
    colours = picture.getcolors(1 << 24)
    assert colours is not None
    assert sum(count for count, colour in colours if colour == (234, 238, 237)) > 500


def test_a_label_that_letters_in_a_row_cannot_draw_has_no_watermark() -> None:
    assert draw_watermark("\u05e1\u05d5\u05d3\u05d9") == b""
    assert draw_watermark("<script>").count(b"<script") == 0


def test_the_logo_stands_on_the_first_page_with_its_words() -> None:
    document = opened(letter_paper())
    figures = [element for element in structure(document) if element.S == "/Figure"]
    assert [str(figure.Alt) for figure in figures] == ["Larkfield Bookkeeping Ltd"]
    assert figures[0].Pg.objgen == document.pages[0].objgen


def test_a_logo_is_written_anew_opaque_and_within_its_room() -> None:
    made = logo()
    picture = Image.open(io.BytesIO(made.png))
    assert (picture.mode, picture.format, picture.info) == ("RGB", "PNG", {})
    assert picture.getpixel((0, 0)) == (255, 255, 255)
    assert made.width <= LARGEST_LOGO[0]
    assert made.height <= LARGEST_LOGO[1]
    assert made.width / made.height == pytest.approx(4, abs=0.05)


def test_bad_logos_are_refused() -> None:
    bomb = io.BytesIO()
    Image.new("1", (13_000, 8)).save(bomb, "PNG")
    for data, words, code in (
        (b"<svg/>", "Larkfield", "picture-unreadable"),
        (logo().png[:-20], "Larkfield", "picture-unreadable"),
        (bomb.getvalue(), "Larkfield", "picture-unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(3_000_000), "Larkfield", "picture-large"),
        (logo().png, "  ", "logo-nameless"),
    ):
        with pytest.raises(InvalidInput) as caught:
            clean_logo(data, words)
        assert caught.value.code == code
