"""Where each object of a revision is used, computed as pyHanko does but faster.

pyHanko walks every object of every revision anew. Here the references that leave an
object are kept per version of the object, and revisions share almost all versions. The
result is the same map, held to be equal by a test: reference -> paths from the trailer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath

Path: TypeAlias = tuple[str | int, ...]
Edge: TypeAlias = tuple[Path, Reference]

_PAGES: Path = ("/Root", "/Pages")
_STRUCTURE: Path = ("/Root", "/StructTreeRoot", "/K")


class UsageIndex:
    """Fills the usage maps of the revisions of one file."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._last_change: dict[Reference, int] = {}
        self._edges: dict[tuple[Reference, int], list[Edge]] = {}
        self._elements: dict[tuple[Reference, int], tuple[bool, list[Reference]]] = {}

    def load(self, resolver: HistoricalResolver) -> None:
        """Give `resolver` its map. Encrypted files are left to pyHanko itself."""
        if resolver._indirect_object_access_cache is None and not self._reader.encrypted:
            resolver._indirect_object_access_cache = _Walk(self, resolver).usages()

    def edges(self, reference: Reference, revision: int) -> list[Edge]:
        """The references inside an object, each with its path from the object."""
        version = (reference, self._version(reference, revision))
        if version not in self._edges:
            self._edges[version] = list(_edges_of(self.read(reference, revision), ()))
        return self._edges[version]

    def element(self, reference: Reference, revision: int) -> tuple[bool, list[Reference]]:
        """(is this a structure element, its children that are objects of their own)."""
        version = (reference, self._version(reference, revision))
        if version not in self._elements:
            value = self.read(reference, revision)
            self._elements[version] = (self.is_element(value, revision), list(self.children(value, revision)))
        return self._elements[version]

    def read(self, reference: Reference, revision: int) -> generic.PdfObject:
        """The object as of a revision, as it lies in the file (references lead nowhere useful)."""
        if self._version(reference, revision) >= 0:
            found = self._reader.get_object(reference)  # type: ignore[no-untyped-call]  # pyHanko
        else:
            found = self._reader.get_object(reference, revision)  # type: ignore[no-untyped-call]  # pyHanko
        assert isinstance(found, generic.PdfObject)
        return found

    def followed(self, value: object, revision: int) -> object:
        return self.read(value.reference, revision) if isinstance(value, generic.IndirectObject) else value

    def is_element(self, value: object, revision: int) -> bool:
        if not isinstance(value, generic.DictionaryObject):
            return False
        return "/Type" not in value or self.followed(value.raw_get("/Type"), revision) == "/StructElem"

    def children(self, value: object, revision: int) -> Iterator[Reference]:
        """References to the elements directly below one, seen through direct dictionaries."""
        if not isinstance(value, generic.DictionaryObject) or "/K" not in value:
            return
        kids = self.followed(value.raw_get("/K"), revision)
        for kid in kids if isinstance(kids, generic.ArrayObject) else (kids,):
            if isinstance(kid, generic.IndirectObject):
                yield kid.reference
            elif self.is_element(kid, revision):
                yield from self.children(kid, revision)

    def _version(self, reference: Reference, revision: int) -> int:
        """The revision that wrote the object as `revision` shows it; negative: not known to be shared."""
        last = self._last_change.get(reference)
        if last is None:
            try:
                last = int(self._reader.xrefs.get_last_change(reference))
            except KeyError:  # no revision has this object
                last = self._reader.total_revisions
            self._last_change[reference] = last
        return last if last <= revision else -revision - 1


class _Usages(dict[Reference, set[RawPdfPath]]):
    """The finished map; most entries are never asked for, so paths are made when they are."""

    def __init__(self, found: dict[Reference, set[Path]]) -> None:
        super().__init__()
        self._found = found

    def __missing__(self, reference: Reference) -> set[RawPdfPath]:
        paths = {RawPdfPath(*path) for path in self._found[reference]}
        self[reference] = paths
        return paths

    def __bool__(self) -> bool:
        return bool(self._found)

    def whole(self) -> dict[Reference, set[RawPdfPath]]:
        """Everything, for comparison with pyHanko's own map."""
        return {reference: self[reference] for reference in self._found}


class _Walk:
    """One revision: its page tree and structure tree, then every path from the trailer."""

    def __init__(self, index: UsageIndex, resolver: HistoricalResolver) -> None:
        self._index = index
        self._resolver = resolver
        self._revision = resolver.revision
        self._pages = dict(self._page_tree())
        self._structure = self._structure_tree()

    def usages(self) -> _Usages:
        found: dict[Reference, set[Path]] = {}
        inside: set[Reference] = set()
        start = _edges_of(self._resolver.trailer_view, ())
        stack: list[tuple[Iterator[Edge], Path, bool, Reference | None]] = [(start, (), False, None)]
        while stack:
            edges, path, structural, own = stack[-1]
            step = next(edges, None)
            if step is None:
                stack.pop()
                if own is not None:
                    inside.discard(own)
                continue
            (relative, reference), full = step, path + step[0]
            below = structural or full[:3] == _STRUCTURE
            if reference in inside or (below and _goes_up(path, relative, structural)):
                continue
            found.setdefault(reference, set()).add(full)
            edges_of_target = self._index.edges(reference, self._revision)
            if self._pages.get(reference, full) != full or (not below and reference in self._structure):
                continue
            inside.add(reference)
            stack.append((iter(edges_of_target), full, below, reference))
        return _Usages(found)

    def _page_tree(self) -> Iterator[tuple[Reference, Path]]:
        seen: set[Reference] = set()
        pages = self._resolver.root.raw_get("/Pages")
        waiting: list[tuple[object, Path]] = [(pages, _PAGES)]
        while waiting:
            node, path = waiting.pop()
            if isinstance(node, generic.IndirectObject):
                if node.reference in seen:
                    raise PdfReadError("circular page tree")
                seen.add(node.reference)
                yield node.reference, path
            value = self._index.followed(node, self._revision)
            if not isinstance(value, generic.DictionaryObject):
                raise PdfReadError("a page is no dictionary")
            kind = self._index.followed(value.raw_get("/Type"), self._revision) if "/Type" in value else None
            if kind == "/Pages" or path == _PAGES:
                kids = self._index.followed(value.raw_get("/Kids"), self._revision)
                if not isinstance(kids, generic.ArrayObject):
                    raise PdfReadError("the page tree has no list of pages")
                waiting.extend((kid, (*path, "/Kids", number)) for number, kid in enumerate(kids))

    def _structure_tree(self) -> set[Reference]:
        if "/StructTreeRoot" not in self._resolver.root:
            return set()
        root = self._index.followed(self._resolver.root.raw_get("/StructTreeRoot"), self._revision)
        found: set[Reference] = set()
        waiting = list(self._index.children(root, self._revision))
        while waiting:
            reference = waiting.pop()
            is_element, children = self._index.element(reference, self._revision)
            if not is_element:
                continue
            if reference in found:
                raise PdfReadError("circular structure tree")
            found.add(reference)
            waiting.extend(children)
        return found


def _edges_of(value: object, path: Path) -> Iterator[Edge]:
    if isinstance(value, generic.IndirectObject):
        yield path, value.reference
    elif isinstance(value, generic.DictionaryObject):
        for key, inner in value.items():
            if key != "/Parent":
                yield from _edges_of(inner, (*path, str(key)))
    elif isinstance(value, generic.ArrayObject):
        for number, inner in enumerate(value):
            yield from _edges_of(inner, (*path, number))


def _goes_up(path: Path, relative: Path, structural: bool) -> bool:
    """Whether an edge inside the structure tree leads through /P, to the parent."""
    first = 0 if structural else max(0, len(_STRUCTURE) - len(path))
    return "/P" in relative[first:]
