"""One incremental update: what pyHanko's writer does, without what breaks PDF/A or earlier signatures.

Own bytes: catalog /Version stays (pyHanko would raise it to 2.0 for P-256), the XMP metadata and
the information dictionary stay as revision 1 wrote them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigMDPSetup, SigObjSetup
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import PdfSignedData

from app.domain.errors import AppError, SigningFailed


class RevisionWriter(IncrementalPdfFileWriter):
    """An incremental writer that leaves the metadata alone."""

    def _update_meta(self) -> None:
        """Write no new XMP or Info: each rewrite is a change that earlier signatures must explain."""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A written revision that waits for its CMS. start and end enclose "<...>" of /Contents."""

    file: bytes
    start: int
    end: int
    digest: bytes  # SHA-256 of the byte ranges


@contextmanager
def reading_file() -> Iterator[None]:
    """Around everything that reads a PDF, whose parts are parsed only when they are used."""
    try:
        yield
    except AppError:
        raise
    except Exception as error:
        raise SigningFailed(
            "file_unreadable",
            f"The PDF cannot be signed, because it cannot be read: {type(error).__name__}: {error}.",
            "Make the PDF again from its agreement.",
        ) from error


def open_revision(pdf: bytes) -> RevisionWriter:
    """A writer for the next revision of `pdf`, to be used within `reading_file`."""
    writer = RevisionWriter(BytesIO(pdf))
    if writer.prev.encrypted:
        raise SigningFailed("file_encrypted", "The PDF is encrypted.", "Make it again without a password.")
    return writer


def write_placeholder(
    writer: RevisionWriter,
    field: str,
    signature: PdfSignedData,
    mdp: SigMDPSetup | None = None,
    new_field: SigFieldSpec | None = None,
) -> Placeholder:
    """Put the signature dictionary into `field` and write the revision with room for its CMS.

    new_field: for a document timestamp, which brings its own field; None: it must exist.
    """
    # EN 319 142-1 builds on PDF 1.7 with the extension ESIC, which the catalog declares.
    writer.register_extension(ESIC_EXTENSION_1)
    steps: Any = PdfCMSEmbedder(new_field_spec=new_field).write_cms(
        field, writer, existing_fields_only=new_field is None
    )
    next(steps)
    steps.send(SigObjSetup(sig_placeholder=signature, mdp_setup=mdp))
    prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    return Placeholder(
        output.getvalue(),
        prepared.reserved_region_start,
        prepared.reserved_region_end,
        prepared.document_digest,
    )


def byte_range_digest(file: bytes, start: int, end: int) -> bytes:
    """SHA-256 of everything but /Contents from "<" (start) to ">" (end, exclusive)."""
    digest = hashlib.sha256(memoryview(file)[:start])
    digest.update(memoryview(file)[end:])
    return digest.digest()


def embed(file: bytes, start: int, end: int, cms: bytes) -> bytes:
    """`file` with `cms` in the room between `start` and `end`, the rest of it zero."""
    room = end - start - 2
    hexadecimal = cms.hex().encode("ascii")
    if len(hexadecimal) > room:
        raise SigningFailed(
            "signature_too_large",
            f"The signature needs {len(cms)} bytes, but {room // 2} were reserved.",
            "Report this: the room for signatures has to be enlarged.",
        )
    return b"".join((file[: start + 1], hexadecimal.ljust(room, b"0"), file[end - 1 :]))
