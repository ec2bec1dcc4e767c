"""The reader that keeps headers of object streams answers as pyHanko's own does, right and wrong."""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import PdfFileReader

from app.signing.verification.object_streams import StreamReader
from tests.signing.paper import agreement


def answers(kind: type[PdfFileReader], data: bytes, *, strict: bool) -> list[str]:
    """What a reader says of every object of the file, or why it refuses."""
    try:
        reader = kind(BytesIO(data), strict=strict)
        references = sorted(reader.xrefs.explicit_refs_in_revision(0), key=lambda one: one.idnum)
    except Exception:  # noqa: BLE001  # a damaged file may make pyHanko raise anything
        return ["refused"]
    said = []
    for reference in references:
        try:
            found = reader.get_object(Reference(reference.idnum, reference.generation, reader))
            said.append(re.sub(" at 0x[0-9a-f]+", "", repr(found)))
        except Exception:  # noqa: BLE001  # as above; which error it is makes no difference to the verdict
            said.append("refused")
    return said


@pytest.mark.parametrize("strict", [True, False])
def test_every_object_of_our_paper_is_the_same(strict):
    data = agreement()
    told = answers(StreamReader, data, strict=strict)
    assert len(told) > 100
    assert told == answers(PdfFileReader, data, strict=strict)


def with_plain_object_streams() -> bytes:
    """A small file whose object streams are not compressed, so that damage reaches their headers."""
    document = pikepdf.new()
    for number in range(8):
        document.Root[f"/Thing{number}"] = document.make_indirect(pikepdf.Dictionary(Number=number))
    out = BytesIO()
    document.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.all,
    )
    return out.getvalue()


PLAIN = with_plain_object_streams()
HEADER = PLAIN.index(b"/ObjStm")


@settings(max_examples=150, deadline=None)
@given(st.integers(max(0, HEADER - 60), HEADER + 200), st.sampled_from(b"0123456789 x-<\x00"), st.booleans())
def test_damaged_headers_are_refused_alike(position, byte, strict):
    damaged = bytearray(PLAIN)
    damaged[min(position, len(damaged) - 1)] = byte
    assert answers(StreamReader, bytes(damaged), strict=strict) == answers(
        PdfFileReader, bytes(damaged), strict=strict
    )
