"""Attacks on a signed file, each as an attacker would do it: bytes changed or a revision appended."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field

Attack = Callable[[bytes], bytes]
_CONTENTS = re.compile(rb"/Contents\s*(<[0-9a-fA-F]+>)")


class _Writer(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Leave metadata alone, so that the attack is the only change."""


def append_revision(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer = _Writer(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def field_of(writer: IncrementalPdfFileWriter, name: str) -> DictionaryObject:
    fields = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
    return next(field for field in fields if field.get("/T") == name)


def form_stream(writer: IncrementalPdfFileWriter, drawing: bytes) -> generic.IndirectObject:
    return writer.add_object(
        StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): numbers(0, 0, 100, 100),
            },
            stream_data=drawing,
        )
    )


def numbers(*values: int) -> ArrayObject:
    return ArrayObject(NumberObject(value) for value in values)


def other_page_content(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page["/Contents"] = writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f"))
        writer.update_container(page)

    return append_revision(pdf, change)


def overwritten_content_stream(pdf: bytes) -> bytes:
    """Replace the object that a page shows, without touching the page."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        contents = page.raw_get("/Contents")
        shown = contents if isinstance(contents, generic.IndirectObject) else contents.raw_get(0)
        number = (shown.reference.generation, shown.reference.idnum)
        writer.objects[number] = StreamObject(stream_data=b"0 0 200 200 re f")

    return append_revision(pdf, change)


def free_text_annotation(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        annotation = DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/FreeText"),
                pdf_name("/Rect"): numbers(100, 400, 400, 450),
                pdf_name("/Contents"): pdf_string("Price: 1 EUR"),
            }
        )
        page = writer.find_page_for_modification(0)[0]
        writer.register_annotation(page, writer.add_object(annotation))

    return append_revision(pdf, change)


def swapped_appearance(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, "signature-client")
        field["/AP"] = DictionaryObject({pdf_name("/N"): form_stream(writer, b"0 0 9 9 re f")})
        writer.update_container(field)

    return append_revision(pdf, change)


def overwritten_appearance(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        shown = field_of(writer, "signature-client")["/AP"].raw_get("/N").reference
        replacement = StreamObject(
            {pdf_name("/Subtype"): pdf_name("/Form"), pdf_name("/BBox"): numbers(0, 0, 9, 9)}, stream_data=b""
        )
        writer.objects[(shown.generation, shown.idnum)] = replacement

    return append_revision(pdf, change)


def widened_widget(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, "signature-client")
        field["/Rect"] = numbers(0, 0, 600, 840)
        writer.update_container(field)

    return append_revision(pdf, change)


def other_initials(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        family = field_of(writer, "initials")["/Kids"][0]["/Kids"][0]
        family["/V"] = pdf_string("XX")
        writer.update_container(family)

    return append_revision(pdf, change)


def redrawn_initials(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        family = field_of(writer, "initials")["/Kids"][0]["/Kids"][0]
        family["/AP"] = DictionaryObject({pdf_name("/N"): form_stream(writer, b"0 0 9 9 re f")})
        writer.update_container(family)

    return append_revision(pdf, change)


def new_signature_field(pdf: bytes) -> bytes:
    spec = SigFieldSpec("extra", 0, box=(10, 10, 300, 300))
    return append_revision(pdf, lambda writer: append_signature_field(writer, spec))


def new_text_field(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0]
        field = DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string("amount"),
                pdf_name("/V"): pdf_string("1 EUR"),
                pdf_name("/Rect"): numbers(100, 400, 400, 450),
            }
        )
        reference = writer.add_object(field)
        writer.register_annotation(page, reference)
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(reference)
        writer.update_container(fields)

    return append_revision(pdf, change)


def shared_signature(pdf: bytes) -> bytes:
    """A second field that shows the client's signature (duplicate field attack)."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        signature = field_of(writer, "signature-client").raw_get("/V").reference
        field = DictionaryObject(
            {
                pdf_name("/FT"): pdf_name("/Sig"),
                pdf_name("/T"): pdf_string("witness"),
                pdf_name("/V"): generic.IndirectObject(signature.idnum, signature.generation, writer),
            }
        )
        fields = writer.root["/AcroForm"]["/Fields"]
        fields.append(writer.add_object(field))
        writer.update_container(fields)

    return append_revision(pdf, change)


def open_action(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/OpenAction"] = DictionaryObject(
            {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): pdf_string("app.alert(1)")}
        )
        writer.update_root()

    return append_revision(pdf, change)


def other_font(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        fonts = page["/Resources"]["/Font"]
        font = fonts[next(iter(fonts))]
        font["/ToUnicode"] = writer.add_object(StreamObject(stream_data=b"x"))
        writer.update_container(font)

    return append_revision(pdf, change)


def removed_form(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root["/AcroForm"]
        writer.update_root()

    return append_revision(pdf, change)


def removed_page(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        kids = pages["/Kids"]
        del kids[0]
        pages["/Count"] = NumberObject(len(kids))
        writer.update_container(pages)
        writer.update_container(kids)

    return append_revision(pdf, change)


def emptied_signature(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, "signature-client")
        del field["/V"]
        writer.update_container(field)

    return append_revision(pdf, change)


def other_reason(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        signature = field_of(writer, "signature-client")["/V"]
        signature["/Reason"] = pdf_string("I do not sign")
        writer.update_container(signature)

    return append_revision(pdf, change)


def appended_bytes(pdf: bytes) -> bytes:
    return pdf + b"\n% added\n"


def appended_end(pdf: bytes) -> bytes:
    """Bytes that end like a PDF, so that only the missing revision gives them away."""
    start = pdf.rindex(b"startxref")
    return pdf + b"\n999 0 obj\n(added)\nendobj\n" + pdf[start:]


def saved_again(pdf: bytes) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(output)
    return output.getvalue()


def written_padding(pdf: bytes) -> bytes:
    end = _last_contents(pdf)[1] - 1
    assert pdf[end - 2 : end] == b"00"
    return pdf[: end - 1] + b"1" + pdf[end:]


def written_padding_of_first(pdf: bytes) -> bytes:
    first = _CONTENTS.search(pdf)
    assert first is not None
    end = first.end(1) - 1
    return pdf[: end - 1] + b"1" + pdf[end:]


def upper_case_signature(pdf: bytes) -> bytes:
    start, end = _last_contents(pdf)
    return pdf[:start] + pdf[start:end].upper() + pdf[end:]


def other_byte_range(pdf: bytes) -> bytes:
    start = pdf.rindex(b"/ByteRange")
    found = re.compile(rb"\[\s*0\s+(\d+)").search(pdf, start)
    assert found is not None
    digits = str(int(found[1]) - 1).rjust(len(found[1]), "0").encode()
    return pdf[: found.start(1)] + digits + pdf[found.end(1) :]


def _last_contents(pdf: bytes) -> tuple[int, int]:
    return list(_CONTENTS.finditer(pdf))[-1].span(1)


APPENDED_REVISIONS: tuple[Attack, ...] = (
    other_page_content, overwritten_content_stream, free_text_annotation, swapped_appearance,
    overwritten_appearance, widened_widget, other_initials, redrawn_initials, new_signature_field,
    new_text_field, shared_signature, open_action, other_font, removed_page, emptied_signature, other_reason,
)  # fmt: skip
CHANGED_BYTES: tuple[Attack, ...] = (
    appended_bytes, appended_end, written_padding, written_padding_of_first, upper_case_signature,
)  # fmt: skip
MOST_DIFFERENT: tuple[Attack, ...] = (
    other_page_content, overwritten_content_stream, overwritten_appearance, shared_signature,
    new_signature_field,
)  # fmt: skip
DESTROYING: tuple[Attack, ...] = (saved_again, other_byte_range, removed_form)
