"""Repairs of the structure tree that WeasyPrint writes, so that it says what the paper means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pydyf

Element: TypeAlias = Any  # pydyf.Dictionary, which has no types


def refer_directly_to_widgets(pdf: pydyf.PDF) -> None:
    """Make `/K` of each Form element the object reference itself, not an array of one.

    pyHanko's difference policy knows only the direct form: with the array it refuses every
    signature that is added later.
    """
    for element in _elements(pdf):
        kids = element["K"]
        if element["S"] == "/Form" and isinstance(kids, list) and len(kids) == 1:
            element["K"] = kids[0]


def mark_running_heads_as_artifacts(pdf: pydyf.PDF) -> None:
    """Turn tagged content that hangs in no tree into pagination artifacts.

    WeasyPrint tags headers and footers and leaves their elements out of the tree; ISO 14289-1
    clause 7.8 asks for artifacts.
    """
    reachable = _reachable_elements(pdf)
    tree = pdf.objects[_number(pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["ParentTree"])]
    for page_number, page_reference in enumerate(pdf.page_references):
        page = pdf.objects[_number(page_reference)]
        elements = tree["Nums"][2 * page_number + 1]
        orphans = {mcid for mcid, ref in enumerate(elements) if _number(ref) not in reachable}
        for mcid in orphans:
            elements[mcid] = "null"
        _turn_into_artifacts(pdf.objects[_number(page["Contents"])], orphans)


def label_list_items(pdf: pydyf.PDF) -> None:
    """Give list items their number as `Lbl` beside the `LBody`, ISO 32000-1 table 336.

    The number is the first span of the first paragraph of an item.
    """
    for item in list(_elements(pdf)):
        if item["S"] != "/LI" or len(item["K"]) != 1:
            continue
        body = _kid(pdf, item, 0)
        label = _first_label(pdf, body)
        if label is None:
            continue
        label["S"] = "/Lbl"
        label["P"] = item.reference
        item["K"].insert(0, label.reference)


def _first_label(pdf: pydyf.PDF, body: Element | None) -> Element | None:
    """Take the number's span out of the first paragraph of an item's body."""
    holder = body
    while holder is not None and holder["S"] in {"/LBody", "/P", "/NonStruct"} and holder["K"]:
        first = _kid(pdf, holder, 0)
        # A span of the text holds marked content; the number's span holds another element.
        if first is not None and first["S"] == "/Span" and isinstance(first["K"][0], bytes):
            holder["K"].pop(0)
            return first
        holder = first
    return None


def _turn_into_artifacts(stream: pydyf.Stream, orphans: set[int]) -> None:
    for index, operand in enumerate(stream.stream):
        if isinstance(operand, pydyf.Dictionary) and operand.get("MCID") in orphans:
            stream.stream[index - 1] = "/Artifact"
            stream.stream[index] = pydyf.Dictionary({"Type": "/Pagination"})


def _reachable_elements(pdf: pydyf.PDF) -> set[int]:
    """Object numbers of all elements that the structure tree reaches from its root."""
    reached: set[int] = set()
    waiting = [_number(pdf.catalog["StructTreeRoot"])]
    while waiting:
        number = waiting.pop()
        if number in reached:
            continue
        reached.add(number)
        kids = pdf.objects[number].get("K", [])
        waiting += [_number(kid) for kid in kids if isinstance(kid, bytes)]
    return reached


def _elements(pdf: pydyf.PDF) -> Iterator[Element]:
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("Type") == "/StructElem":
            yield item


def _kid(pdf: pydyf.PDF, element: Element, index: int) -> Element | None:
    """The child element at `index`, or None where it is content or a reference to an object."""
    kid = element["K"][index]
    found = pdf.objects[_number(kid)] if isinstance(kid, bytes) else None
    return found if isinstance(found, dict) and found.get("Type") == "/StructElem" else None


def _number(reference: bytes) -> int:
    return int(reference.split()[0])
