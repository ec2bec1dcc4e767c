"""What a signature covers, judged on the raw bytes of the file.

ISO 32000-2, 12.8.1: the byte range is everything but the /Contents value. Here that
is checked literally: two ranges, beginning at byte 0, around exactly one hexadecimal
string; after the CMS in that string only zero bytes.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import parser

_WHITESPACE = b"\x00\t\n\x0c\r "
_OWN_END = b"%%EOF\n"
_HEX_STRING = re.compile(rb"<([0-9A-Fa-f\x00\t\n\x0c\r ]*)>")
_OBJECT = re.compile(rb"\d\s+\d+\s+obj\b")
_LOWER_HEX_STRING = re.compile(rb"<[0-9a-f]*>")


@dataclass(frozen=True, slots=True)
class CoverageFinding:
    """What the byte range of one signature says.

    problem: why the range cannot be accepted, "" if it can.
    covered_to: offset behind the last covered byte.
    plain_hex: /Contents is one run of lower-case hexadecimal digits, as we write it.
    """

    problem: str
    covered_to: int
    plain_hex: bool = False


def examine_byte_range(data: bytes, byte_range: Sequence[int], contents: bytes) -> CoverageFinding:
    """Check /ByteRange of a signature whose /Contents was read as `contents`."""
    numbers = [int(number) for number in byte_range]
    if len(numbers) != 4:
        return CoverageFinding("A signature does not say which bytes it covers.", 0)
    start, length, resume, rest = numbers
    end = resume + rest
    if start != 0 or length <= 0 or rest <= 0 or resume <= length or end > len(data):
        return CoverageFinding("A signature does not cover the file from its first byte on.", 0)
    gap = data[length:resume]
    text = _HEX_STRING.fullmatch(gap)
    if text is None:
        return CoverageFinding("A signature leaves out more of the file than itself.", end)
    digits = text[1].translate(None, _WHITESPACE)
    if len(digits) % 2 or binascii.unhexlify(digits) != contents:
        return CoverageFinding("The file holds another signature than the one in the place left for it.", end)
    if any(contents[_cms_length(contents):]):
        return CoverageFinding("The unused space behind a signature has been written to.", end)
    return CoverageFinding("", end, plain_hex=_LOWER_HEX_STRING.fullmatch(gap) is not None)


def tail_problem(data: bytes, covered_to: int, *, own: bool) -> str:
    """Why the bytes that no signature covers and no revision explains are not harmless, or "".

    own: the last signature was written by us. We end every revision with _OWN_END and nothing
    after it, so that even white space is an addition; other writers are less exact.
    """
    tail = data[covered_to:]
    if not tail:
        return ""
    if own:
        harmless = bool(tail.strip(_WHITESPACE)) and data.endswith(_OWN_END)
    else:
        harmless = not tail.strip(_WHITESPACE) or data.rstrip(_WHITESPACE).endswith(b"%%EOF")
    return "" if harmless else "Bytes were added after the end of the signed file."


def unlisted_problem(data: bytes, end_of_tables: int) -> str:
    """Why what stands behind the last table of contents is not just the end of the file, or "".

    Objects that no table lists are invisible to us, but a reader that recovers damaged files shows
    them. end_of_tables: offset behind the last of all tables.
    """
    tail = data[end_of_tables:]
    if tail.count(b"%%EOF") > 1 or _OBJECT.search(tail):
        return "Bytes were added after the end of the signed file."
    return ""


def has_tail(data: bytes, covered_to: int) -> bool:
    """True where something other than white space follows the covered part."""
    return bool(data[covered_to:].strip(_WHITESPACE))


def _cms_length(contents: bytes) -> int:
    """Octets that the outermost ASN.1 value takes. Raises ValueError where it is no ASN.1."""
    return int(parser.peek(contents))
