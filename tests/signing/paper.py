"""A small agreement as PDF for the tests: tagged, with seal, signature fields and initials.

It has what the paper of the application has (PDF/A-3a, fields in revision 1, locks, one-element
structure kids, object streams of at most 100 objects) without importing the rendering room.
"""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from weasyprint import HTML

STYLE = """
@page { size: A4; margin: 30mm 24mm } .box { display: block; margin: 4mm 0; width: 150mm; height: 26mm }
.small { width: 40mm; height: 12mm } .tick { width: 18mm; height: 10mm }
"""
CLAUSE = "<h2>{number} Clause</h2><p>" + "The Assistant keeps everything confidential. " * 30 + "</p>"


@cache
def agreement(
    signers: tuple[str, ...] = ("assistant", "client"),
    initials: tuple[tuple[str, str], ...] = (("assistant", "take-home"), ("assistant", "credentials")),
    clauses: int = 6,
    seal_box: bool = False,
) -> bytes:
    """The unsigned PDF. initials: (role, family) pairs."""
    names = ["seal"] * seal_box + [f"signature-{role}" for role in signers]
    ticks = [f"initials.{role}.{family}" for role, family in initials]
    boxes = "".join(
        f'<input type="checkbox" class="box" name="{name}" title="Signature {name}">' for name in names
    )
    small = "".join(
        f'<input type="checkbox" class="box tick" name="{name}" title="{name}">' for name in ticks
    )
    body = "".join(CLAUSE.format(number=number + 1) for number in range(clauses))
    head = f'<html lang="en"><title>Agreement</title><style>{STYLE}</style>'
    html = f"{head}<h1>Agreement</h1>{body}{small}{boxes}"
    drawn = HTML(string=html).write_pdf(pdf_variant="pdf/a-3a", pdf_forms=True)
    with pikepdf.open(BytesIO(drawn)) as pdf:
        _make_fields(pdf, signers, initials, seal_box)
        output = BytesIO()
        pdf.save(output, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return output.getvalue()


def _make_fields(
    pdf: pikepdf.Pdf, signers: tuple[str, ...], initials: tuple[tuple[str, str], ...], seal_box: bool
) -> None:
    form = pdf.Root.AcroForm
    for unwanted in ("/NeedAppearances", "/DR", "/DA"):
        if unwanted in form:
            del form[unwanted]
    form.SigFlags = 3
    fields = {str(field.T): field for field in form.Fields}
    for name, field in fields.items():
        for key in ("/V", "/AS", "/MK", "/Border", "/DA", "/Opt", "/MaxLen", "/Ff", "/BS"):
            if key in field:
                del field[key]
        field.F = 4
        left, bottom, right, top = (float(value) for value in field.Rect)
        field.Rect = Array([min(left, right), min(bottom, top), max(left, right), max(bottom, top)])
        empty = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, Resources=Dictionary())
        empty.BBox = Array([0, 0, abs(right - left), abs(top - bottom)])
        field.AP = Dictionary(N=empty)
        field.FT = Name.Tx if name.startswith("initials.") else Name.Sig
    for role in signers:
        mine = [f"initials.{owner}.{family}" for owner, family in initials if owner == role]
        if mine:
            locked = Array([String(name) for name in mine])
            lock = Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=locked)
            fields[f"signature-{role}"].Lock = pdf.make_indirect(lock)
    top_level = [field for name, field in fields.items() if not name.startswith("initials.")]
    if not seal_box:
        top_level.insert(0, _invisible_seal(pdf))
    if initials:
        top_level.append(_initials_tree(pdf, fields))
    form.Fields = Array(top_level)
    for element in pdf.objects:
        # pyHanko's difference policy knows a form's widget only directly below /K.
        if isinstance(element, Dictionary) and element.get("/S") == "/Form":
            kids = element.get("/K")
            if isinstance(kids, Array) and len(kids) == 1:
                element.K = kids[0]


def _invisible_seal(pdf: pikepdf.Pdf) -> pikepdf.Object:
    page = pdf.pages[0].obj
    seal = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String("seal"), TU=String("Seal"),
            Rect=Array([0, 0, 0, 0]), F=132, P=page,
        )
    )  # fmt: skip
    if "/Annots" not in page:
        page.Annots = pdf.make_indirect(Array())
    page.Annots.append(seal)
    return seal


def _initials_tree(pdf: pikepdf.Pdf, fields: dict[str, pikepdf.Object]) -> pikepdf.Object:
    """initials -> role -> family, as the hierarchy of ISO 32000-1, 12.7.3.2."""
    parent = pdf.make_indirect(Dictionary(T=String("initials"), Kids=Array()))
    roles: dict[str, pikepdf.Object] = {}
    for name, field in fields.items():
        match = re.fullmatch(r"initials\.([^.]+)\.([^.]+)", name)
        if match is None:
            continue
        role, family = match.groups()
        if role not in roles:
            roles[role] = pdf.make_indirect(Dictionary(T=String(role), Parent=parent, Kids=Array()))
            parent.Kids.append(roles[role])
        field.T, field.Parent, field.Ff = String(family), roles[role], 1
        roles[role].Kids.append(field)
    return parent
