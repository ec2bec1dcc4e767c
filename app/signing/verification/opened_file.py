"""A PDF opened for verification: strictly where it can be, else as tolerantly as viewers are."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from app.signing.verification.object_streams import StreamReader

_MOST_FIELD_NESTING = 20
_MOST_FIELDS = 5_000
TWO_TABLES = "The file keeps two tables of contents, which different viewers may read differently."
NOT_STRICT = "The file does not follow the PDF standard strictly."


class NotVerifiable(ValueError):
    """The file cannot be judged; the message says why, for a reader who is no technician."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """tolerant: why the file could only be read tolerantly, "" if it follows the standard."""

    data: bytes
    reader: StreamReader
    tolerant: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One terminal field of the form: full name, type ("/Sig", "/Tx", ...) and its dictionary."""

    name: str
    kind: str
    dictionary: generic.DictionaryObject


def open_pdf(data: bytes, *, tolerant: bool = False) -> OpenedFile:
    """Open a PDF, strictly unless that fails or `tolerant` is asked for.

    Raises NotVerifiable where it is none, and pyHanko's errors where it is damaged.
    """
    if not data.startswith(b"%PDF-"):
        raise NotVerifiable("This is not a PDF file.")
    if tolerant:
        return _open(data, NOT_STRICT)
    try:
        return _open(data, "")
    except PdfError:
        return _open(data, NOT_STRICT)


def _open(data: bytes, tolerant: str) -> OpenedFile:
    reader = StreamReader(io.BytesIO(data), strict=not tolerant)
    if reader.encrypted:
        if reader.decrypt(b"").status == AuthStatus.FAILED:
            raise NotVerifiable("The file is locked with a password, so it cannot be checked.")
        tolerant = tolerant or "The file is encrypted."
    if reader.xrefs.hybrid_xrefs_present and not tolerant:
        return _open(data, TWO_TABLES)
    reader.trailer_view  # noqa: B018  # reads the trailer, which may fail
    return OpenedFile(data, reader, tolerant)


def end_of_tables(opened: OpenedFile) -> int:
    """Offset behind the last of all tables of contents, wherever in the history it belongs."""
    xrefs = opened.reader.xrefs
    ends = (xrefs.get_xref_container_info(each).end_location for each in range(xrefs.total_revisions))
    return max((int(end) for end in ends), default=0)


def form_fields(handler: PdfFileReader | HistoricalResolver) -> list[FormField]:
    """Every terminal field of the form in that revision. Raises NotVerifiable on absurd forms."""
    form = value_of(handler.root, "/AcroForm")
    if not isinstance(form, generic.DictionaryObject):
        return []
    found: list[FormField] = []
    for field in _walk(value_of(form, "/Fields"), "", "", 0):
        found.append(field)
        if len(found) > _MOST_FIELDS:
            raise NotVerifiable("The form of this file has too many fields to be checked.")
    return found


def value_of(dictionary: generic.DictionaryObject, key: str) -> generic.PdfObject | None:
    """The value of a key with references followed, None where it is not there."""
    try:
        value: generic.PdfObject = dictionary[key]
    except KeyError:
        return None
    return value


def _walk(kids: object, parent: str, inherited: str, nesting: int) -> Iterator[FormField]:
    if nesting > _MOST_FIELD_NESTING:
        raise NotVerifiable("The form of this file is nested too deeply to be checked.")
    if not isinstance(kids, generic.ArrayObject):
        return
    for kid in kids:
        field: object = kid
        if isinstance(kid, generic.IndirectObject):
            field = kid.get_object()  # type: ignore[no-untyped-call]  # pyHanko leaves it untyped
        if not isinstance(field, generic.DictionaryObject):
            continue
        part = value_of(field, "/T")
        if part is None and parent:
            continue  # a widget of its parent, not a field
        name = f"{parent}.{part}" if parent and part is not None else str(part or "")
        kind = str(value_of(field, "/FT") or inherited)
        below = list(_walk(value_of(field, "/Kids"), name, kind, nesting + 1))
        if below:
            yield from below
        else:
            yield FormField(name, kind, field)
