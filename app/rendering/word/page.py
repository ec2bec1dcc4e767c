"""The page of the Word paper: its size, the logo on the first one, the watermark on all."""

from __future__ import annotations

import io

from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Length, Mm
from docx.text.paragraph import Paragraph

from app.rendering.stationery import Logo, Stationery
from app.rendering.watermark import INK
from app.rendering.word.elements import Element, make, make_paragraph
from app.rendering.word.styles import TEXT_FONT, style_id

NARROWEST_MARGIN = Mm(12)
WIDEST_WATERMARK = 500  # points, along the diagonal of the text
WIDTH_OF_A_LETTER = 76  # points, of a short word

# How Word itself writes a watermark: WordArt (VML, ISO/IEC 29500-4, 19) behind the text of the header.
_WATERMARK = (
    f"<w:r {nsdecls('w')}"
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    "<w:rPr><w:noProof/></w:rPr><w:pict>"
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
    '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
    '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
    '<v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>'
    '<v:f eqn="sum @6 0 @5"/></v:formulas>'
    '<v:path textpathok="t" o:connecttype="custom"'
    ' o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
    '<v:textpath on="t" fitshape="t"/><o:lock v:ext="edit" text="t" shapetype="t"/></v:shapetype>'
    f'<v:shape type="#_x0000_t136" o:allowincell="f" fillcolor="{INK}" stroked="f">'
    f'<v:textpath style="font-family:&quot;{TEXT_FONT}&quot;;font-size:1pt"/></v:shape>'
    "</w:pict></w:r>"
)


def set_pages(document: Document, stationery: Stationery) -> None:
    """Give every section the size of the page; its text keeps its width, the side margins do not."""
    width, height = (Mm(side) for side in stationery.page_size.millimetres)
    for section in document.sections:
        before = section.page_width
        if before is not None and abs(before - width) > Mm(1):
            shift = Length((width - before) // 2)
            section.left_margin = _moved(section.left_margin, shift)
            section.right_margin = _moved(section.right_margin, shift)
        section.page_width, section.page_height = width, height


def _moved(margin: Length | None, shift: Length) -> Length:
    return Length(max(NARROWEST_MARGIN, (margin or Mm(24)) + shift))


def add_logo(document: Document, logo: Logo) -> None:
    """A first paragraph with the picture and the words for those who do not see it."""
    element = make_paragraph(style_id(document, "Logo"))
    document.element.body.insert(0, element)
    run = Paragraph(element, document._body).add_run()
    run.add_picture(io.BytesIO(logo.png), width=Mm(logo.width), height=Mm(logo.height))
    for described in element.iter(qn("wp:docPr")):
        described.set("descr", logo.alternative)
        described.set("name", "Logo")


def add_watermark(document: Document, word: str) -> None:
    """`word` across every page of every section."""
    for number, section in enumerate(document.sections):
        for index, header in enumerate(_headers(section)):
            header.append(_watermark(word, 10 * number + index + 1))


def _headers(section: Section) -> list[Element]:
    """The first paragraph of each kind of header that the section prints."""
    headers = [section.header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    if section.even_page_header.is_linked_to_previous is False:
        headers.append(section.even_page_header)
    own = [header for header in headers if not header.is_linked_to_previous]
    return [header.paragraphs[0]._p for header in own if header.paragraphs]


def _watermark(word: str, number: int) -> Element:
    run: Element = parse_xml(_WATERMARK)
    width = min(WIDEST_WATERMARK, WIDTH_OF_A_LETTER * max(3, len(word)))
    height = round(width / (0.66 * max(3, len(word))))
    shape = next(run.iter("{urn:schemas-microsoft-com:vml}shape"))
    shape.set("id", f"Watermark{number}")
    shape.set(
        "style",
        f"position:absolute;margin-left:0;margin-top:0;width:{width}pt;height:{height}pt;rotation:315;"
        "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin",
    )
    shape[0].set("string", word)
    return run


def begin_page(paragraph: Element) -> None:
    """Let the paragraph begin a page (17.3.1.23)."""
    insert_property(paragraph, "w:pageBreakBefore")


def keep_with_next(paragraph: Element) -> None:
    """Let the paragraph stay on the page of what follows it (17.3.1.15)."""
    insert_property(paragraph, "w:keepNext")


def insert_property(paragraph: Element, tag: str) -> None:
    """Put `tag` after the style: CT_PPr is a sequence (17.3.1.26), w:keepNext before w:pageBreakBefore."""
    properties = paragraph.find(qn("w:pPr"))
    if properties.find(qn(tag)) is not None:
        return
    after = [properties.find(qn(name)) for name in ("w:pStyle", "w:keepNext")]
    place = max((properties.index(item) + 1 for item in after if item is not None), default=0)
    if tag == "w:keepNext":
        place = 1 if after[0] is not None else 0
    properties.insert(place, make(tag))
