"""Whether the part that a signature covers is a whole file by itself.

A file can be prepared so that bytes appended later become part of an object that was
"signed" already: a table of contents that points behind the end, or a stream whose
length reaches over it. So every object has to begin and end within the covered part.
"""

from __future__ import annotations

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfError

from app.signing.verification.opened_file import OpenedFile

_BEYOND = "Parts of this file reach behind the end of what was signed."


def beyond_problem(opened: OpenedFile, covered_to: int, first: int, last: int) -> str:
    """Why the objects of the revisions first..last are not all within the first `covered_to` bytes, or ""."""
    if covered_to >= len(opened.data):
        return ""
    for revision in range(first, last + 1):
        entries = opened.reader.xrefs.get_xref_data(revision).standard_xrefs
        for number, (generation, offset) in entries.items():
            if offset >= covered_to:
                return _BEYOND
            if not _ends_within(opened, Reference(number, generation), revision, covered_to):
                return _BEYOND
    return ""


def _ends_within(opened: OpenedFile, reference: Reference, revision: int, covered_to: int) -> bool:
    """Read the object as it lies in the file and see where the reading stopped."""
    try:
        return opened.reader.end_of_object(reference, revision) <= covered_to
    except PdfError:
        return False
