"""Pictures of the pages of a stored PDF, made once for each page and kept in memory for a while.

They are kept by the digest of the file, which says all about it: whoever may see a file is asked
before, by the views.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from app.rendering.pages import count_pages, page_images
from app.toolkit import Toolkit

T = TypeVar("T")

DPI = 120
KEPT_PAGES = 96  # a page has some 60 KB
KEPT_COUNTS = 512


class _Shelf(Generic[T]):
    """Remembers the results that were used last. Two threads may make the same one; both are right."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: OrderedDict[tuple[str, int], T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, digest: str, number: int, make: Callable[[], T]) -> T:
        key = (digest, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)
        return made


_pictures: _Shelf[bytes] = _Shelf(KEPT_PAGES)
_counts: _Shelf[int] = _Shelf(KEPT_COUNTS)


def number_of_pages(kit: Toolkit, digest: str) -> int:
    return _counts.get(digest, 0, lambda: count_pages(kit.files.get(digest)))


def page_picture(kit: Toolkit, digest: str, number: int) -> bytes:
    """The page `number` (from 1) as WebP. Raises RenderingFailed `page-missing`, NotFound."""
    return _pictures.get(
        digest, number, lambda: page_images(kit.files.get(digest), dpi=DPI, pages=[number - 1])[0]
    )
