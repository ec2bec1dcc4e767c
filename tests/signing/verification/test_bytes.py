"""Rules on raw bytes: byte ranges, tails, parts that reach behind the end of what was signed."""

from __future__ import annotations

import pytest

from app.signing.verification.byte_ranges import examine_byte_range, tail_problem
from app.signing.verification.covered_part import beyond_problem
from app.signing.verification.opened_file import open_pdf

CMS = b"\x30\x03\x02\x01\x05"
GAP = b"<" + (CMS + b"\x00" * 3).hex().encode() + b">"
FILE = b"head" + GAP + b"tail"
RANGE = (0, 4, 4 + len(GAP), 4)


def test_good_range() -> None:
    finding = examine_byte_range(FILE, RANGE, CMS + b"\x00" * 3)
    assert (finding.problem, finding.covered_to, finding.plain_hex) == ("", len(FILE), True)


@pytest.mark.parametrize(
    ("data", "byte_range"),
    [
        (FILE, (0, 4, 4 + len(GAP))),
        (FILE, (0, 4, 4 + len(GAP), 2, 2, 2)),
        (FILE, (1, 3, 4 + len(GAP), 4)),
        (FILE, (0, 4, 4 + len(GAP), 5)),
        (FILE, (0, 3, 4 + len(GAP), 4)),
        (FILE, (0, 4, 5 + len(GAP), 3)),
        (FILE, (0, -4, 4 + len(GAP), 4)),
        (FILE, (0, 4, 2, 4)),
        (FILE.replace(b"02", b"03"), RANGE),
        (FILE.replace(b">", b"/"), RANGE),
    ],
)
def test_bad_ranges(data: bytes, byte_range: tuple[int, ...]) -> None:
    assert examine_byte_range(data, byte_range, CMS + b"\x00" * 3).problem


def test_written_padding() -> None:
    padded = CMS + b"\x00\x00\x01"
    data = FILE.replace(GAP, b"<" + padded.hex().encode() + b">")
    assert "unused space" in examine_byte_range(data, RANGE, padded).problem


def test_tail() -> None:
    assert tail_problem(b"%PDF %%EOF\r\n\n", 5, own=False) == ""
    assert tail_problem(b"%PDF %%EOF x", 5, own=False)
    assert tail_problem(b"%PDF %%EOF x", 12, own=False) == ""


def test_after_our_own_end_even_white_space_is_an_addition() -> None:
    assert tail_problem(b"%PDF %%EOF\n", 11, own=True) == ""
    assert tail_problem(b"%PDF %%EOF\n", 5, own=True) == "", "a revision that no signature covers yet"
    assert tail_problem(b"%PDF %%EOF\n\n", 11, own=True)
    assert tail_problem(b"%PDF %%EOF\n\x00", 11, own=True)


def small_pdf(stream_length: int, offset_of_second: int | None = None) -> bytes:
    """A catalog and a stream whose stated length and place are the caller's."""
    head = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Shown 2 0 R>>\nendobj\n"
    second = len(head) if offset_of_second is None else offset_of_second
    stream = b"2 0 obj\n<</Length %d>>\nstream\nABCD\nendstream\nendobj\n" % stream_length
    table = head + stream
    first = head.index(b"1 0 obj")
    entries = b"0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n" % (first, second)
    trailer = b"trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(table)
    return table + b"xref\n0 3\n" + entries + trailer


def test_whole_part_is_accepted() -> None:
    part = small_pdf(4)
    assert beyond_problem(open_pdf(part + b"2 0 obj (more) endobj\n" + part[-40:]), len(part), 0, 0) == ""


def test_table_pointing_behind_the_end_is_seen() -> None:
    part = small_pdf(4, offset_of_second=0)
    later = len(part)
    part = small_pdf(4, offset_of_second=later)
    added = b"2 0 obj\n<</Length 4>>\nstream\nEVIL\nendstream\nendobj\n"
    end = part[part.rindex(b"startxref") :]
    assert beyond_problem(open_pdf(part + added + end), later, 0, 0)


def test_stream_reaching_over_the_end_is_seen() -> None:
    short = small_pdf(4000)
    added = b"% EVIL".ljust(4200 - len(short)) + b"\nendstream\nendobj\n"
    end = short[short.rindex(b"startxref") :]
    assert beyond_problem(open_pdf(short + added + end), len(short), 0, 0)
