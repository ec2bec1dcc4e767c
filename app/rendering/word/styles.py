"""The styles of the Word paper: made in the shipped frames, added to a frame that lacks them."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from app.rendering.word.elements import make

TEXT_FONT = "Georgia"
INK = RGBColor(0x14, 0x20, 0x1F)
QUIET = RGBColor(0x43, 0x51, 0x4E)


@dataclass(frozen=True, slots=True)
class StyleDefinition:
    """Sizes in points, indents in millimetres. `keep`: stays with the next paragraph.

    tab: where the text begins after a number, millimetres; 0: no such place.
    """

    name: str
    size: float
    bold: bool = False
    quiet: bool = False
    before: float = 0
    after: float = 6
    left: float = 0
    right: float = 0
    keep: bool = False
    tab: float = 0


DEFINITIONS = (
    StyleDefinition("Logo", 10.5, after=12),
    StyleDefinition("Title", 24, after=6),
    StyleDefinition("Subtitle", 12, quiet=True, after=18),
    StyleDefinition("Heading 1", 13, bold=True, before=18, after=8, keep=True),
    StyleDefinition("Heading 2", 11.5, bold=True, before=12, after=4, keep=True),
    StyleDefinition("Clause Paragraph", 10.5, before=2, after=4),
    StyleDefinition("Clause Item", 10.5, after=4),
    StyleDefinition("Clause Text", 10.5, before=2, after=4, left=16),
    StyleDefinition("Schedule Text", 10.5, before=4, after=6),
    StyleDefinition("Table Text", 9.5, before=2, after=2),
    StyleDefinition("toc 1", 9.5, bold=True, before=4, after=1, tab=28),
    StyleDefinition("toc 2", 9.5, after=1, tab=10),
    StyleDefinition("Fine", 9, quiet=True, before=6),
    StyleDefinition("Signature Label", 9, quiet=True, after=2, keep=True),
    StyleDefinition("Signer", 10.5, bold=True, after=0, keep=True),
    StyleDefinition("Signature Line", 10.5, before=30, after=3, right=84, keep=True),
    StyleDefinition("Header", 8.5, after=0),
    StyleDefinition("Footer", 8, quiet=True, after=0),
)


def ensure_styles(document: Document, *, replace: bool = False) -> None:
    """Add the styles that are missing; with `replace` also set those that are there."""
    known = {style.name for style in document.styles}
    for definition in DEFINITIONS:
        if definition.name not in known:
            built_in = definition.name.startswith("toc ")  # Word knows these names
            document.styles.add_style(definition.name, WD_STYLE_TYPE.PARAGRAPH, builtin=built_in)
        elif not replace:
            continue
        style = document.styles[definition.name]
        assert isinstance(style, ParagraphStyle)
        _define(style, definition)


def style_id(document: Document, name: str) -> str:
    """The id by which paragraphs name a style."""
    return str(document.styles[name].style_id)


def _define(style: ParagraphStyle, definition: StyleDefinition) -> None:
    font, layout = style.font, style.paragraph_format
    font.name, font.size, font.bold = TEXT_FONT, Pt(definition.size), definition.bold
    font.italic, font.color.rgb = False, QUIET if definition.quiet else INK
    layout.space_before, layout.space_after = Pt(definition.before), Pt(definition.after)
    layout.left_indent, layout.right_indent = Mm(definition.left), Mm(definition.right)
    layout.keep_with_next = definition.keep
    layout.widow_control = True
    layout.line_spacing = 1.2
    if definition.tab:
        layout.tab_stops.add_tab_stop(Mm(definition.tab))
    _use_one_face(style)


def _use_one_face(style: ParagraphStyle) -> None:
    """Theme fonts, spacing and rules of the stock styles would override the face."""
    properties = style.element.get_or_add_rPr()
    faces = properties.find(qn("w:rFonts"))
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{name}"), None)
    for name in ("cs", "eastAsia"):
        faces.set(qn(f"w:{name}"), TEXT_FONT)
    for tag in ("w:spacing", "w:kern"):
        for element in properties.findall(qn(tag)):
            properties.remove(element)
    border = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if border is not None:
        border.getparent().remove(border)


def set_language(document: Document, language: str) -> None:
    """Make `language` (BCP 47) the language of all text that says nothing else."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    if defaults is None:
        defaults = make("w:docDefaults")
        document.styles.element.insert(0, defaults)
    holder = defaults.find(qn("w:rPrDefault"))
    if holder is None:
        holder = make("w:rPrDefault")
        defaults.insert(0, holder)
    properties = holder.find(qn("w:rPr"))
    if properties is None:
        properties = make("w:rPr")
        holder.append(properties)
    for element in properties.findall(qn("w:lang")):
        properties.remove(element)
    properties.append(make("w:lang", val=language, eastAsia=language, bidi="ar-SA"))
