"""The objects of a file and the references between them, each version of an object read once.

Objects are numbered in the order they are met, because a number is looked up faster than a
reference. What leaves an object is kept per place in the file where a version of it lies, and
revisions share almost all places.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import PdfFileReader

Path: TypeAlias = tuple[str | int, ...]
Edge: TypeAlias = tuple[Path, int]

_LATEST = "latest"


class ObjectGraph:
    """One file. Numbers and references belong to this graph only."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._numbers: dict[tuple[int, int], int] = {}
        self._references: list[Reference] = []
        self._last_changes: list[int] = []
        self._edges: dict[tuple[int, object], list[Edge]] = {}
        self._elements: dict[tuple[int, object], tuple[bool, list[int]]] = {}

    def number_of(self, reference: Reference | generic.IndirectObject) -> int:
        key = (reference.idnum, reference.generation)
        number = self._numbers.get(key)
        if number is None:
            number = len(self._references)
            self._numbers[key] = number
            plain = Reference(reference.idnum, reference.generation, self._reader)
            self._references.append(plain)
            self._last_changes.append(self._last_change(plain))
        return number

    def reference_of(self, number: int) -> Reference:
        return self._references[number]

    def edges(self, number: int, revision: int) -> list[Edge]:
        """The references inside an object, each with its path from the object."""
        key = (number, self._place(number, revision))
        found = self._edges.get(key)
        if found is None:
            found = list(self.edges_of(self.read(number, revision), ()))
            self._edges[key] = found
        return found

    def element(self, number: int, revision: int) -> tuple[bool, list[int]]:
        """(is this a structure element, its children that are objects of their own)."""
        key = (number, self._place(number, revision))
        found = self._elements.get(key)
        if found is None:
            value = self.read(number, revision)
            found = (self._is_element(value, revision), list(self.children(value, revision)))
            self._elements[key] = found
        return found

    def read(self, number: int, revision: int) -> generic.PdfObject:
        """The object as of a revision, as it lies in the file (references lead nowhere useful)."""
        reference = self._references[number]
        if self._last_changes[number] <= revision:
            found = self._reader.get_object(reference)  # type: ignore[no-untyped-call]  # pyHanko
        else:
            found = self._reader.get_object(reference, revision)  # type: ignore[no-untyped-call]  # pyHanko
        assert isinstance(found, generic.PdfObject)
        return found

    def followed(self, value: object, revision: int) -> object:
        if isinstance(value, generic.IndirectObject):
            return self.read(self.number_of(value), revision)
        return value

    def children(self, value: object, revision: int) -> Iterator[int]:
        """The structure elements directly below one, seen through direct dictionaries."""
        if not isinstance(value, generic.DictionaryObject) or "/K" not in value:
            return
        kids = self.followed(value.raw_get("/K"), revision)
        for kid in kids if isinstance(kids, generic.ArrayObject) else (kids,):
            if isinstance(kid, generic.IndirectObject):
                yield self.number_of(kid)
            elif self._is_element(kid, revision):
                yield from self.children(kid, revision)

    def edges_of(self, value: object, path: Path) -> Iterator[Edge]:
        """Every reference in a value; /Parent is left out, as pyHanko does."""
        if isinstance(value, generic.IndirectObject):
            yield path, self.number_of(value)
        elif isinstance(value, generic.DictionaryObject):
            for key, inner in value.items():
                if key != "/Parent":
                    yield from self.edges_of(inner, (*path, str(key)))
        elif isinstance(value, generic.ArrayObject):
            for position, inner in enumerate(value):
                yield from self.edges_of(inner, (*path, position))

    def _is_element(self, value: object, revision: int) -> bool:
        if not isinstance(value, generic.DictionaryObject):
            return False
        return "/Type" not in value or self.followed(value.raw_get("/Type"), revision) == "/StructElem"

    def _place(self, number: int, revision: int) -> object:
        """Where the version lies that `revision` shows."""
        if self._last_changes[number] <= revision:
            return _LATEST
        return self._reader.xrefs.get_historical_ref(self._references[number], revision)

    def _last_change(self, reference: Reference) -> int:
        try:
            return int(self._reader.xrefs.get_last_change(reference))
        except KeyError:  # no revision has this object
            return self._reader.total_revisions
