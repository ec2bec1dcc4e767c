"""Signature and initials fields: checkboxes of the layout become the fields that are signed.

WeasyPrint gives a checkbox a rectangle, a page, a name, an alternative text and a tagged
Form element, and embeds no further font for it. All fields exist in the first revision:
a certified file (DocMDP P=2) allows filling, not adding.
"""

from __future__ import annotations

from collections.abc import Mapping

import pydyf

# ISO 32000-1 table 219: SignaturesExist and AppendOnly. Setting them later would be a change.
SIGNATURES_EXIST_AND_APPEND_ONLY = 3
PRINT = 4  # ISO 32000-1 table 165
READ_ONLY = 1  # ISO 32000-1 table 221
# Of a point. The signature's appearance has the box of the empty one to the last digit: a validator
# that compares revisions (EU DSS) then finds nothing changed but what is drawn.
DECIMALS = 3

_OF_CHECKBOX = ("V", "AS", "AP", "MK", "Border", "DA", "Opt", "MaxLen")


def convert_placeholders(pdf: pydyf.PDF, locks: Mapping[str, tuple[str, ...]]) -> None:
    """Turn every checkbox into the field its name says: a signature, or initials (`a.b.c`).

    `locks` maps signature field names to the initials each of them locks.
    """
    form = pdf.catalog.get("AcroForm")
    if form is None:
        return
    widgets = [pdf.objects[int(reference.split()[0])] for reference in form["Fields"]]
    parents: dict[str, pydyf.Dictionary] = {}
    top: list[bytes] = []
    for widget in widgets:
        name = _name_of(widget)
        _reset(pdf, widget)
        if "." in name:
            _make_initials(pdf, widget, name, parents, top)
        else:
            _make_signature(pdf, widget, locks.get(name, ()))
            top.append(widget.reference)
    pdf.catalog["AcroForm"] = pydyf.Dictionary(
        {"Fields": pydyf.Array(top), "SigFlags": SIGNATURES_EXIST_AND_APPEND_ONLY}
    )


def _name_of(widget: pydyf.Dictionary) -> str:
    name = widget["T"]
    return str(name.string)


def _reset(pdf: pydyf.PDF, widget: pydyf.Dictionary) -> None:
    """Strip what belongs to checkboxes; give an empty appearance and an upright rectangle."""
    for key in _OF_CHECKBOX:
        widget.pop(key, None)
    x1, y1, x2, y2 = (round(value, DECIMALS) for value in widget["Rect"])
    left, bottom, right, upper = min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)
    appearance = pydyf.Stream(
        [],
        {
            "Type": "/XObject",
            "Subtype": "/Form",
            "BBox": pydyf.Array([0, 0, round(right - left, DECIMALS), round(upper - bottom, DECIMALS)]),
            "Resources": pydyf.Dictionary(),
        },
        compress=True,  # as the signature's appearance will be
    )
    pdf.add_object(appearance)
    widget["Rect"] = pydyf.Array([left, bottom, right, upper])
    widget["AP"] = pydyf.Dictionary({"N": appearance.reference})
    widget["F"] = PRINT


def _make_signature(pdf: pydyf.PDF, widget: pydyf.Dictionary, locked: tuple[str, ...]) -> None:
    widget["FT"] = "/Sig"
    if not locked:
        return
    # ISO 32000-1 table 232: the lock is an indirect object.
    lock = pydyf.Dictionary(
        {
            "Type": "/SigFieldLock",
            "Action": "/Include",
            "Fields": pydyf.Array([pydyf.String(name) for name in locked]),
        }
    )
    pdf.add_object(lock)
    widget["Lock"] = lock.reference


def _make_initials(
    pdf: pydyf.PDF,
    widget: pydyf.Dictionary,
    name: str,
    parents: dict[str, pydyf.Dictionary],
    top: list[bytes],
) -> None:
    """Hang the widget under its parents; `initials.assistant.take-home` has two of them."""
    *path, last = name.split(".")
    parent = _parent(pdf, tuple(path), parents, top)
    widget.update({"FT": "/Tx", "Ff": READ_ONLY, "T": pydyf.String(last), "Parent": parent.reference})
    parent["Kids"].append(widget.reference)


def _parent(
    pdf: pydyf.PDF, path: tuple[str, ...], parents: dict[str, pydyf.Dictionary], top: list[bytes]
) -> pydyf.Dictionary:
    """The field at `path`, made with its own parents where it is not there yet."""
    key = ".".join(path)
    if key not in parents:
        field = pydyf.Dictionary({"T": pydyf.String(path[-1]), "Kids": pydyf.Array()})
        pdf.add_object(field)
        parents[key] = field
        if len(path) == 1:
            top.append(field.reference)
        else:
            upper = _parent(pdf, path[:-1], parents, top)
            field["Parent"] = upper.reference
            upper["Kids"].append(field.reference)
    return parents[key]
