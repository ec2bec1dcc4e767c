"""Constructors of PDF objects: pyHanko's classes with types, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyhanko.pdf_utils import generic

# pyHanko does not annotate these constructors.


def name(text: str) -> generic.NameObject:
    """`text` without its slash."""
    return generic.NameObject(f"/{text}")


def integer(value: int) -> generic.NumberObject:
    return generic.NumberObject(value)  # type: ignore[no-untyped-call]


def numbers(values: Iterable[float]) -> generic.ArrayObject:
    """An array of numbers, integers where they are whole."""
    return array(
        integer(int(value)) if value == int(value) else generic.FloatObject(value)  # type: ignore[no-untyped-call]
        for value in values
    )


def array(items: Iterable[generic.PdfObject]) -> generic.ArrayObject:
    return generic.ArrayObject(list(items))


def dictionary(entries: Mapping[str, generic.PdfObject]) -> generic.DictionaryObject:
    """Keys without their slash."""
    keyed = {name(key): value for key, value in entries.items()}
    return generic.DictionaryObject(keyed)  # type: ignore[no-untyped-call]


def stream(entries: Mapping[str, generic.PdfObject], content: bytes) -> generic.StreamObject:
    """A stream whose content is already encoded as /Filter in `entries` says."""
    keyed = {name(key): value for key, value in entries.items()}
    return generic.StreamObject(keyed, encoded_data=content)


def entry(held: generic.DictionaryObject, key: str) -> Any:
    """The value of `key` (without its slash), followed if it is a reference; None if there is none.

    pyHanko's own `get` hands out references as they are.
    """
    if f"/{key}" not in held:
        return None
    return held[f"/{key}"]
