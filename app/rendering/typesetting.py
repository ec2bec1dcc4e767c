"""HTML to a finished PDF/A-3a and PDF/UA-1 file: the way that all papers go."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial

import pikepdf
import pydyf
from weasyprint import CSS, HTML, Attachment
from weasyprint.document import Document
from weasyprint.urls import FatalURLFetchingError

from app.domain.errors import RenderingFailed
from app.rendering import form_fields, metadata, structure
from app.rendering.assets import PAPER, BundledAssets
from app.rendering.fonts import font_configuration

ATTACHMENT_NAME = "agreement.json"
_OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_forms": True}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document to be typeset.

    locks: signature field -> fully qualified names of the initials that it locks.
    attachment: bytes of agreement.json, or None.
    style: further CSS, after the stylesheets. assets: files made for this sheet, by name.
    """

    html: str
    stylesheets: tuple[str, ...]
    created_at: datetime
    locks: Mapping[str, tuple[str, ...]]
    attachment: bytes | None = None
    style: str = ""
    assets: Mapping[str, bytes] = field(default_factory=dict)


def typeset(sheet: Sheet) -> bytes:
    """Lay out `sheet` and write the PDF; the same sheet gives the same bytes.

    Raises RenderingFailed where the layout asks for a file that is not bundled.
    """
    try:
        document = lay_out(sheet)
        raw: bytes = document.write_pdf(
            finisher=partial(_finish, locks=sheet.locks),
            attachments=[_attachment(sheet)] if sheet.attachment is not None else None,
            **_OPTIONS,
        )
    except FatalURLFetchingError as error:
        raise RenderingFailed(
            "foreign-asset",
            f"The paper asked for a file that is not bundled: {error}.",
            "Report this as a defect.",
        ) from error
    return _save_in_small_streams(raw)


def lay_out(sheet: Sheet) -> Document:
    """The pages of `sheet` before they are written."""
    fonts = font_configuration()
    styles = [*map(read_stylesheet, sheet.stylesheets), *([sheet.style] if sheet.style else [])]
    assets = BundledAssets(made=sheet.assets, fail_on_errors=True)
    stylesheets = [CSS(string=style, font_config=fonts, url_fetcher=assets) for style in styles]
    html = HTML(string=sheet.html, url_fetcher=assets)
    return html.render(stylesheets=stylesheets, font_config=fonts, **_OPTIONS)


@cache
def read_stylesheet(name: str) -> str:
    return (PAPER / name).read_text(encoding="utf-8")


def _finish(document: Document, pdf: pydyf.PDF, locks: Mapping[str, tuple[str, ...]]) -> None:
    metadata.declare_accessibility(pdf)
    metadata.list_attachment_once(pdf)
    structure.mark_running_heads_as_artifacts(pdf)
    structure.label_list_items(pdf)
    form_fields.convert_placeholders(pdf, locks)
    structure.refer_directly_to_widgets(pdf)


def _attachment(sheet: Sheet) -> Attachment:
    return Attachment(
        string=sheet.attachment,
        name=ATTACHMENT_NAME,
        description="The agreement's clauses, versions, digests and printed answers",
        relationship="Data",
        created=sheet.created_at,
        modified=sheet.created_at,
    )


def _save_in_small_streams(raw: bytes) -> bytes:
    """Object streams of at most 100 objects.

    WeasyPrint writes one, which a verifier of signatures reads again for every object.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()
