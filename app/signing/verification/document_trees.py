"""The page tree and the structure tree of one revision, as the graph of its objects has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver

from app.signing.verification.object_graph import ObjectGraph, Path

_PAGES: Path = ("/Root", "/Pages")


@dataclass(slots=True)
class PageTree:
    """paths: node -> its one path through the tree. carriers: node -> the object that holds its reference."""

    paths: dict[int, Path] = field(default_factory=dict)
    carriers: dict[int, int] = field(default_factory=dict)


def read_page_tree(graph: ObjectGraph, resolver: HistoricalResolver, root: int | None) -> PageTree:
    """root: the number of the catalog. Raises PdfReadError where the tree is none."""
    tree = PageTree()
    waiting: list[tuple[object, Path, int | None]] = [(resolver.root.raw_get("/Pages"), _PAGES, root)]
    while waiting:
        node, path, carrier = waiting.pop()
        if isinstance(node, generic.IndirectObject):
            number = graph.number_of(node)
            if number in tree.paths:
                raise PdfReadError("circular page tree")
            tree.paths[number] = path
            if carrier is not None:
                tree.carriers[number] = carrier
            carrier = number
        waiting.extend(_kids(graph, resolver.revision, node, path, carrier))
    return tree


def _kids(
    graph: ObjectGraph, revision: int, node: object, path: Path, carrier: int | None
) -> Iterator[tuple[object, Path, int | None]]:
    value = graph.followed(node, revision)
    if not isinstance(value, generic.DictionaryObject):
        raise PdfReadError("a page is no dictionary")
    named = value.raw_get("/Type") if "/Type" in value else None
    if graph.followed(named, revision) == "/Pages" or path == _PAGES:
        held = value.raw_get("/Kids")
        kids = graph.followed(held, revision)
        if not isinstance(kids, generic.ArrayObject):
            raise PdfReadError("the page tree has no list of pages")
        if isinstance(held, generic.IndirectObject):
            carrier = graph.number_of(held)
        for position, kid in enumerate(kids):
            yield kid, (*path, "/Kids", position), carrier


def read_structure_tree(graph: ObjectGraph, resolver: HistoricalResolver) -> frozenset[int]:
    """The structure elements. Raises PdfReadError where one is its own ancestor or has two parents."""
    if "/StructTreeRoot" not in resolver.root:
        return frozenset()
    root = graph.followed(resolver.root.raw_get("/StructTreeRoot"), resolver.revision)
    found: set[int] = set()
    waiting = list(graph.children(root, resolver.revision))
    while waiting:
        number = waiting.pop()
        is_element, children = graph.element(number, resolver.revision)
        if not is_element:
            continue
        if number in found:
            raise PdfReadError("circular structure tree")
        found.add(number)
        waiting.extend(children)
    return frozenset(found)
