"""Whether the part that a signature covers is a whole file by itself.

A file can be prepared so that bytes appended later become part of an object that was
"signed" already: a table of contents that points behind the end, or a stream whose
length reaches over it. Both are found by reading every object from the covered part.
"""

from __future__ import annotations

import io

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from app.signing.verification.opened_file import OpenedFile

_BEYOND = "Parts of this file reach behind the end of what was signed."


def beyond_problem(opened: OpenedFile, covered_to: int, first: int, last: int) -> str:
    """Why the objects of the revisions first..last are not all within the first `covered_to` bytes, or ""."""
    if covered_to >= len(opened.data):
        return ""
    part = PdfFileReader(io.BytesIO(opened.data[:covered_to]), strict=opened.reader.strict)
    if part.total_revisions <= last:
        return _BEYOND
    for revision in range(first, last + 1):
        for number, (generation, offset) in part.xrefs.get_xref_data(revision).standard_xrefs.items():
            if offset >= covered_to or not _readable(part, Reference(number, generation), revision):
                return _BEYOND
    return ""


def _readable(part: PdfFileReader, reference: Reference, revision: int) -> bool:
    try:
        part.get_object(  # type: ignore[no-untyped-call]  # pyHanko
            reference, revision=revision, never_decrypt=True
        )
    except PdfError:
        return False
    return True
