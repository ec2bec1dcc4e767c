"""A small DER writer (ITU-T X.690): what signatures and timestamp tokens are composed of.

Our own structures are few and known, so they are written directly: strictly DER, SET OF sorted,
and some hundred times faster than through an object model.
"""

from __future__ import annotations

from datetime import UTC, datetime

SEQUENCE = 0x30
SET = 0x31


def element(tag: int, content: bytes) -> bytes:
    """One tag, the definite length in its shortest form (X.690 10.1), the content."""
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + content


def sequence(*parts: bytes) -> bytes:
    return element(SEQUENCE, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """SET OF with its elements in ascending order of their encodings (X.690 11.6)."""
    return element(SET, b"".join(sorted(parts)))


def integer(value: int) -> bytes:
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def octet_string(content: bytes) -> bytes:
    return element(0x04, content)


def object_identifier(dotted: str) -> bytes:
    arcs = [int(arc) for arc in dotted.split(".")]
    return element(0x06, b"".join(_base_128(arc) for arc in (arcs[0] * 40 + arcs[1], *arcs[2:])))


def generalized_time(moment: datetime) -> bytes:
    """GeneralizedTime in UTC with whole seconds (X.690 11.7)."""
    return element(0x18, moment.astimezone(UTC).strftime("%Y%m%d%H%M%SZ").encode("ascii"))


def context(number: int, content: bytes) -> bytes:
    """A constructed context-specific element: EXPLICIT around an element, IMPLICIT around contents."""
    return element(0xA0 | number, content)


def content_of(encoded: bytes) -> bytes:
    """The content octets of one whole element; raises ValueError if there is anything else."""
    start, end = element_bounds(encoded)
    if end != len(encoded):
        raise ValueError("more than one DER element")
    return encoded[start:end]


def element_bounds(encoded: bytes) -> tuple[int, int]:
    """Start and end of the content of the element at the beginning of `encoded`."""
    if len(encoded) < 2:
        raise ValueError("DER element cut short")
    length, start = encoded[1], 2
    if length >= 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(encoded[2:start], "big")
    if start + length > len(encoded):
        raise ValueError("DER element cut short")
    return start, start + length


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | (arc & 0x7F))
    return bytes(reversed(digits))
