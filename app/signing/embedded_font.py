"""A subset of a stamp's face as PDF objects: embedded, with widths and a way back to the text."""

from __future__ import annotations

from collections.abc import Iterable

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from app.signing.stamp_font import Subset
from app.signing.writer import RevisionWriter


def add_font(writer: RevisionWriter, subset: Subset) -> generic.IndirectObject:
    """A Type 0 font with Identity-H and an embedded TrueType subset (ISO 32000-1, 9.7)."""
    source = subset.face
    name = pdf_name("/" + subset.name)
    compressed, length = subset.compressed_program()
    program = _stream({"/Length1": generic.NumberObject(length), "/Filter": pdf_name("/FlateDecode")}, compressed)
    descriptor = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/FontDescriptor"),
            pdf_name("/FontName"): name,
            pdf_name("/Flags"): generic.NumberObject(4 | (64 if source.italic_angle else 0)),
            pdf_name("/FontBBox"): _numbers(source.bounding_box),
            pdf_name("/ItalicAngle"): generic.NumberObject(source.italic_angle),
            pdf_name("/Ascent"): generic.NumberObject(source.ascent),
            pdf_name("/Descent"): generic.NumberObject(source.descent),
            pdf_name("/CapHeight"): generic.NumberObject(source.ascent),
            pdf_name("/StemV"): generic.NumberObject(80),
            pdf_name("/FontFile2"): writer.add_object(program),
        }
    )
    system = generic.DictionaryObject(
        {
            pdf_name("/Registry"): generic.pdf_string("Adobe"),
            pdf_name("/Ordering"): generic.pdf_string("Identity"),
            pdf_name("/Supplement"): generic.NumberObject(0),
        }
    )
    descendant = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/CIDFontType2"),
            pdf_name("/BaseFont"): name,
            pdf_name("/CIDSystemInfo"): system,
            pdf_name("/CIDToGIDMap"): pdf_name("/Identity"),
            pdf_name("/FontDescriptor"): writer.add_object(descriptor),
            pdf_name("/W"): generic.ArrayObject([generic.NumberObject(0), _numbers(subset.widths)]),
        }
    )
    font = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Font"),
            pdf_name("/Subtype"): pdf_name("/Type0"),
            pdf_name("/BaseFont"): name,
            pdf_name("/Encoding"): pdf_name("/Identity-H"),
            pdf_name("/DescendantFonts"): generic.ArrayObject([writer.add_object(descendant)]),
            pdf_name("/ToUnicode"): writer.add_object(_stream({}, _to_unicode(subset))),
        }
    )
    return writer.add_object(font)


def _stream(entries: dict[str, generic.PdfObject], content: bytes) -> generic.StreamObject:
    """A stream whose content is already encoded as /Filter in `entries` says."""
    dictionary = {pdf_name(key): value for key, value in entries.items()}
    return generic.StreamObject(dictionary, encoded_data=content)


def _to_unicode(subset: Subset) -> bytes:
    """The ToUnicode CMap (ISO 32000-1, 9.10.3), at most 100 mappings to a block."""
    entries = [
        b"<%04X> <%s>" % (number, character.encode("utf-16-be").hex().upper().encode("ascii"))
        for number, character in subset.characters().items()
    ]
    blocks = [entries[at : at + 100] for at in range(0, len(entries), 100)]
    body = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(one), b"\n".join(one)) for one in blocks)
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + body
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )


def _numbers(values: Iterable[int]) -> generic.ArrayObject:
    return generic.ArrayObject([generic.NumberObject(value) for value in values])
