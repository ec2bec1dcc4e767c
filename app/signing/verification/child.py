"""The process that opens files of strangers: `python -m app.signing.verification.child`.

It loads the libraries once and forks for every file, being single-threaded. The fork
has hard limits on time and memory, can write no file, and answers with one line of
JSON; this process only watches the clock. Standard input: a header, then per file a
line `{"name": ..., "length": n}` and n bytes. Standard output: a line per file.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import select
import signal
import sys
import time
from datetime import UTC, datetime
from typing import Any, BinaryIO

from app.domain.keys import TrustMaterial
from app.domain.verification import FileReport
from app.signing.verification.limits import CPU_SECONDS, FILE_SECONDS, MEMORY_BYTES, TOO_SLOW
from app.signing.verification.record import MAGIC, verify_record
from app.signing.verification.report import UNEXPECTED, judge_pdf, unreadable
from app.signing.verification.trust import TrustList, load_trust_list

_LONGEST_ANSWER = 16 * 1024 * 1024
_OPEN_FILES = 32
_LISTS = ("trust_roots", "timestamp_roots", "revocation_lists")


def main() -> None:
    """Serve until standard input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    header = json.loads(source.readline())
    own = header["own_root"]
    read = {name: tuple(map(base64.b64decode, header[name])) for name in _LISTS}
    trust_list = load_trust_list(
        read["trust_roots"],
        base64.b64decode(own) if own is not None else None,
        TrustMaterial(
            timestamp_roots=read["timestamp_roots"], revocation_lists=read["revocation_lists"]
        ),
    )
    at = datetime.fromisoformat(header["at"]) if header["at"] else None
    for line in iter(source.readline, b""):
        job = json.loads(line)
        data = _read_exactly(source, int(job["length"]))
        answer = _in_fork(data, str(job["name"]), trust_list, at or datetime.now(UTC))
        sink.write(answer + b"\n")
        sink.flush()


def verify_any(data: bytes, name: str, trust_list: TrustList, at: datetime) -> FileReport:
    """A PDF or a record, told apart by their first bytes."""
    if data.startswith(MAGIC):
        return verify_record(data, name, trust_list, at)
    return judge_pdf(data, name, trust_list, at)


def _in_fork(data: bytes, name: str, trust_list: TrustList, at: datetime) -> bytes:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _answer_and_exit(writing, data, name, trust_list, at)
    os.close(writing)
    try:
        answer, in_time = _collect(reading, time.monotonic() + FILE_SECONDS)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if answer.endswith(b"\n"):
        return answer.strip()
    slow = not in_time or (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU)
    return _line(unreadable(name, data, TOO_SLOW if slow else UNEXPECTED))


def _answer_and_exit(writing: int, data: bytes, name: str, trust_list: TrustList, at: datetime) -> None:
    """In the fork: limit ourselves, judge, answer, end. Never returns."""
    try:
        _limit()
        answer = _line(verify_any(data, name, trust_list, at)) + b"\n"
        while answer:
            answer = answer[os.write(writing, answer) :]
    finally:
        os._exit(0)


def _limit() -> None:
    # One second between the limits of time, so that the signal tells what happened.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))


def _collect(reading: int, deadline: float) -> tuple[bytes, bool]:
    """What the fork wrote until it closed the pipe, and whether that was in time."""
    parts: list[bytes] = []
    length = 0
    while length < _LONGEST_ANSWER:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return b"", False
        part = os.read(reading, 1 << 16)
        if not part:
            break
        parts.append(part)
        length += len(part)
    return b"".join(parts), True


def _read_exactly(source: BinaryIO, length: int) -> bytes:
    data = source.read(length)
    if len(data) != length:
        raise EOFError("the file to judge was cut short")
    return data


def _line(report: FileReport) -> bytes:
    value: dict[str, Any] = report.to_json()
    return json.dumps(value).encode("ascii")


if __name__ == "__main__":
    main()
