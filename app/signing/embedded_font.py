"""A subset of a stamp's face as PDF objects: embedded, with widths and a way back to the text."""

from __future__ import annotations

from pyhanko.pdf_utils import generic

from app.signing.pdf_object import array, dictionary, integer, name, numbers, stream
from app.signing.stamp_font import Face, Subset
from app.signing.writer import RevisionWriter

SYMBOLIC, ITALIC = 4, 64  # flags of a font descriptor (ISO 32000-1, table 123)
STEM_WIDTH = 80
MAPPINGS_PER_BLOCK = 100


def add_font(writer: RevisionWriter, subset: Subset) -> generic.IndirectObject:
    """A Type 0 font with Identity-H and an embedded TrueType subset (ISO 32000-1, 9.7)."""
    compressed, length = subset.compressed_program()
    program = stream({"Length1": integer(length), "Filter": name("FlateDecode")}, compressed)
    system: dict[str, generic.PdfObject] = {
        "Registry": generic.pdf_string("Adobe"),
        "Ordering": generic.pdf_string("Identity"),
        "Supplement": integer(0),
    }
    descendant = dictionary(
        {
            "Type": name("Font"),
            "Subtype": name("CIDFontType2"),
            "BaseFont": name(subset.name),
            "CIDSystemInfo": dictionary(system),
            "CIDToGIDMap": name("Identity"),
            "FontDescriptor": writer.add_object(_descriptor(subset, writer.add_object(program))),
            # Thousandths of an em, which is what the bundled faces are drawn in.
            "W": array((integer(0), numbers(subset.widths))),
        }
    )
    font: dict[str, generic.PdfObject] = {
        "Type": name("Font"),
        "Subtype": name("Type0"),
        "BaseFont": name(subset.name),
        "Encoding": name("Identity-H"),
        "DescendantFonts": array((writer.add_object(descendant),)),
        "ToUnicode": writer.add_object(stream({}, _to_unicode(subset))),
    }
    return writer.add_object(dictionary(font))


def _descriptor(subset: Subset, program: generic.IndirectObject) -> generic.DictionaryObject:
    source: Face = subset.face
    return dictionary(
        {
            "Type": name("FontDescriptor"),
            "FontName": name(subset.name),
            "Flags": integer(SYMBOLIC | (ITALIC if source.italic_angle else 0)),
            "FontBBox": numbers(source.bounding_box),
            "ItalicAngle": integer(source.italic_angle),
            "Ascent": integer(source.ascent),
            "Descent": integer(source.descent),
            "CapHeight": integer(source.ascent),
            "StemV": integer(STEM_WIDTH),
            "FontFile2": program,
        }
    )


def _to_unicode(subset: Subset) -> bytes:
    """The ToUnicode CMap (ISO 32000-1, 9.10.3), in blocks of at most 100 mappings."""
    entries = [
        b"<%04X> <%s>" % (number, character.encode("utf-16-be").hex().upper().encode("ascii"))
        for number, character in subset.characters().items()
    ]
    blocks = [entries[at : at + MAPPINGS_PER_BLOCK] for at in range(0, len(entries), MAPPINGS_PER_BLOCK)]
    body = b"".join(b"%d beginbfchar\n%s\nendbfchar\n" % (len(one), b"\n".join(one)) for one in blocks)
    return (
        b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + body
        + b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
