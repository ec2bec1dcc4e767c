"""Small pieces of WordprocessingML (ISO/IEC 29500-1, clause 17)."""

from __future__ import annotations

from typing import TypeAlias

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

Element: TypeAlias = BaseOxmlElement

MILLIMETRE = 56.6929  # twentieths of a point


def twips(millimetres: float) -> str:
    return str(round(millimetres * MILLIMETRE))


def make(tag: str, *children: Element, **attributes: str) -> Element:
    """`make("w:ind", left="10")` gives `<w:ind w:left="10"/>`; attributes are in the tag's namespace."""
    element: Element = OxmlElement(tag)
    prefix = tag.split(":", 1)[0]
    for name, value in attributes.items():
        element.set(qn(f"{prefix}:{name}"), value)
    element.extend(children)
    return element


def make_text(text: str) -> Element:
    element = make("w:t")
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    element.text = text
    return element


def make_run(text: str, *properties: Element) -> Element:
    """A run of literal text; tabs and line ends do not occur in the tree."""
    run = make("w:r")
    if properties:
        run.append(make("w:rPr", *properties))
    run.append(make_text(text))
    return run


def make_field(instruction: str, cached: str, *properties: Element) -> list[Element]:
    """A complex field (17.16.2) that shows `cached` until somebody updates it."""
    code = make("w:instrText")
    code.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    code.text = f" {instruction} "
    return [
        make("w:r", make("w:fldChar", fldCharType="begin")),
        make("w:r", code),
        make("w:r", make("w:fldChar", fldCharType="separate")),
        make_run(cached, *properties),
        make("w:r", make("w:fldChar", fldCharType="end")),
    ]


def make_bookmark(name: str, number: int, *content: Element) -> list[Element]:
    start = make("w:bookmarkStart", id=str(number), name=name)
    return [start, *content, make("w:bookmarkEnd", id=str(number))]


def make_paragraph(style: str, *content: Element, numbering: Element | None = None) -> Element:
    """A paragraph of a style id; `numbering` is a `w:numPr`."""
    properties = make("w:pPr", make("w:pStyle", val=style))
    if numbering is not None:
        properties.append(numbering)
    return make("w:p", properties, *content)
