"""Pictures and text of pages, taken from real papers."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops

from app.domain.errors import RenderingFailed
from app.rendering.pages import count_pages, extract_text, page_images
from tests.rendering.papers import draft, opened, paper
from tests.rendering.test_form_fields import make_signer, sign


def picture(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a4_pages_in_order_at_the_resolution_asked_for() -> None:
    pictures = page_images(paper("small"), dpi=48)
    assert len(pictures) == count_pages(paper("small")) == len(opened(paper("small")).pages)
    for content in pictures:
        assert picture(content).format == "WEBP"
        assert picture(content).size == pytest.approx((397, 561), abs=2)
    assert page_images(paper("small"), dpi=48, pages=[1]) == [pictures[1]]
    assert page_images(paper("small"), dpi=48, pages=[]) == []


def test_text_of_each_page() -> None:
    pages = extract_text(paper("small"))
    assert "Key Terms" in pages[0]
    assert "Signed by the Assistant" in pages[-1]


def test_initials_and_signatures_are_drawn() -> None:
    """Without a form environment PDFium leaves out what signers wrote."""
    signer, _ = make_signer()
    before = paper("sectioned")
    after = sign(before, signer, "signature-assistant")
    number = next(i for i, words in enumerate(extract_text(before)) if "Duty 1 stands" in words)
    first, second = (picture(page_images(file, dpi=60, pages=[number])[0]) for file in (before, after))
    changed = ImageChops.difference(first.convert("L"), second.convert("L")).getbbox()
    assert changed is not None
    assert changed[0] > first.width * 0.75  # in the right margin


def test_a_draft_is_marked_on_every_page() -> None:
    for content in page_images(draft(), dpi=40):
        assert tinted_pixels(content) > 1000
    assert tinted_pixels(page_images(paper("small"), dpi=40)[0]) < 50


def tinted_pixels(content: bytes) -> int:
    """How many pixels have the grey of the word DRAFT."""
    colours = picture(content).convert("RGB").getcolors(1 << 24)
    assert colours is not None
    return sum(count for count, colour in colours if colour == (234, 238, 237))


def test_bad_requests_are_refused() -> None:
    for bad, code in (
        (lambda: page_images(b"rubbish"), "pdf-unreadable"),
        (lambda: count_pages(b""), "pdf-unreadable"),
        (lambda: extract_text(paper("small")[:900]), "pdf-unreadable"),
        (lambda: page_images(paper("small"), pages=[2]), "page-missing"),
        (lambda: page_images(paper("small"), pages=[-1]), "page-missing"),
        (lambda: page_images(paper("small"), dpi=0), "resolution"),
        (lambda: page_images(paper("small"), dpi=100_000), "resolution"),
    ):
        with pytest.raises(RenderingFailed) as caught:
            bad()
        assert caught.value.code == code
