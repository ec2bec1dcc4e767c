"""Attacks on the bytes of a signed file: its tables, its signatures, what stands behind its end.

Classes as in the literature: universal signature forgery (USF), incremental saving (ISA), signature
wrapping (SWA), shadow attacks that only a new table activates, and differences between parsers.
"""

from __future__ import annotations

import re

from tests.signing.verification.attacks import Attack

EVIL = b"0 0 200 200 re f"
_CONTENTS = re.compile(rb"/Contents\s*<[0-9a-f]+>")
_RANGE = re.compile(rb"/ByteRange\s*\[[^\]]*\]")


def last(pattern: re.Pattern[bytes], data: bytes) -> re.Match[bytes]:
    return list(pattern.finditer(data))[-1]


def replaced(pattern: re.Pattern[bytes], text: bytes) -> Attack:
    """The last one replaced by a text of the same length."""

    def attack(pdf: bytes) -> bytes:
        found = last(pattern, pdf)
        return pdf[: found.start()] + text.ljust(len(found[0])) + pdf[found.end() :]

    return attack


def renamed(old: bytes, new: bytes) -> Attack:
    assert len(old) == len(new)

    def attack(pdf: bytes) -> bytes:
        place = pdf.rindex(old)
        return pdf[:place] + new + pdf[place + len(old) :]

    return attack


def second_key(pdf: bytes) -> bytes:
    """Two /Contents in one signature: readers differ in which one they take."""
    found = last(_CONTENTS, pdf)
    return pdf[: found.end()] + b"/Contents <00>" + pdf[found.end() :]


def emptied_contents(pdf: bytes) -> bytes:
    found = last(_CONTENTS, pdf)
    digits = found[0].index(b"<") + 1
    return pdf[: found.start() + digits] + b"0" * (len(found[0]) - digits - 1) + pdf[found.end() - 1 :]


def signature_of_another(pdf: bytes) -> bytes:
    """The CMS of the seal in the place of the last one."""
    first, end = next(_CONTENTS.finditer(pdf)), last(_CONTENTS, pdf)
    if len(first[0]) > len(end[0]):
        return pdf[: end.start()] + first[0][: len(end[0]) - 1] + b">" + pdf[end.end() :]
    return pdf[: end.start()] + first[0][:-1].ljust(len(end[0]) - 1, b"0") + b">" + pdf[end.end() :]


def page_object(pdf: bytes) -> bytes:
    """The number of some object, rewritten as a page content without any table."""
    return b"\n6 0 obj\n<</Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(EVIL), EVIL)


def without_table(pdf: bytes) -> bytes:
    return pdf + page_object(pdf)


def with_trailer_alone(pdf: bytes) -> bytes:
    return pdf + page_object(pdf) + b"trailer\n<</Size 999/Root 1 0 R>>\n%%EOF\n"


def with_table_without_end(pdf: bytes) -> bytes:
    offset = len(pdf) + 1
    return pdf + page_object(pdf) + b"xref\n6 1\n%010d 00000 n \ntrailer\n<</Size 999/Root 1 0 R>>\n" % offset


def with_whole_table(pdf: bytes, *, previous: int | None = None, size: int = 999) -> bytes:
    """An update as a viewer's recovery would believe it: table, trailer, startxref, end."""
    before = int(pdf[pdf.rindex(b"startxref") :].split()[1]) if previous is None else previous
    body = page_object(pdf)
    table = len(pdf) + len(body)
    root = re.findall(rb"/Root (\d+) 0 R", pdf)
    catalog = root[-1] if root else b"1"
    return (
        pdf
        + body
        + b"xref\n6 1\n%010d 00000 n \n" % (len(pdf) + 1)
        + b"trailer\n<</Size %d/Root %s 0 R/Prev %d>>\n" % (size, catalog, before)
        + b"startxref\n%d\n%%%%EOF\n" % table
    )


def with_table_that_skips_the_signatures(pdf: bytes) -> bytes:
    first = int(re.findall(rb"startxref\s+(\d+)", pdf)[0])
    return with_whole_table(pdf, previous=first)


def with_table_in_a_circle(pdf: bytes) -> bytes:
    body = with_whole_table(pdf)
    return with_whole_table(pdf, previous=int(body[body.rindex(b"startxref") :].split()[1]))


def with_old_end(pdf: bytes) -> bytes:
    """The end points back at the table before the last signature: its revision is skipped over."""
    starts = list(re.finditer(rb"startxref\s+(\d+)", pdf))
    return pdf + b"startxref\n%s\n%%%%EOF\n" % starts[-2][1]


def wrapped(pdf: bytes) -> bytes:
    """The signed end is moved behind something new, and the range follows it (SWA)."""
    found = last(_RANGE, pdf)
    numbers = [int(number) for number in re.findall(rb"\d+", found[0])]
    added = b"\n" + page_object(pdf)
    numbers[2] += len(added)
    text = b"/ByteRange [%d %d %d %d]" % tuple(numbers)
    moved = pdf[: found.start()] + text.ljust(len(found[0])) + pdf[found.end() :]
    gap_end = numbers[2] - len(added)
    return moved[:gap_end] + added + moved[gap_end:]


def shorter_range(pdf: bytes) -> bytes:
    """The end of the file is left out of the last range."""
    found = last(_RANGE, pdf)
    numbers = [int(number) for number in re.findall(rb"\d+", found[0])]
    numbers[3] -= 10
    text = b"/ByteRange [%d %d %d %d]" % tuple(numbers)
    return pdf[: found.start()] + text.ljust(len(found[0])) + pdf[found.end() :]


def second_file_in_front(pdf: bytes) -> bytes:
    """Some readers look for the header anywhere in the first kilobyte."""
    return b"%PDF-1.7\n% another file\n" + pdf


def signed_part_of_another(pdf: bytes) -> bytes:
    """Everything once more behind itself: two documents in one file."""
    return pdf + pdf


USF_RANGES = (b"/ByteRange null", b"/ByteRange []", b"/ByteRange [0 0 0 0]", b"/ByteRange [0 -1 5 -9]")
# Name, attack, words that the reason must have where the answer is "changed".
BYTE_ATTACKS: dict[str, tuple[Attack, str]] = {
    **{text.decode(): (replaced(_RANGE, text), "") for text in USF_RANGES},
    "/Contents null": (replaced(_CONTENTS, b"/Contents null"), ""),
    "/Contents <>": (replaced(_CONTENTS, b"/Contents <>"), ""),
    "no /Contents": (renamed(b"/Contents <", b"/Contentz <"), ""),
    "no /ByteRange": (renamed(b"/ByteRange", b"/ByteRangX"), ""),
    "no /SubFilter": (renamed(b"/SubFilter", b"/SubFiltex"), ""),
    "zeros as signature": (emptied_contents, ""),
    "another signature": (signature_of_another, ""),
    "two /Contents": (second_key, ""),
    "object without table": (without_table, "Bytes were added"),
    "trailer alone": (with_trailer_alone, ""),
    "table without end": (with_table_without_end, "Bytes were added"),
    "whole table": (with_whole_table, "changed after it was signed|Bytes were added"),
    "table that skips the signatures": (with_table_that_skips_the_signatures, ""),
    "table in a circle": (with_table_in_a_circle, ""),
    "old end": (with_old_end, "Bytes were added"),
    "wrapped": (wrapped, ""),
    "shorter range": (shorter_range, "does not cover the whole"),
    "file in front": (second_file_in_front, ""),
    "twice": (signed_part_of_another, "Bytes were added"),
}
