"""Canonical JSON (RFC 8785) and SHA-256: the identity of clauses, texts and audit leaves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any

# RFC 8785 section 3.2.2.3 serialises numbers as IEEE 754 doubles: beyond this an integer is not exact.
LARGEST_EXACT_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """Serialise `value` by RFC 8785.

    Takes only what has one spelling: strings, booleans, None, integers up to 2^53 - 1,
    lists, tuples and mappings with string keys. Raises TypeError or ValueError for the
    rest; floats are refused because no content of ours needs one.
    """
    return _serialise(value).encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """The SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest_of(value: Any) -> str:
    """SHA-256 hex of the canonical JSON of `value`."""
    return sha256_hex(canonical_json(value))


def digest_of_tree(value: Any) -> str:
    """The same as `digest_of`, three times as fast, for trees of our own making.

    They hold strings, booleans, small integers, lists, and mappings whose keys are ASCII; with
    those the standard encoder writes what RFC 8785 asks for.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256_hex(text.encode("utf-8"))


def group_by_four(digest: str) -> str:
    """A digest as people read it: sixteen groups of four digits."""
    return " ".join(digest[i : i + 4] for i in range(0, len(digest), 4))


def _serialise(value: Any) -> str:
    if isinstance(value, str):
        # What json.dumps makes of a text, without making an encoder for each of thousands.
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if abs(value) > LARGEST_EXACT_INTEGER:
            raise ValueError(f"{value} is too large for canonical JSON; write it as a string")
        return str(value)
    if isinstance(value, list | tuple):
        return "[" + ",".join(_serialise(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{" + ",".join(_serialise_members(value)) + "}"
    raise TypeError(f"{type(value).__name__} has no canonical JSON form")


def _serialise_members(mapping: Mapping[Any, Any]) -> list[str]:
    if not all(isinstance(key, str) for key in mapping):
        raise TypeError("canonical JSON knows only string keys")
    if all(key.isascii() for key in mapping):
        keys = sorted(mapping)
    else:
        # RFC 8785 section 3.2.3 sorts by UTF-16 code units, not by code points.
        keys = sorted(mapping, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return [f"{encode_basestring(key)}:{_serialise(mapping[key])}" for key in keys]
