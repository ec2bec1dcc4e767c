"""Assembly, and rendering beside raw WeasyPrint on the same HTML and stylesheets."""

from __future__ import annotations

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from app.bench.measuring import Row, interleave
from app.bench.samples import LARGER, MOMENT, SMALLER, read_sample
from app.config import Configuration
from app.domain.assembly import print_agreement
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.outline import outline_agreement
from app.rendering.assets import BundledAssets
from app.rendering.markup import render_html, render_paper_html
from app.rendering.pages import count_pages
from app.rendering.pdf import render_pdf
from app.rendering.typesetting import read_stylesheet

STYLESHEETS = ("page.css", "agreement.css")


def bench_assembly(configuration: Configuration) -> list[Row]:
    """The larger contract template: assembled, and as the live preview does it (with lint and HTML)."""
    sample = read_sample(configuration, LARGER)

    def preview() -> None:
        three = (sample.library, sample.contract_template, sample.answers)
        outline = outline_agreement(*three)
        text = print_agreement(outline, number="BENCH-1")
        lint_agreement(*three, text, outline)
        render_html(text)

    times = interleave({"assemble": sample.assemble, "preview": preview}, rounds=25)
    count = len(list(sample.assemble().clauses()))
    return [
        Row(f"Assembly of {LARGER}, {count} clauses", times["assemble"], target="30 ms"),
        Row(f"Live preview of {LARGER}: text, findings, HTML", times["preview"], target="100 ms"),
    ]


def bench_rendering(configuration: Configuration) -> list[Row]:
    rows = []
    for template_id in (SMALLER, LARGER):
        text = read_sample(configuration, template_id).assemble()
        html = render_paper_html(text, MOMENT, draft=False)

        def ours(text: object = text) -> None:
            render_pdf(text, created_at=MOMENT)  # type: ignore[arg-type]

        def raw(html: str = html) -> None:
            fonts = FontConfiguration()
            sheets = [CSS(string=read_stylesheet(name), font_config=fonts) for name in STYLESHEETS]
            HTML(string=html, url_fetcher=BundledAssets()).write_pdf(
                stylesheets=sheets, font_config=fonts, pdf_variant="pdf/a-3a", pdf_forms=True
            )

        times = interleave({"ours": ours, "raw": raw}, rounds=5)
        pages = count_pages(render_pdf(text, created_at=MOMENT))
        rows.append(
            Row(
                f"PDF of {template_id}, {pages} pages",
                times["ours"],
                "raw WeasyPrint",
                times["raw"],
                "1.15 x",
            )
        )
    return rows
