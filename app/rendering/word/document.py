"""An agreement as a Word file: the frame filled in, the body put into its place."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from docx.document import Document
from docx.oxml.ns import qn

from app.domain.agreement_text import AgreementText
from app.domain.errors import RenderingFailed
from app.rendering.direction import join_plain
from app.rendering.glyphs import require_printable, texts_of_agreement
from app.rendering.marks import Marks, marks_of
from app.rendering.markup import LONGEST_RUNNING_TITLE, shorten
from app.rendering.stationery import PLAIN, Stationery
from app.rendering.word.body import BodyWriter
from app.rendering.word.elements import Element
from app.rendering.word.frame import BODY_BOOKMARK, FrameValues, fill_frame
from app.rendering.word.page import add_logo, add_watermark, keep_with_next, set_pages
from app.rendering.word.styles import ensure_styles, set_language

# A file's times say when it was made, not what is in it: equal texts give equal files.
_FIXED_TIME = (2000, 1, 1, 0, 0, 0)


def render_docx(
    text: AgreementText, frame: bytes, *, draft: bool = False, stationery: Stationery = PLAIN
) -> bytes:
    """The Word file of `text`. `frame`: paper.docx of the contract template.

    draft: marked DRAFT on every page. The same arguments give the same bytes.
    Raises RenderingFailed: `frame-unusable`, `glyph-missing`.
    """
    require_printable(texts_of_agreement(text))
    marks = marks_of(text, draft=draft)
    document = fill_frame(frame, frame_values(text, marks))
    ensure_styles(document)
    _insert_body(document, text)
    set_language(document, text.language)
    set_pages(document, stationery)
    if stationery.logo:
        add_logo(document, stationery.logo)
    if marks.watermark:
        add_watermark(document, marks.watermark)
    _set_properties(document, text)
    out = io.BytesIO()
    document.save(out)
    return with_fixed_times(out.getvalue())


def frame_values(text: AgreementText, marks: Marks) -> FrameValues:
    """All that a frame can print: plain strings, and the signature blocks as mappings of strings."""
    return {
        "title": text.title,
        "subtitle": text.subtitle,
        "number": text.number,
        "owner_name": text.owner_name,
        "counterparty_name": text.counterparty_name,
        "confidential": marks.head,
        "parties": join_plain((shorten(text.owner_name), shorten(text.counterparty_name))),
        "footer": join_plain((text.number, shorten(text.title, LONGEST_RUNNING_TITLE))),
        "review_note": text.review_note,
        "signature_blocks": [
            {
                "label": block.label,
                "party": block.party,
                "name": block.name,
                "capacity": block.capacity,
            }
            for block in text.signature_blocks
        ],
    }


def _insert_body(document: Document, text: AgreementText) -> None:
    """Put the body where the frame has its bookmark; answers cannot make one."""
    marks = document.element.body.xpath(f'.//w:bookmarkStart[@w:name="{BODY_BOOKMARK}"]')
    if len(marks) != 1:
        raise RenderingFailed(
            "frame-unusable",
            f"The Word frame (paper.docx) has {len(marks)} bookmarks {BODY_BOOKMARK!r}.",
            "Set this bookmark once, in an empty paragraph where the clauses shall stand.",
        )
    place = marks[0].getparent()
    for element in BodyWriter(document, text).write():
        place.addprevious(element)
    _keep_with_signatures(place)
    place.getparent().remove(place)


def _keep_with_signatures(place: Element) -> None:
    """The last paragraph or row before `place` moves with the signatures to their page."""
    last = next(iter(place.xpath("./preceding-sibling::*[self::w:p or self::w:tbl][1]")), None)
    if last is None:
        return
    paragraphs = [last] if last.tag == qn("w:p") else last.xpath("./w:tr[last()]//w:p")
    for paragraph in paragraphs:
        keep_with_next(paragraph)


def _set_properties(document: Document, text: AgreementText) -> None:
    properties = document.core_properties
    properties.title = f"{text.title} {text.number}".strip()[:255]
    properties.author = text.owner_name[:255]
    properties.language = text.language
    properties.last_modified_by = ""
    properties.subject = text.subtitle[:255]
    properties.comments = f"SHA-256 of the text: {text.digest}"
    properties.created = properties.modified = datetime(*_FIXED_TIME)  # noqa: DTZ001  # OPC: naive UTC


def with_fixed_times(content: bytes) -> bytes:
    """The same package with one date on every part of it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return out.getvalue()
