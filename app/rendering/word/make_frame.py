"""Builds the shipped Word frames: `python -m app.rendering.word.make_frame FILE...`.

The frame is an ordinary Word file. An owner may open it and add a letterhead; what must stay
is the bookmark `agreement_body`, in a paragraph of its own. It can print `title`, `subtitle`,
`number`, `owner_name`, `counterparty_name`, `confidential`, `parties`, `footer`,
`review_note`, and for each of `signature_blocks` its `label`, `party`, `name`, `capacity`.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Mm

from app.rendering.word.document import with_fixed_times
from app.rendering.word.elements import (
    Element,
    make,
    make_bookmark,
    make_field,
    make_paragraph,
    make_run,
    twips,
)
from app.rendering.word.frame import BODY_BOOKMARK
from app.rendering.word.styles import ensure_styles, style_id
from app.rendering.word.tables import HAIRLINE

TEXT_WIDTH = 162.0  # millimetres: A4 less the margins of 24


def make_frame() -> bytes:
    """The frame that all shipped contract templates use."""
    document = docx.Document()
    ensure_styles(document, replace=True)
    _remove_unused_styles(document)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "Countersign", "Word frame", ""
    _set_page(document)
    _write_running_heads(document)
    body = document.element.body
    section = body.sectPr
    for element in _content(document):
        section.addprevious(element)
    out = io.BytesIO()
    document.save(out)
    return with_fixed_times(out.getvalue())


def _content(document: Document) -> list[Element]:
    def styled(name: str, *content: Element) -> Element:
        return make_paragraph(style_id(document, name), *content)

    def line(name: str, text: str) -> Element:
        return styled(name, make_run(text))

    return [
        line("Title", "{{ title }}"),
        line("Subtitle", "{{ subtitle }}"),
        styled("Fine", *make_bookmark(BODY_BOOKMARK, 1)),
        line("Heading 1", "Signatures"),
        line("Fine", "{%p for block in signature_blocks %}"),
        _signature_table(
            line("Signature Label", "{{ block.label }}"),
            line("Signature Label", "{{ block.party }}"),
            _with_rule(styled("Signature Line")),
            line("Signer", "{{ block.name }}"),
            line("Signature Label", "{{ block.capacity }}"),
        ),
        styled("Signature Label"),
        line("Fine", "{%p endfor %}"),
    ]


def _with_rule(paragraph: Element) -> Element:
    """The paragraph with a line below it: to sign on, or under the running head."""
    rule = make("w:bottom", val="single", sz="8", space="4", color="14201F")
    paragraph.get_or_add_pPr().append(make("w:pBdr", rule))
    return paragraph


def _signature_table(*content: Element) -> Element:
    """One cell that no page break divides."""
    borders = (make(f"w:{side}", **HAIRLINE) for side in ("top", "left", "bottom", "right"))
    margins = (make(f"w:{side}", w=twips(4), type="dxa") for side in ("top", "left", "bottom", "right"))
    properties = make(
        "w:tblPr",
        make("w:tblW", w="5000", type="pct"),
        make("w:tblBorders", *borders),
        make("w:tblLayout", type="fixed"),
        make("w:tblCellMar", *margins),
    )
    cell = make("w:tc", make("w:tcPr", make("w:tcW", w=twips(TEXT_WIDTH), type="dxa")), *content)
    row = make("w:tr", make("w:trPr", make("w:cantSplit")), cell)
    return make("w:tbl", properties, make("w:tblGrid", make("w:gridCol", w=twips(TEXT_WIDTH))), row)


def _set_page(document: Document) -> None:
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(24)
    page.top_margin, page.bottom_margin = Mm(30), Mm(27)
    page.header_distance, page.footer_distance = Mm(16), Mm(13)
    _use_current_layout(document)


def _use_current_layout(document: Document) -> None:
    """Lay out as Word 2013 and later do, without "Compatibility Mode" in the title bar."""
    settings = document.settings.element
    for old in settings.xpath("./w:compat"):
        settings.remove(old)
    mode = make(
        "w:compatSetting",
        name="compatibilityMode",
        uri="http://schemas.microsoft.com/office/word",
        val="15",
    )
    # CT_Settings is a sequence (17.15.1.78): w:compat stands before w:rsids and w:themeFontLang.
    later = settings.xpath("./w:rsids|./m:mathPr|./w:themeFontLang|./w:clrSchemeMapping")
    place = settings.index(later[0]) if later else len(settings)
    settings.insert(place, make("w:compat", mode))


def _write_running_heads(document: Document) -> None:
    page = document.sections[0]
    page.header.is_linked_to_previous = page.footer.is_linked_to_previous = False
    head = page.header.paragraphs[0]
    _set_right_tab(_with_rule(head._p))
    head._p.extend([make_run("{{ confidential }}", make("w:b"), make("w:spacing", val="30")), _tab()])
    head._p.append(make_run("{{ parties }}"))
    foot = page.footer.paragraphs[0]
    _set_right_tab(foot._p)
    counted = make_field("PAGE", "1"), make_field("NUMPAGES", "1")
    foot._p.extend([make_run("{{ footer }}"), _tab(), make_run("Page "), *counted[0]])
    foot._p.extend([make_run(" of "), *counted[1]])
    foot._p.addnext(make_paragraph(style_id(document, "Footer"), make_run("{{ review_note }}")))


def _tab() -> Element:
    return make("w:r", make("w:tab"))


def _set_right_tab(paragraph: Element) -> None:
    properties = paragraph.get_or_add_pPr()
    tab = make("w:tab", val="right", pos=twips(TEXT_WIDTH))
    cleared = [make("w:tab", val="clear", pos=pos) for pos in ("4320", "4680", "8640", "9360")]
    properties.append(make("w:tabs", *cleared, tab))


def _remove_unused_styles(document: Document) -> None:
    """The stock template's tables and lists would only confuse whoever adds a letterhead."""
    for style in list(document.styles):
        if style.type in (WD_STYLE_TYPE.TABLE, WD_STYLE_TYPE.LIST) and not style.builtin:
            style.delete()


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name).write_bytes(make_frame())
