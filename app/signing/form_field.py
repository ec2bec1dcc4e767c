"""Finding fields of a form by their fully qualified names, and filling the initials of one signer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils import generic

from app.domain.errors import SigningFailed
from app.signing.pdf_object import dictionary, entry, name
from app.signing.stamp import draw_initials
from app.signing.writer import RevisionWriter

DEEPEST_NESTING = 8
DECIMALS = 3  # of a point: the digits in which the paper writes its boxes


@dataclass(frozen=True, slots=True)
class FormField:
    """A field that is its own widget: dictionary, reference, size in points."""

    name: str
    reference: generic.IndirectObject
    dictionary: generic.DictionaryObject
    kind: str  # "/Sig", "/Tx"

    @property
    def size(self) -> tuple[float, float]:
        left, bottom, right, top = (float(value) for value in self.dictionary["/Rect"])
        return round(abs(right - left), DECIMALS), round(abs(top - bottom), DECIMALS)

    @property
    def filled(self) -> bool:
        return entry(self.dictionary, "V") is not None


def fields_of(writer: RevisionWriter) -> dict[str, FormField]:
    """Every terminal field by its fully qualified name (ISO 32000-1, 12.7.3.2)."""
    found: dict[str, FormField] = {}
    for field in _walk(writer.root["/AcroForm"]["/Fields"], "", "", 0):
        if field.name in found:
            raise SigningFailed(
                "field_twice", f"The PDF has two fields named {field.name}.", "Make the PDF again."
            )
        found[field.name] = field
    return found


def empty_signature_field(fields: dict[str, FormField], wanted: str) -> FormField:
    """The signature field `wanted`. Raises SigningFailed if it is missing or signed already."""
    field = fields.get(wanted)
    if field is None or field.kind != "/Sig":
        raise SigningFailed(
            "field_missing", f"The PDF has no signature field named {wanted}.", "Make the PDF again."
        )
    if field.filled:
        raise SigningFailed(
            "field_signed", f"The field {wanted} has been signed already.", "Reload to see the current state."
        )
    return field


def fill_initials(
    writer: RevisionWriter, fields: dict[str, FormField], initials: Sequence[tuple[str, str]]
) -> None:
    """Write each signer's initials into their own empty text fields. Raises SigningFailed."""
    targets = [_empty_text_field(fields, wanted) for wanted, _ in initials]
    boxes = [(*field.size, text) for field, (_, text) in zip(targets, initials, strict=True)]
    drawn = draw_initials(writer, boxes)
    for field, (_, text), reference in zip(targets, initials, drawn, strict=True):
        field.dictionary[name("V")] = generic.pdf_string(text)
        set_appearance(writer, field, reference)


def set_appearance(writer: RevisionWriter, field: FormField, appearance: generic.IndirectObject) -> None:
    field.dictionary[name("AP")] = dictionary({"N": appearance})
    writer.mark_update(field.reference)


def _empty_text_field(fields: dict[str, FormField], wanted: str) -> FormField:
    field = fields.get(wanted)
    if field is None or field.kind != "/Tx" or field.filled:
        raise SigningFailed(
            "initials_field",
            f"The PDF has no empty field for initials named {wanted}.",
            "Make the PDF again, or reload to see the current state.",
        )
    return field


def _walk(nodes: generic.ArrayObject, prefix: str, kind: str, depth: int) -> Iterator[FormField]:
    if depth > DEEPEST_NESTING:
        raise SigningFailed("fields_nested", "The PDF's fields are nested too deeply.", "Make the PDF again.")
    for index in range(len(nodes)):
        reference = nodes.raw_get(index)
        if not isinstance(reference, generic.IndirectObject):
            raise SigningFailed("field_direct", "A field of the PDF is not an object.", "Make the PDF again.")
        node = reference.get_object()  # type: ignore[no-untyped-call]
        partial = str(entry(node, "T") or "")
        qualified = f"{prefix}.{partial}" if prefix else partial
        node_kind = str(entry(node, "FT") or kind)
        if "/Kids" in node:
            yield from _walk(node["/Kids"], qualified, node_kind, depth + 1)
        else:
            yield FormField(qualified, reference, node, node_kind)
