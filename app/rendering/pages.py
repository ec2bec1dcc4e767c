"""Pictures and text of the pages of a real PDF, form fields and signatures drawn."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pypdfium2
from PIL import Image

from app.domain.errors import RenderingFailed

LARGEST_DPI = 300
_POINTS_PER_INCH = 72
# PDFium keeps state for the whole process and must not be entered by two threads at once.
_ONE_AT_A_TIME = threading.Lock()


def page_images(pdf: bytes, *, dpi: int = 96, pages: Sequence[int] | None = None) -> list[bytes]:
    """The pages as lossless WebP pictures in their order.

    pages: numbers from 0; None: all. Raises RenderingFailed `pdf-unreadable`, `page-missing`.
    """
    if not 1 <= dpi <= LARGEST_DPI:
        raise RenderingFailed(
            "resolution", f"{dpi} dots per inch were asked for.", f"Ask for 1 to {LARGEST_DPI}."
        )
    with _opened(pdf) as document:
        wanted = range(len(document)) if pages is None else pages
        for number in wanted:
            if not 0 <= number < len(document):
                raise RenderingFailed(
                    "page-missing",
                    f"The PDF has {len(document)} pages; page {number + 1} was asked for.",
                    "Ask for a page that exists.",
                )
        return [_picture(document, number, dpi) for number in wanted]


def count_pages(pdf: bytes) -> int:
    """How many pages the PDF has. Raises RenderingFailed `pdf-unreadable`."""
    with _opened(pdf) as document:
        return len(document)


def extract_text(pdf: bytes) -> tuple[str, ...]:
    """The text of each page as it stands in the file. Raises RenderingFailed `pdf-unreadable`."""
    with _opened(pdf) as document:
        return tuple(_text(document, number) for number in range(len(document)))


def _picture(document: pypdfium2.PdfDocument, number: int, dpi: int) -> bytes:
    page = document[number]
    try:
        bitmap = page.render(scale=dpi / _POINTS_PER_INCH, may_draw_forms=True)
        image: Image.Image = bitmap.to_pil().convert("RGB")
    finally:
        page.close()
    out = io.BytesIO()
    image.save(out, "WEBP", lossless=True, method=0)
    return out.getvalue()


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            return str(text.get_text_bounded())
        finally:
            text.close()
    finally:
        page.close()


@contextmanager
def _opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """The document with its form environment: without it signature appearances are not drawn."""
    with _ONE_AT_A_TIME:
        yield from _documents(pdf)


def _documents(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise RenderingFailed(
            "pdf-unreadable", f"The PDF cannot be opened: {error}.", "Use the file as it was sent."
        ) from error
    try:
        if document.get_formtype():
            document.init_forms()
        yield document
    except pypdfium2.PdfiumError as error:
        raise RenderingFailed(
            "pdf-unreadable", f"A page cannot be read: {error}.", "Use the file as it was sent."
        ) from error
    finally:
        document.close()
