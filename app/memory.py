"""Measures this process: the memory of it and its children while something runs, and its age."""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import sys
import threading
import time
from pathlib import Path
from types import TracebackType

PAUSE_SECONDS = 0.25
PROC = Path("/proc")
_IMPORTED = time.monotonic()


class TreeMemory:
    """Context manager; afterwards `peak_megabytes` is the largest sum of resident memory seen.

    On Linux the whole process tree is sampled four times a second; elsewhere it is the
    largest process of the tree.
    """

    def __init__(self) -> None:
        self.peak_megabytes = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> TreeMemory:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.peak_megabytes = max(self.peak_megabytes, _tree_bytes() / 1e6)
            if self._stop.wait(PAUSE_SECONDS):
                return


def seconds_since_start() -> float:
    """How long this process has been running, imports included; since this import off Linux."""
    if not sys.platform.startswith("linux"):
        return time.monotonic() - _IMPORTED
    fields = (PROC / "self" / "stat").read_text().rpartition(")")[2].split()
    started = int(fields[19]) / os.sysconf("SC_CLK_TCK")  # proc(5): field 22, starttime in ticks
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started


def give_back_memory() -> None:
    """Return what is free but still held: of Python to the C library, of that to the system (glibc)."""
    gc.collect()
    if sys.platform.startswith("linux"):
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries do not have it
        if trim is not None:
            trim(0)


def _tree_bytes() -> int:
    if not sys.platform.startswith("linux"):
        usage = (
            resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        return max(usage)
    return sum(_resident(pid) for pid in _tree(os.getpid()))


def _tree(root: int) -> list[int]:
    """The process and everything that descends from it."""
    found = [root]
    for pid in found:  # grows while we walk it
        found += _children(pid)
    return found


def _children(pid: int) -> list[int]:
    """proc(5): the children of each thread; none of a process that ended while we looked."""
    try:
        lists = [path.read_text() for path in (PROC / str(pid) / "task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for text in lists for child in text.split()]


def _resident(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # the process ended while we looked
        return 0
