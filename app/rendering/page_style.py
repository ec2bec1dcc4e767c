"""What differs from page to page of one paper and the next: size, watermark, logo, room for a label."""

from __future__ import annotations

from app.rendering.marks import Marks
from app.rendering.stationery import Logo, PageSize, Stationery
from app.rendering.watermark import draw_watermark

WATERMARK, LOGO = "watermark.svg", "logo.png"
SHORT_LABEL = 14  # characters that the left part of the running head holds in its usual width
TEXT_WIDTH = 162.0  # millimetres, of an agreement on either page: so its lines break alike


def write_page_style(stationery: Stationery, marks: Marks) -> str:
    """CSS to follow agreement.css; "" where that says it all."""
    rules = []
    if stationery.page_size is PageSize.LETTER:
        rules.append(letter_page(TEXT_WIDTH))
    if len(marks.head) > SHORT_LABEL:
        rules.append("@page { @top-left { width: 50% } @top-right { width: 50% } }")
    if marks.watermark and draw_watermark(marks.watermark):
        rules.append(f"@page {{ background: url(paper:{WATERMARK}) center / 150mm 150mm no-repeat }}")
    if stationery.logo:
        rules.append(_logo_rule(stationery.logo))
    return "\n".join(rules)


def letter_page(text_width: float) -> str:
    """US Letter with text as wide as on A4."""
    width, height = PageSize.LETTER.millimetres
    side = (width - text_width) / 2
    return f"@page {{ size: {width}mm {height}mm; margin-left: {side:.2f}mm; margin-right: {side:.2f}mm }}"


def page_assets(stationery: Stationery, marks: Marks) -> dict[str, bytes]:
    """The files that the style and the text ask for, by name."""
    assets = {}
    if marks.watermark:
        assets[WATERMARK] = draw_watermark(marks.watermark)
    if stationery.logo:
        assets[LOGO] = stationery.logo.png
    return assets


def _logo_rule(logo: Logo) -> str:
    return f".logo img {{ width: {logo.width}mm; height: {logo.height}mm }}"
