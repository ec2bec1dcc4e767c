"""The office's pages with 100, 1,000 and 10,000 agreements: they must not grow slower with them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from app.bench.measuring import Row, interleave
from app.bench.office import Office, office_with
from app.config import Configuration

SIZES = (100, 1_000, 10_000)
ROUNDS = 7
TARGET = "< 2"
# Each shows as many rows with 100 agreements as with more.
PAGES = {
    "Dashboard": "/agreements",
    "All agreements": "/agreements/all",
    "Search by words": "/agreements/all?q=bench+owner",
    "Filtered, by name": "/agreements/all?show=finished&clause=take-home&sort=name",
    "Last page": "/agreements/all?page=9999",
}


def bench_dashboard(configuration: Configuration) -> list[Row]:
    """Every page at each size beside the smallest; whole pages, from request to HTML."""
    with ExitStack() as stack:
        offices: dict[int, Office] = {}
        for size in SIZES:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            offices[size] = stack.enter_context(office_with(configuration, size, folder))
        return [row for name, path in PAGES.items() for row in _grow(name, path, offices)]


def _grow(name: str, path: str, offices: dict[int, Office]) -> list[Row]:
    asked: dict[str, Callable[[], object]] = {
        str(size): partial(office.get, path) for size, office in offices.items()
    }
    times = interleave(asked, ROUNDS)
    first = str(SIZES[0])
    return [
        Row(f"{name}, {size:,} agreements", times[str(size)], f"with {first}", times[first], TARGET)
        for size in SIZES[1:]
    ]
