"""An agreement as PDF: PDF/A-3a and PDF/UA-1, every field in place, ready for the seal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.domain.agreement_text import AgreementText, initials_field, signature_field
from app.domain.signature import SEAL_FIELD
from app.rendering.clean_paper import assert_clean_paper
from app.rendering.glyphs import require_printable, texts_of_agreement
from app.rendering.marks import marks_of
from app.rendering.markup import initials_places, render_paper_html
from app.rendering.page_style import page_assets, write_page_style
from app.rendering.stationery import PLAIN, Stationery
from app.rendering.typesetting import ATTACHMENT_NAME, Sheet, typeset


def render_pdf(
    text: AgreementText,
    *,
    attachment: bytes | None = None,
    created_at: datetime,
    draft: bool = False,
    stationery: Stationery = PLAIN,
) -> bytes:
    """The paper of `text`. The same arguments give the same bytes.

    attachment: agreement.json, embedded as the only file. created_at: aware UTC.
    draft: marked DRAFT on every page, and without any field, so that nobody signs it.
    Raises RenderingFailed: `glyph-missing`, `foreign-asset`, `paper-unclean`. What is returned
    was looked through: a file with anything but the text, the declared fields and `attachment`
    does not leave this function, so that it can never be certified.
    """
    require_printable(_texts(text, stationery))
    locks = {} if draft else field_locks(text)
    marks = marks_of(text, draft=draft)
    sheet = Sheet(
        html=render_paper_html(text, created_at, draft=draft, stationery=stationery),
        stylesheets=("page.css", "agreement.css"),
        created_at=created_at,
        locks=locks,
        attachment=attachment,
        style=write_page_style(stationery, marks),
        assets=page_assets(stationery, marks),
    )
    pdf = typeset(sheet)
    files = {} if attachment is None else {ATTACHMENT_NAME: attachment}
    assert_clean_paper(pdf, fields=declared_fields(locks), files=files)
    return pdf


def _texts(text: AgreementText, stationery: Stationery) -> Iterator[tuple[str, str]]:
    yield from texts_of_agreement(text)
    if stationery.logo:
        yield "the words of the logo", stationery.logo.alternative


def field_locks(text: AgreementText) -> dict[str, tuple[str, ...]]:
    """Signature field -> the initials fields that its signature fills and locks; the seal locks none."""
    places = initials_places(text)
    initialled = [clause.family for clause in text.clauses() if clause.initials]
    locks: dict[str, tuple[str, ...]] = {SEAL_FIELD: ()}
    for block in text.signature_blocks:
        locks[signature_field(block.role)] = tuple(
            initials_field(block.role, family) for family in initialled if block in places[family]
        )
    return locks


def declared_fields(locks: dict[str, tuple[str, ...]]) -> frozenset[str]:
    """All fully qualified field names: signatures, the seal and initials."""
    return frozenset(locks) | {name for names in locks.values() for name in names}
