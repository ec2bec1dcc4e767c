"""An agreement as PDF: PDF/A-3a and PDF/UA-1, every field in place, ready for the seal."""

from __future__ import annotations

from datetime import datetime

from app.domain.agreement_text import AgreementText, initials_field, signature_field
from app.domain.signature import SEAL_FIELD
from app.rendering.clean_paper import assert_clean_paper
from app.rendering.glyphs import require_printable, texts_of_agreement
from app.rendering.markup import initials_places, render_paper_html
from app.rendering.typesetting import Sheet, typeset


def render_pdf(
    text: AgreementText, *, attachment: bytes | None = None, created_at: datetime, draft: bool = False
) -> bytes:
    """The paper of `text`. The same arguments give the same bytes.

    attachment: agreement.json, embedded as the only file. created_at: aware UTC.
    draft: marked DRAFT on every page, and without any field, so that nobody signs it.
    Raises RenderingFailed: `glyph-missing`, `foreign-asset`, `paper-unclean`.
    """
    require_printable(texts_of_agreement(text))
    locks = {} if draft else field_locks(text)
    stylesheets = ("page.css", "agreement.css") + (("draft.css",) if draft else ())
    html = render_paper_html(text, created_at, draft=draft)
    pdf = typeset(Sheet(html, stylesheets, created_at, locks, attachment))
    assert_clean_paper(pdf, fields=declared_fields(locks))
    return pdf


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
