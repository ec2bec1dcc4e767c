"""Verification of many files in a process of its own, from any thread of any program.

The process is started fresh (no fork of a threaded server), knows nothing of our
secrets (its environment is empty but for paths), and is replaced if it dies.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from app.domain.keys import TrustMaterial
from app.domain.verification import FileReport
from app.signing.verification.limits import FILE_SECONDS, LARGEST_FILE, START_SECONDS, STOPPED, TOO_LARGE
from app.signing.verification.report import unreadable
from app.signing.verification.trust import NOTHING, load_trust_list

_ROOT = Path(__file__).resolve().parents[3]
_MODULE = "app.signing.verification.child"


def verify_files(
    files: Sequence[Path | tuple[str, bytes]],
    *,
    trust_roots: Sequence[bytes],
    own_root: bytes | None,
    at: datetime | None = None,
    besides: TrustMaterial = NOTHING,
) -> list[FileReport]:
    """Judge PDFs and records, each in a limited process; the answer is always one report per file.

    files: paths, or (name, content). besides: what else this installation trusts and knows. The
    rest as for `verify_pdf`. At most 50 MB, 8 s and
    512 MB of memory per file. Raises InvalidInput for a trust root that is no certificate.
    """
    with VerifierProcess(trust_roots=trust_roots, own_root=own_root, at=at, besides=besides) as verifier:
        return verifier.judge(files)


def _contents(files: Sequence[Path | tuple[str, bytes]]) -> Iterator[tuple[str, bytes | None, str]]:
    """(name, content, problem); content None where there is a problem. One file at a time in memory."""
    for file in files:
        if isinstance(file, Path):
            yield (str(file), *_read(file))
        else:
            name, data = file
            yield (name, None, TOO_LARGE) if len(data) > LARGEST_FILE else (name, data, "")


def _read(path: Path) -> tuple[bytes | None, str]:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        return None, f"The file could not be opened: {error.strerror or 'unknown reason'}."
    return (None, TOO_LARGE) if len(data) > LARGEST_FILE else (data, "")


def _written(values: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in values]


class VerifierProcess:
    """The running process, started when first needed and again after it was lost.

    A context manager. `start` loads the libraries ahead of the first file. Raises InvalidInput for
    a trust root that is no certificate.
    """

    def __init__(
        self,
        *,
        trust_roots: Sequence[bytes],
        own_root: bytes | None,
        at: datetime | None = None,
        besides: TrustMaterial = NOTHING,
    ) -> None:
        load_trust_list(trust_roots, own_root, besides)
        header = {
            "trust_roots": _written((*trust_roots, *besides.roots)),
            "timestamp_roots": _written(besides.timestamp_roots),
            "revocation_lists": _written(besides.revocation_lists),
            "own_root": base64.b64encode(own_root).decode() if own_root is not None else None,
            "at": at.isoformat() if at is not None else None,
        }
        self._header = json.dumps(header).encode() + b"\n"
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def start(self) -> None:
        """Start now, so that the first file does not wait for it."""
        if self._process is None:
            self._start()

    def judge(self, files: Sequence[Path | tuple[str, bytes]]) -> list[FileReport]:
        """One report for each file, in their order."""
        return [self._verify(name, data, problem) for name, data, problem in _contents(files)]

    def _verify(self, name: str, data: bytes | None, problem: str) -> FileReport:
        if data is None:
            return unreadable(name, None, problem)
        try:
            answer = self._ask(name, data)
            return FileReport.from_json(json.loads(answer))
        except (OSError, EOFError, TimeoutError, ValueError, KeyError, TypeError):
            self._stop()
            return unreadable(name, data, STOPPED)

    def _ask(self, name: str, data: bytes) -> bytes:
        starting = self._process is None
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"name": name, "length": len(data)}).encode() + b"\n")
        process.stdin.write(data)
        process.stdin.flush()
        allowed = FILE_SECONDS + (START_SECONDS if starting else 2.0)
        return self._read_line(process.stdout.fileno(), time.monotonic() + allowed)

    def _read_line(self, descriptor: int, deadline: float) -> bytes:
        while b"\n" not in self._rest:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(descriptor, 1 << 16)
            if not part:
                raise EOFError
            self._rest += part
        line, _, self._rest = self._rest.partition(b"\n")
        return line

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {"PYTHONPATH": str(_ROOT), "PATH": os.environ.get("PATH", os.defpath)}
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module, no shell
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            cwd=_ROOT,
            start_new_session=True,
        )
        self._rest = b""
        assert self._process.stdin is not None
        self._process.stdin.write(self._header)
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # what could not be written to a dead process is lost anyway
                    stream.close()
        process.wait()
