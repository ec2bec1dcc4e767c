"""The process that draws pages of strangers' files: `python -m app.rendering.foreign_pages_child`.

Standard input: the length of the file in 8 bytes, then the file. Standard output: a line
`{"pages": n}`, then for each page a line `{"width": w, "height": h}` and w * h * 3 bytes, red,
green and blue. It limits itself before it reads a byte, so that whatever takes it over can open
few files, write none, and ends soon. Any error ends it; the pages drawn until then count.
"""

from __future__ import annotations

import io
import json
import math
import resource
import sys
import zipfile
from typing import BinaryIO

import pypdfium2

_MEMORY = 512 * 1024 * 1024  # bytes of address space
_CPU_SECONDS = 7
_OPEN_FILES = 16
_LARGEST = 50 * 1024 * 1024  # bytes
_MOST_PAGES = 12
_LONGEST_SIDE = 1400  # pixels
_MOST_PIXELS = 1_250_000  # a little under what the other side takes, for rounding up
_DPI = 96
_POINTS_PER_INCH = 72
_ZIP = b"PK\x03\x04"
_SIGNED = "signed.pdf"


def main() -> None:
    """Draw one file and end."""
    _limit()
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    length = int.from_bytes(source.read(8), "big")
    if length <= _LARGEST:
        draw(_pdf_of(source.read(length)), sink)


def draw(pdf: bytes, sink: BinaryIO) -> None:
    """The first pages of a PDF. Raises PdfiumError where it is none."""
    document = pypdfium2.PdfDocument(pdf)
    if document.get_formtype():
        document.init_forms()  # without it the appearances of signatures are not drawn
    sink.write(_line(pages=len(document)))
    for number in range(min(len(document), _MOST_PAGES)):
        _draw_page(document[number], sink)


def _draw_page(page: pypdfium2.PdfPage, sink: BinaryIO) -> None:
    bitmap = page.render(
        scale=_scale(*page.get_size()), may_draw_forms=True, rev_byteorder=True, prefer_bgrx=False
    )
    data, length = bytes(bitmap.buffer), bitmap.width * bitmap.n_channels
    sink.write(_line(width=bitmap.width, height=bitmap.height))
    for start in range(0, bitmap.height * bitmap.stride, bitmap.stride):
        sink.write(_red_green_blue(data[start : start + length], bitmap.n_channels))
    sink.flush()
    bitmap.close()
    page.close()


def _red_green_blue(row: bytes, channels: int) -> bytes:
    if channels == 3:
        return row
    out = bytearray(len(row) // channels * 3)
    for colour in range(3):
        out[colour::3] = row[0 if channels == 1 else colour :: channels]
    return bytes(out)


def _scale(width: float, height: float) -> float:
    """Pixels per point, so that a page of any size stays within the limits."""
    longest, area = max(width, height, 1.0), max(width * height, 1.0)
    return min(_DPI / _POINTS_PER_INCH, (_LONGEST_SIDE - 2) / longest, math.sqrt(_MOST_PIXELS / area))


def _pdf_of(file: bytes) -> bytes:
    """The file itself, or signed.pdf of a record."""
    if not file.startswith(_ZIP):
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as archive, archive.open(_SIGNED) as stream:
        return stream.read(_LARGEST)


def _line(**values: int) -> bytes:
    return json.dumps(values).encode("ascii") + b"\n"


def _limit() -> None:
    for limit, value in (
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))


if __name__ == "__main__":
    main()
