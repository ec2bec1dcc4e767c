"""Pictures of the pages of a file that a stranger brought, without opening it in this process.

PDFium keeps state for its whole process, and a hostile file may take it over. So it runs in a
process of its own (`foreign_pages_child`), which has hard limits on time, memory and files, no
environment and no secret, and ends with the file. It hands back plain pixels. Their number is
checked against the limits, and they are made into pictures here: nothing that the other process
wrote is ever decoded.
"""

from __future__ import annotations

import io
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from PIL import Image

MOST_PAGES = 12
LONGEST_SIDE = 1400  # pixels
MOST_PIXELS = 1_300_000  # of one page; A4 at 96 dpi has 0.9 million
SECONDS = 8.0  # by the clock, for all pages together
_MOST_PAGES_IN_FILE = 1_000_000
_LONGEST_HEADER = 200  # bytes
_QUALITY = 55
_ROOT = Path(__file__).resolve().parents[2]
_MODULE = "app.rendering.foreign_pages_child"


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as WebP. number: from 1. Sizes in pixels."""

    number: int
    width: int
    height: int
    webp: bytes


@dataclass(frozen=True, slots=True)
class ForeignPages:
    """The first pages of a file, and how many it has; nothing at all where it could not be drawn."""

    pictures: tuple[PagePicture, ...] = ()
    pages: int = 0


def picture_foreign_pages(file: bytes, *, seconds: float = SECONDS) -> ForeignPages:
    """The first pages (at most MOST_PAGES) of a PDF, or of signed.pdf in a record (ZIP).

    Whatever the file does, the answer comes within `seconds` and a little more: what was drawn
    until then. Nothing of the file is kept.
    """
    process = subprocess.Popen(  # noqa: S603  # our own interpreter and module, no shell
        [sys.executable, "-P", "-m", _MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(_ROOT)},
        cwd=_ROOT,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    source = _TimedStream(process.stdout, time.monotonic() + seconds)
    try:
        _hand_over(process.stdin, file)
        return _read_pages(source)
    finally:
        process.kill()
        process.stdout.close()
        process.wait()


def _hand_over(stream: IO[bytes], file: bytes) -> None:
    with suppress(OSError):  # it died before it had read all; what it drew until then counts
        stream.write(len(file).to_bytes(8, "big"))
        stream.write(file)
    with suppress(OSError):  # closing writes what was left
        stream.close()


def _read_pages(source: _TimedStream) -> ForeignPages:
    pictures: list[PagePicture] = []
    pages = 0
    with suppress(EOFError, TimeoutError, ValueError):
        pages = _number(source.line(), "pages", _MOST_PAGES_IN_FILE)
        for picture in _pictures(source, min(pages, MOST_PAGES)):
            pictures.append(picture)
    return ForeignPages(tuple(pictures), pages)


def _pictures(source: _TimedStream, count: int) -> Iterator[PagePicture]:
    for number in range(1, count + 1):
        header = source.line()
        width, height = (_number(header, side, LONGEST_SIDE) for side in ("width", "height"))
        if width * height > MOST_PIXELS:
            raise ValueError("a page has too many pixels")
        pixels = source.exactly(width * height * 3)
        yield PagePicture(number, width, height, _encode(width, height, pixels))


def _number(header: bytes, key: str, most: int) -> int:
    """A whole number from 1 to `most` out of a line of JSON. Raises ValueError for anything else."""
    value = json.loads(header)
    number = value.get(key) if isinstance(value, dict) else None
    if type(number) is not int or not 1 <= number <= most:
        raise ValueError(f"{key} is not from 1 to {most}")
    return number


def _encode(width: int, height: int, pixels: bytes) -> bytes:
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), pixels).save(out, "WEBP", quality=_QUALITY, method=2)
    return out.getvalue()


class _TimedStream:
    """Reads from a process until a moment. Raises TimeoutError after it, EOFError at the end."""

    def __init__(self, stream: IO[bytes], deadline: float) -> None:
        self._descriptor = stream.fileno()
        self._deadline = deadline
        self._rest = b""

    def line(self) -> bytes:
        while b"\n" not in self._rest:
            if len(self._rest) > _LONGEST_HEADER:
                raise ValueError("the line is too long")
            self._rest += self._part(_LONGEST_HEADER)
        found, _, self._rest = self._rest.partition(b"\n")
        return found

    def exactly(self, length: int) -> bytes:
        parts = [self._rest[:length]]
        self._rest = self._rest[length:]
        missing = length - len(parts[0])
        while missing:
            part = self._part(min(missing, 1 << 16))
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def _part(self, length: int) -> bytes:
        ready, _, _ = select.select([self._descriptor], [], [], max(0.0, self._deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        part = os.read(self._descriptor, length)
        if not part:
            raise EOFError
        return part
