"""The certificate of completion: evidence about the signing, a separate paper with its own seal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.domain.completion import CompletionEvidence
from app.domain.signature import SEAL_FIELD
from app.rendering.clean_paper import assert_clean_paper
from app.rendering.glyphs import require_printable
from app.rendering.markup import render_template
from app.rendering.page_style import letter_page
from app.rendering.stationery import PageSize
from app.rendering.typesetting import Sheet, typeset

# With more signers than this a column would be too narrow to read: then they stand one below another.
MOST_COLUMNS = 2
TEXT_WIDTH = 166.0  # millimetres, as completion.css has it on A4


def render_certificate_of_completion(
    evidence: CompletionEvidence, *, created_at: datetime, page_size: PageSize = PageSize.A4
) -> bytes:
    """The paper as PDF/A-3a and PDF/UA-1 with the empty signature field `seal`.

    The same arguments give the same bytes. Raises RenderingFailed: `glyph-missing`,
    `paper-unclean`.
    """
    require_printable(_texts(asdict(evidence), "the certificate of completion"))
    html = render_template("completion.html", _context(evidence, created_at))
    locks: dict[str, tuple[str, ...]] = {SEAL_FIELD: ()}
    style = letter_page(TEXT_WIDTH) if page_size is PageSize.LETTER else ""
    pdf = typeset(Sheet(html, ("page.css", "completion.css"), created_at, locks, style=style))
    assert_clean_paper(pdf, fields=frozenset(locks), files={})
    return pdf


def _context(evidence: CompletionEvidence, created_at: datetime) -> dict[str, object]:
    signers = evidence.signers
    groups = [signers[i : i + MOST_COLUMNS] for i in range(0, len(signers), MOST_COLUMNS)]
    return {
        "evidence": evidence,
        "signer_groups": groups,
        "seal_field": SEAL_FIELD,
        "created": created_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{place}, {name.replace('_', ' ')}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item, place)
