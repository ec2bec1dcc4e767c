"""Attacks by an appended revision on what hangs on the catalog and the pages, each as an attacker does it."""

from __future__ import annotations

from collections.abc import Callable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    NumberObject,
    StreamObject,
    pdf_name,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.signing.verification.attacks import Attack, append_revision, field_of, numbers

Change = Callable[[IncrementalPdfFileWriter], None]


def dictionary(**entries: generic.PdfObject) -> DictionaryObject:
    return DictionaryObject({pdf_name(f"/{key}"): value for key, value in entries.items()})


def javascript(program: str = "app.alert(1)") -> DictionaryObject:
    return dictionary(S=pdf_name("/JavaScript"), JS=pdf_string(program))


def on_catalog(key: str, make: Callable[[IncrementalPdfFileWriter], generic.PdfObject]) -> Attack:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[pdf_name(key)] = make(writer)
        writer.update_root()

    return lambda pdf: append_revision(pdf, change)


def on_page(key: str, make: Callable[[IncrementalPdfFileWriter], generic.PdfObject]) -> Attack:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = writer.find_page_for_modification(0)[0].get_object()
        page[pdf_name(key)] = make(writer)
        writer.update_container(page)

    return lambda pdf: append_revision(pdf, change)


def optional_content(writer: IncrementalPdfFileWriter) -> DictionaryObject:
    """A layer that is hidden now and may be switched on."""
    layer = writer.add_object(dictionary(Type=pdf_name("/OCG"), Name=pdf_string("Layer")))
    return dictionary(OCGs=ArrayObject([layer]), D=dictionary(OFF=ArrayObject([layer])))


def attachment(writer: IncrementalPdfFileWriter) -> DictionaryObject:
    content = writer.add_object(StreamObject(dictionary(Type=pdf_name("/EmbeddedFile")), stream_data=b"x"))
    file = dictionary(Type=pdf_name("/Filespec"), F=pdf_string("a.txt"), EF=dictionary(F=content))
    names = ArrayObject([pdf_string("a.txt"), writer.add_object(file)])
    return dictionary(EmbeddedFiles=dictionary(Names=names))


def associated_file(writer: IncrementalPdfFileWriter) -> ArrayObject:
    return ArrayObject([writer.add_object(dictionary())])


def bookmarks(writer: IncrementalPdfFileWriter) -> generic.IndirectObject:
    return writer.add_object(dictionary(Count=NumberObject(0)))


def viewer(_: IncrementalPdfFileWriter) -> DictionaryObject:
    return dictionary(HideToolbar=BooleanObject(True))


def program_names(writer: IncrementalPdfFileWriter) -> DictionaryObject:
    names = ArrayObject([pdf_string("start"), writer.add_object(javascript())])
    return dictionary(JavaScript=dictionary(Names=names))


def added_page(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        page = dictionary(
            Type=pdf_name("/Page"),
            MediaBox=numbers(0, 0, 595, 842),
            Resources=dictionary(),
            Contents=writer.add_object(StreamObject(stream_data=b"0 0 200 200 re f")),
        )
        writer.insert_page(page)

    return append_revision(pdf, change)


def turned_pages(pdf: bytes) -> bytes:
    """The first two pages change places."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        kids = writer.root["/Pages"]["/Kids"]
        kids[0], kids[1] = kids.raw_get(1), kids.raw_get(0)
        writer.update_container(kids)

    return append_revision(pdf, change)


def link_with_action(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        launch = dictionary(S=pdf_name("/Launch"), F=pdf_string("calc.exe"))
        link = dictionary(
            Type=pdf_name("/Annot"), Subtype=pdf_name("/Link"), Rect=numbers(0, 0, 600, 800), A=launch
        )
        writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(link))

    return append_revision(pdf, change)


def stamp_over_the_page(pdf: bytes) -> bytes:
    """Evil annotation: a stamp with an appearance of its own over what was signed."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        look = StreamObject(
            dictionary(Subtype=pdf_name("/Form"), BBox=numbers(0, 0, 600, 800)),
            stream_data=b"1 1 1 rg 0 0 600 800 re f",
        )
        stamp = dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name("/Stamp"),
            Rect=numbers(0, 0, 600, 800),
            AP=dictionary(N=writer.add_object(look)),
        )
        writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(stamp))

    return append_revision(pdf, change)


def field_with_action(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = field_of(writer, "signature-client")
        field["/AA"] = dictionary(U=javascript())
        writer.update_container(field)

    return append_revision(pdf, change)


def form_with_calculation(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        form = writer.root["/AcroForm"]
        form["/CO"] = ArrayObject([])
        form["/NeedAppearances"] = BooleanObject(True)
        form["/XFA"] = writer.add_object(StreamObject(stream_data=b"<xdp/>"))
        writer.update_container(form)

    return append_revision(pdf, change)


def removed_key(key: str) -> Attack:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[key]
        writer.update_root()

    return lambda pdf: append_revision(pdf, change)


def emptied_validation_data(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        store = writer.root["/DSS"]
        for key in list(store):
            if key != "/Type":
                del store[key]
        writer.update_container(store)

    return append_revision(pdf, change)


def other_revocation_list(pdf: bytes) -> bytes:
    def change(writer: IncrementalPdfFileWriter) -> None:
        shown = writer.root["/DSS"]["/CRLs"].raw_get(0).reference
        writer.objects[(shown.generation, shown.idnum)] = StreamObject(stream_data=b"0\x00")

    return append_revision(pdf, change)


def emptied_timestamp(pdf: bytes) -> bytes:
    """The field of the document timestamp loses its value."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        for reference in writer.root["/AcroForm"]["/Fields"]:
            field = reference.get_object()
            if "/V" in field and field["/V"]["/Type"] == "/DocTimeStamp":
                del field["/V"]
                writer.update_container(field)

    return append_revision(pdf, change)


def retold_structure(pdf: bytes) -> bytes:
    """What a screen reader reads aloud is another text."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        element = writer.root["/StructTreeRoot"]["/K"]
        element = element[0] if isinstance(element, ArrayObject) else element
        element["/ActualText"] = pdf_string("Nothing was agreed.")
        writer.update_container(element)

    return append_revision(pdf, change)


def object_stream_over_a_page(pdf: bytes) -> bytes:
    """The page is written again, hidden in a compressed object stream."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        reference = writer.find_page_for_modification(0)[0].reference
        page = DictionaryObject(dict(reference.get_object().items()))
        page[pdf_name("/Contents")] = writer.add_object(StreamObject(stream_data=b"0 0 99 99 re f"))
        stream = writer.prepare_object_stream()
        stream.add_object(reference.idnum, page)
        writer.objects.pop((reference.generation, reference.idnum), None)

    return append_revision(pdf, change)


def other_content_of_object_stream(pdf: bytes) -> bytes:
    """The container is replaced: every object in it changes, and no table says so."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        reader = writer.prev
        number = min(each.idnum for each in reader.xrefs.object_streams_used_in(0))
        old = reader.get_object(generic.Reference(number, 0, reader))
        data = old.data.replace(b"595", b"195").replace(b"/Font", b"/Fond")
        kept = {key: value for key, value in old.items() if key in ("/Type", "/N", "/First")}
        writer.objects[(0, number)] = StreamObject(kept, stream_data=data)

    return append_revision(pdf, change)


# Each with words that the reason must have.
CATALOG_ATTACKS: dict[str, tuple[Attack, str]] = {
    "page added": (added_page, "pages were added"),
    "pages turned": (turned_pages, "pages were added, removed or replaced"),
    "page rotated": (on_page("/Rotate", lambda _: NumberObject(180)), "a page was altered"),
    "page cropped": (on_page("/CropBox", lambda _: numbers(0, 0, 50, 50)), "a page was altered"),
    "page enlarged": (on_page("/UserUnit", lambda _: NumberObject(9)), "a page was altered"),
    "page with action": (on_page("/AA", lambda _: dictionary(O=javascript())), "a page was altered"),
    "catalog with action": (on_catalog("/AA", lambda _: dictionary(WC=javascript())), "program"),
    "program by name": (on_catalog("/Names", program_names), "program"),
    "attachment": (on_catalog("/Names", attachment), "program or other contents"),
    "associated file": (on_catalog("/AF", associated_file), "other contents"),
    "layers": (on_catalog("/OCProperties", optional_content), "layers"),
    "bookmarks": (on_catalog("/Outlines", bookmarks), "bookmarks"),
    "page numbers": (on_catalog("/PageLabels", lambda _: dictionary(Nums=ArrayObject([]))), "contents"),
    "viewer": (on_catalog("/ViewerPreferences", viewer), "contents"),
    "permissions removed": (removed_key("/Perms"), "permissions"),
    "structure removed": (removed_key("/StructTreeRoot"), "structure"),
    "structure retold": (retold_structure, "structure"),
    "link with action": (link_with_action, "annotations"),
    "stamp": (stamp_over_the_page, "annotations"),
    "field with action": (field_with_action, "program"),
    "form with calculation": (form_with_calculation, "form"),
    "validation data removed": (removed_key("/DSS"), "validation data"),
    "validation data emptied": (emptied_validation_data, "validation data"),
    "revocation list replaced": (other_revocation_list, "validation data"),
    "timestamp emptied": (emptied_timestamp, "fields of its form"),
    "page in an object stream": (object_stream_over_a_page, "pages"),
    "object stream replaced": (other_content_of_object_stream, "contents"),
}
