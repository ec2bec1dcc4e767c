"""A strict reader of DER for the tests. (asn1crypto's forced re-encoding takes minutes on a CMS.)"""

from __future__ import annotations

CONSTRUCTED = 0x20
SET = 0x31


def assert_strict(encoded: bytes) -> None:
    """Definite lengths in their shortest form, sets in order, to the last byte (X.690, 10 and 11)."""
    at = 0
    while at < len(encoded):
        tag, start, end = _element(encoded, at)
        content = encoded[start:end]
        if tag & CONSTRUCTED:
            assert_strict(content)
            if tag == SET:
                elements = _split(content)
                assert elements == sorted(elements), "a set is not in order"
        at = end
    assert at == len(encoded)


def _split(content: bytes) -> list[bytes]:
    elements, at = [], 0
    while at < len(content):
        _, _, end = _element(content, at)
        elements.append(content[at:end])
        at = end
    return elements


def _element(encoded: bytes, at: int) -> tuple[int, int, int]:
    tag, length, start = encoded[at], encoded[at + 1], at + 2
    assert tag & 0x1F != 0x1F, "a long tag, which our structures do not have"
    if length >= 0x80:
        size = length & 0x7F
        assert size, "an indefinite length"
        length = int.from_bytes(encoded[start : start + size], "big")
        assert length >= 0x80, "a length in too many bytes"
        assert encoded[start], "a length with a leading zero"
        start += size
    assert start + length <= len(encoded), "an element cut short"
    return tag, start, start + length
