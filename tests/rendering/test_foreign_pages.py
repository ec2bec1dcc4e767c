"""Pages of strangers' files are drawn in a process with limits; what it hands back is not believed."""

from __future__ import annotations

import io
import os
import time
import zipfile

import pikepdf
import pytest
from PIL import Image

from app.rendering import foreign_pages
from app.rendering.foreign_pages import (
    LONGEST_SIDE,
    MOST_PAGES,
    MOST_PIXELS,
    ForeignPages,
    picture_foreign_pages,
)
from tests.rendering.papers import paper


def blank(count: int, width: float = 595, height: float = 842) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page(page_size=(width, height))
        pdf.save(out)
    return out.getvalue()


def test_pages_of_our_paper_in_order() -> None:
    shown = picture_foreign_pages(paper("small"))
    assert shown.pages == len(shown.pictures) > 1
    assert [each.number for each in shown.pictures] == list(range(1, shown.pages + 1))
    for each in shown.pictures:
        image = Image.open(io.BytesIO(each.webp))
        assert (image.format, image.size) == ("WEBP", (each.width, each.height))
        assert image.size == pytest.approx((794, 1123), abs=2)
        assert len(image.convert("L").getcolors(256) or ()) > 2, "nothing is printed on it"


def test_colours_arrive_as_they_are() -> None:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(100, 50))
        page.Contents = pdf.make_stream(b"1 0 0 rg 0 0 50 50 re f 0 0 1 rg 50 0 50 50 re f")
        pdf.save(out)
    (each,) = picture_foreign_pages(out.getvalue()).pictures
    image = Image.open(io.BytesIO(each.webp)).convert("RGB")
    (left, right) = (image.getpixel((place, 20)) for place in (20, each.width - 20))
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]


@pytest.mark.parametrize("size", [(14_400, 14_400), (14_400, 3), (3, 3), (5000, 842)])
def test_a_page_of_any_size_stays_within_the_limits(size: tuple[float, float]) -> None:
    shown = picture_foreign_pages(blank(1, *size))
    for each in shown.pictures:
        assert max(each.width, each.height) <= LONGEST_SIDE
        assert each.width * each.height <= MOST_PIXELS
    assert shown.pictures


def test_only_the_first_pages_of_a_long_file() -> None:
    shown = picture_foreign_pages(blank(MOST_PAGES + 5, 60, 60))
    assert (len(shown.pictures), shown.pages) == (MOST_PAGES, MOST_PAGES + 5)


def test_a_record_shows_its_signed_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("signed.pdf", blank(2, 90, 90))
    assert len(picture_foreign_pages(out.getvalue()).pictures) == 2


@pytest.mark.parametrize("file", [b"", b"no pdf", b"%PDF-1.7\n", b"PK\x03\x04 and no more"])
def test_what_cannot_be_drawn_gives_nothing(file: bytes) -> None:
    assert picture_foreign_pages(file) == ForeignPages()


def test_time_is_limited() -> None:
    started = time.monotonic()
    assert picture_foreign_pages(blank(3), seconds=0.0) == ForeignPages()
    assert time.monotonic() - started < 3


def test_the_process_can_write_no_file_and_read_no_secret(monkeypatch, tmp_path) -> None:
    """Whatever takes the process over has these limits too; a module of ours stands in for it."""
    (tmp_path / "taken_over.py").write_text(
        "import os, json, sys\n"
        "from app.rendering import foreign_pages_child as child\n"
        "child._limit()\n"
        "try:\n"
        f"    open({str(tmp_path / 'left')!r}, 'w').write('x' * 100)\n"
        "except OSError:\n"
        "    pass\n"
        "secrets = [key for key in os.environ if 'SECRET' in key]\n"
        "try:\n"
        "    bytearray(1 << 30)\n"
        "except MemoryError:\n"
        "    print(json.dumps({'pages': 7 + len(secrets)}), flush=True)\n"
    )
    monkeypatch.setenv("COUNTERSIGN_SECRET", "never")
    monkeypatch.setattr(foreign_pages, "_MODULE", "taken_over")
    monkeypatch.setattr(foreign_pages, "_ROOT", f"{tmp_path}{os.pathsep}{foreign_pages._ROOT}")
    start = foreign_pages.subprocess.Popen
    monkeypatch.setattr(foreign_pages.subprocess, "Popen", in_folder(start, tmp_path))
    assert picture_foreign_pages(b"") == ForeignPages((), 7)
    left = tmp_path / "left"
    assert not left.exists() or left.stat().st_size == 0


def in_folder(start, folder):
    return lambda command, **options: start(command, **{**options, "cwd": folder})


RED = b'{"width": 2, "height": 1}\n' + b"\xff\x00\x00" * 2


@pytest.mark.parametrize(
    ("answer", "pictures", "pages"),
    [
        (b'{"pages": 1}\n' + RED, 1, 1),
        (b'{"pages": 3}\n' + RED * 3, 3, 3),
        (b'{"pages": 900}\n' + RED * 900, MOST_PAGES, 900),
        (b'{"pages": 2}\n' + RED + b'{"width": 2, "height": 1}\n\xff', 1, 2),
        (b'{"pages": 2}\n' + RED + b'{"width": 1400, "height": 1400}\n', 1, 2),
        (b'{"pages": 1}\n{"width": 99999999, "height": 1}\n', 0, 1),
        (b'{"pages": 1}\n{"width": -1, "height": 1}\n', 0, 1),
        (b'{"pages": 1}\n{"width": true, "height": 1}\n', 0, 1),
        (b'{"pages": 1}\n{"width": 1e3, "height": 1}\n', 0, 1),
        (b'{"pages": 1}\n[]\n', 0, 1),
        (b'{"pages": 0}\n', 0, 0),
        (b'{"pages": 9999999999}\n', 0, 0),
        (b"x" * 100_000, 0, 0),
        (b"\xff\xfe\n", 0, 0),
        (b"[" * 150 + b"\n", 0, 0),
        (b"", 0, 0),
    ],
)
def test_what_comes_back_is_measured(answer: bytes, pictures: int, pages: int) -> None:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as stream:
        if len(answer) < 60_000:  # fits into the pipe
            os.write(writing, answer)
        else:
            os.write(writing, answer[:60_000])
        os.close(writing)
        found = foreign_pages._read_pages(foreign_pages._TimedStream(stream, time.monotonic() + 5))
    assert (len(found.pictures), found.pages) == (pictures, pages)
