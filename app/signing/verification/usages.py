"""Where objects of a revision are used, computed as pyHanko does but only for those asked about.

pyHanko walks every path to every object of every revision. The difference analysis asks about few:
the objects that the next revision rewrites, and the fields of the form. Here every object is still
read (so that a damaged one is refused as before), but paths are followed only where they lead to
one of those. The answers are the same, held to be equal by a test: reference -> paths from the trailer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath

from app.signing.verification.document_trees import PageTree, read_page_tree, read_structure_tree
from app.signing.verification.object_graph import Edge, ObjectGraph, Path

_STRUCTURE: Path = ("/Root", "/StructTreeRoot", "/K")
# How far along _STRUCTURE a path has come: 0 to 2 of its steps, or
_BELOW, _ELSEWHERE = 3, 4


class UsageIndex:
    """Fills the usage maps of the revisions of one file."""

    def __init__(self, reader: PdfFileReader) -> None:
        self._reader = reader
        self._graph = ObjectGraph(reader)
        self._last: Usages | None = None

    def load(self, resolver: HistoricalResolver) -> None:
        """Give `resolver` its map. Encrypted files are left to pyHanko itself.

        Raises PdfReadError for a damaged file, as pyHanko does.
        """
        if resolver._indirect_object_access_cache is None and not self._reader.encrypted:
            self._last = Usages(self._graph, resolver, self._last)
            resolver._indirect_object_access_cache = self._last


class Reach:
    """Which objects a path leads to, and by which objects each is used.

    Revisions share it and only add to it: one user too many costs a look, never an answer.
    """

    def __init__(self, graph: ObjectGraph, pages: PageTree, structure: frozenset[int]) -> None:
        self.pages = pages
        self.structure = structure
        self.reached: set[int] = set()
        self._graph = graph
        self._users: defaultdict[int, set[int]] = defaultdict(set)
        self._users_below: defaultdict[int, set[int]] = defaultdict(set)
        self._visited: defaultdict[int, set[int]] = defaultdict(set)

    def extend(self, trailer: Iterable[Edge], changed: Iterable[int], revision: int) -> None:
        """Follow what the trailer and the changed objects lead to in this revision; read all of it."""
        waiting: list[tuple[int, int]] = []
        self._pass_on(None, trailer, 0, revision, waiting)
        for number in changed:
            waiting.extend((number, progress) for progress in self._visited.pop(number, ()))
            if number in self.reached:
                self._graph.edges(number, revision)
        while waiting:
            number, progress = waiting.pop()
            if progress not in self._visited[number]:
                self._visited[number].add(progress)
                edges = self._graph.edges(number, revision)
                self._pass_on(number, edges, progress, revision, waiting)

    def leading_to(self, targets: Iterable[int]) -> set[int]:
        """The objects through which a path may lead to one of the targets."""
        found: set[int] = set()
        waiting = [user for target in targets for user in self._users[target] | self._users_below[target]]
        while waiting:
            number = waiting.pop()
            if number in found:
                continue
            found.add(number)
            if number in self.pages.paths:  # entered in the page tree alone
                carrier = self.pages.carriers.get(number)
                waiting.extend(() if carrier is None else (carrier,))
            elif number in self.structure:  # entered in the structure tree alone
                waiting.extend(self._users_below[number])
            else:
                waiting.extend(self._users[number] | self._users_below[number])
        return found

    def _pass_on(
        self,
        user: int | None,
        edges: Iterable[Edge],
        progress: int,
        revision: int,
        waiting: list[tuple[int, int]],
    ) -> None:
        for relative, number in edges:
            following = progress if progress >= _BELOW else _progress(progress, relative)
            below = following == _BELOW
            if below and "/P" in relative[max(0, _BELOW - progress) :]:
                continue
            if number not in self.reached:
                self.reached.add(number)
                self._graph.edges(number, revision)
            if user is not None:
                (self._users_below if below else self._users)[number].add(user)
            if number not in (self.pages.paths if below else self.structure):
                waiting.append((number, following))


class Usages(dict[Reference, set[RawPdfPath]]):
    """The map of one revision; its entries are made when they are asked for."""

    def __init__(self, graph: ObjectGraph, resolver: HistoricalResolver, earlier: Usages | None) -> None:
        super().__init__()
        self.revision = resolver.revision
        self._graph = graph
        self._trailer = list(graph.edges_of(resolver.trailer_view, ()))
        root = next((number for path, number in self._trailer if path == ("/Root",)), None)
        pages = read_page_tree(graph, resolver, root)
        structure = read_structure_tree(graph, resolver)
        changed: list[int] = []
        self.reach: Reach
        if earlier is not None and earlier.is_followed_by(self.revision, pages, structure):
            self.reach = earlier.reach
            changed = self._changed(resolver, earlier.revision + 1, self.revision)
        else:
            self.reach = Reach(graph, pages, structure)
        self.reach.extend(self._trailer, changed, self.revision)
        self._likely = self._form_fields(resolver)
        if self.revision + 1 < resolver.reader.total_revisions:
            self._likely.update(self._changed(resolver, self.revision + 1, self.revision + 1))

    def is_followed_by(self, revision: int, pages: PageTree, structure: frozenset[int]) -> bool:
        """Whether a later revision has the same trees, so that it can go on from here."""
        return self.revision < revision and (pages, structure) == (self.reach.pages, self.reach.structure)

    def __bool__(self) -> bool:
        return bool(self.reach.reached)

    def __missing__(self, reference: Reference) -> set[RawPdfPath]:
        number = self._graph.number_of(reference)
        if number not in self.reach.reached:
            raise KeyError(reference)
        self._find((self._likely | {number}) & self.reach.reached)
        self._likely = set()
        return self[reference]

    def whole(self) -> dict[Reference, set[RawPdfPath]]:
        """Everything, for comparison with pyHanko's own map."""
        self._find(self.reach.reached)
        return {reference: paths for reference, paths in self.items() if paths}

    def _changed(self, resolver: HistoricalResolver, first: int, last: int) -> list[int]:
        """The objects that the revisions first..last wrote."""
        xrefs = resolver.reader.xrefs
        return [
            self._graph.number_of(reference)
            for revision in range(first, last + 1)
            for reference in xrefs.explicit_refs_in_revision(revision)
        ]

    def _form_fields(self, resolver: HistoricalResolver) -> set[int]:
        if "/AcroForm" not in resolver.root:
            return set()
        form = self._graph.followed(resolver.root.raw_get("/AcroForm"), self.revision)
        waiting = [number for path, number in self._graph.edges_of(form, ()) if path[:1] == ("/Fields",)]
        found: set[int] = set()
        while waiting:
            number = waiting.pop()
            if number in self.reach.reached and number not in found:
                found.add(number)
                edges = self._graph.edges(number, self.revision)
                waiting.extend(kid for path, kid in edges if path[:1] == ("/Kids",))
        return found

    def _find(self, targets: set[int]) -> None:
        """All paths from the trailer to the targets, none of which meets an object twice."""
        found: dict[int, set[Path]] = {target: set() for target in targets}
        leading = self.reach.leading_to(targets)
        pages, structure = self.reach.pages.paths, self.reach.structure
        inside: set[int] = set()
        stack: list[tuple[Iterator[Edge], Path, bool, int]] = [(iter(self._trailer), (), False, -1)]
        while stack:
            edges, path, structural, own = stack[-1]
            relative, number = next(edges, ((), -1))
            if number < 0:
                stack.pop()
                inside.discard(own)
                continue
            full = path + relative
            below = structural or full[:3] == _STRUCTURE
            if number in inside or (below and _goes_up(path, relative, structural)):
                continue
            if number in found:
                found[number].add(full)
            if pages.get(number, full) != full or (not below and number in structure):
                continue
            if number in leading:
                inside.add(number)
                stack.append((iter(self._graph.edges(number, self.revision)), full, below, number))
        for number, paths in found.items():
            self[self._graph.reference_of(number)] = {RawPdfPath(*path) for path in paths}


def _progress(progress: int, relative: Path) -> int:
    """How far along _STRUCTURE a path is that had come `progress` steps and goes on by `relative`."""
    reached = progress + len(relative)
    if _STRUCTURE[progress:reached] != relative[: _BELOW - progress]:
        return _ELSEWHERE
    return min(reached, _BELOW)


def _goes_up(path: Path, relative: Path, structural: bool) -> bool:
    """Whether an edge inside the structure tree leads through /P, to the parent."""
    first = 0 if structural else max(0, len(_STRUCTURE) - len(path))
    return "/P" in relative[first:]
