"""A reader that reads nothing twice: headers of object streams, and versions of objects.

pyHanko 0.38 parses the whole list of numbers and offsets of an object stream again for each object
in it, which makes reading a file with object streams quadratic, and it reads an object that a later
revision replaced anew for every revision. The answers, and the refusals in strict mode, are the
same: ISO 32000-2, 7.5.7. The version of pyHanko is pinned for this (private methods).
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.misc import PdfStrictReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import ObjStreamRef


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands at the beginning of an object stream.

    places: object number -> (index, offset), of the first entry of each number. readable: how many
    entries could be read; size: how many there should be.
    """

    data: bytes
    places: dict[int, tuple[int, int]]
    readable: int
    size: int


class StreamReader(PdfFileReader):
    """PdfFileReader that keeps headers of object streams, versions of objects, and where they end."""

    def _read_object(
        self,
        ref: generic.Reference,
        marker: int | ObjStreamRef | None,
        never_decrypt: bool = False,
        as_metadata_stream: bool = False,
    ) -> generic.PdfObject:
        # never_decrypt is asked first: the encryption dictionary itself is read that way.
        if never_decrypt or as_metadata_stream or marker is None or self.encrypted:
            return self._read_anew(ref, marker, never_decrypt, as_metadata_stream)
        kept: dict[object, generic.PdfObject] = self.__dict__.setdefault("_kept_versions", {})
        key = (ref.idnum, ref.generation, marker)
        if key not in kept:
            kept[key] = self._read_anew(ref, marker, never_decrypt, as_metadata_stream)
            if isinstance(marker, int):
                self._ends()[key] = int(self.stream.tell())
        return kept[key]

    def end_of_object(self, reference: generic.Reference, revision: int) -> int:
        """Offset behind an object as it lies in the file. Raises PdfError where it cannot be read."""
        marker = self.xrefs.get_historical_ref(reference, revision)
        key = (reference.idnum, reference.generation, marker)
        if key not in self._ends():
            self._read_anew(reference, marker, True, False)
            self._ends()[key] = int(self.stream.tell())
        return self._ends()[key]

    def _read_anew(
        self,
        ref: generic.Reference,
        marker: int | ObjStreamRef | None,
        never_decrypt: bool,
        as_metadata_stream: bool,
    ) -> generic.PdfObject:
        found: generic.PdfObject = super()._read_object(
            ref, marker, never_decrypt=never_decrypt, as_metadata_stream=as_metadata_stream
        )
        return found

    def _ends(self) -> dict[object, int]:
        ends: dict[object, int] = self.__dict__.setdefault("_kept_ends", {})
        return ends

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> generic.PdfObject:
        header = self._header_of(stmnum)
        if not 0 <= idx < header.size:
            return self._refuse("Object stream does not contain index")
        index, offset = header.places.get(idnum, (header.size, 0))
        if header.readable < header.size and index >= header.readable:
            return self._refuse("Object stream header possibly corrupted")
        if index == header.size:
            return self._refuse("Object not found in stream, this is a fatal error in strict mode")
        if self.strict and index != idx:
            raise PdfStrictReadError("Object is in wrong index.")
        return self._read_at(header, offset, idnum)

    def _read_at(self, header: _Header, offset: int, idnum: int) -> generic.PdfObject:
        source = BytesIO(header.data)
        source.seek(offset)
        try:
            found: generic.PdfObject = generic.read_object(source, generic.Reference(idnum, 0, self))
        except (misc.PdfStreamError, misc.PdfReadError) as error:
            return self._refuse(f"Can't read object stream: {error}")
        if isinstance(found, generic.StreamObject | generic.IndirectObject) and self.strict:
            raise PdfStrictReadError("Encountered forbidden object type in object stream")
        return found

    def _header_of(self, stmnum: int) -> _Header:
        kept: dict[int, _Header] = self.__dict__.setdefault("_kept_headers", {})
        if stmnum not in kept:
            kept[stmnum] = _read_header(generic.Reference(stmnum, 0, self).get_object())
        return kept[stmnum]

    def _refuse(self, message: str) -> generic.PdfObject:
        """In strict mode an error, else nothing instead of the object, as viewers have it."""
        if self.strict:
            raise PdfStrictReadError(message)
        return generic.NullObject()


def _read_header(stream: generic.PdfObject) -> _Header:
    assert isinstance(stream, generic.StreamObject)
    assert stream["/Type"] == "/ObjStm"
    data = stream.read_data(DecodePurpose.OBJECT_STREAM)
    size, first = int(stream["/N"]), int(stream["/First"])
    source = BytesIO(data)
    places: dict[int, tuple[int, int]] = {}
    for index in range(size):
        try:
            number, offset = (_read_number(source) for _ in range(2))
            misc.read_non_whitespace(source, seek_back=True)  # type: ignore[no-untyped-call]  # pyHanko
        except ValueError:
            return _Header(data, places, index, size)
        places.setdefault(number, (index, first + offset))
    return _Header(data, places, size, size)


def _read_number(source: BytesIO) -> int:
    misc.read_non_whitespace(source, seek_back=True)  # type: ignore[no-untyped-call]  # pyHanko
    return int(generic.NumberObject.read_from_stream(source))  # type: ignore[no-untyped-call]  # pyHanko
