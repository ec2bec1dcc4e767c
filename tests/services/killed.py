"""Processes that are killed while they work, by SIGKILL, at a chosen point.

A point is just before or just after a call of one of the toolkit's ports: the commit of a unit of work,
a file being stored, a signature being made. What lies between two points outlives no process.

`Workshop` starts one process that loads the application; it forks a child for each piece of work, which
opens the installation anew, as after a restart of the machine. (A fork of the tests' own process would
inherit the file store's threads, which no fork survives.)
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.config import ROOT, read_configuration
from app.installation import open_installation
from app.persistence.database import open_database
from app.services.sealing import seal_agreement
from app.toolkit import Toolkit, UnitOfWork
from tests.services.sent_agreement import Device, MovableClock, Room

LONGEST = 60  # seconds for one piece of work
ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True)
class Work:
    """act: a name of ACTS. key: PEM of the device's key.

    at: names of points that are met in this order, other points between them; at the last it is killed.
    """

    act: str
    instance: str
    database: str
    envelope_id: str
    agreement_id: str
    at: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True)
class Outcome:
    killed: bool
    acknowledged: bool


class Workshop:
    """Does pieces of work, each in a process of its own. A context manager."""

    def __enter__(self) -> Workshop:
        command = [sys.executable, "-m", __name__]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(LONGEST)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def do(self, work: Work) -> Outcome:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(work)) + "\n")
        self._process.stdin.flush()
        lines = []
        while not (line := self._process.stdout.readline().strip()).startswith("status "):
            assert line, "the workshop ended"
            lines.append(line)
        status = int(line.removeprefix("status "))
        assert status in (0, -signal.SIGKILL), (status, lines)
        return Outcome(status == -signal.SIGKILL, ACKNOWLEDGED in lines)


def sign(room: Room, work: Work) -> None:
    """The first signer's device prepares and signs; then the file is asked for again."""
    device = Device(load_pem_private_key(work.key.encode(), None))
    device.finish(room, device.prepare(room))
    say(ACKNOWLEDGED)
    room.kit.files.get(room.envelope().current_digest)


def seal(room: Room, work: Work) -> None:
    """The worker seals the completed envelope."""
    seal_agreement(room.kit, work.envelope_id)
    say(ACKNOWLEDGED)


ACTS: dict[str, Callable[[Room, Work], None]] = {"sign": sign, "seal": seal}


def say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


class Tripwire:
    """Kills its own process when the last of the points is met."""

    def __init__(self, at: Sequence[str]) -> None:
        self._left = list(at)

    def step(self, name: str) -> None:
        if name == self._left[0]:
            self._left.pop(0)
        if not self._left:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A port whose every call passes two points."""

    def __init__(self, port: object, name: str, wire: Tripwire) -> None:
        self._port, self._name, self._wire = port, name, wire

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: object, **named: object) -> object:
            self._wire.step(f"before {self._name}.{method}")
            answer = getattr(self._port, method)(*arguments, **named)
            self._wire.step(f"after {self._name}.{method}")
            return answer

        return call


def watched(kit: Toolkit, wire: Tripwire) -> Toolkit:
    @contextmanager
    def unit_of_work(*, read_only: bool = False) -> Iterator[UnitOfWork]:
        with kit.unit_of_work(read_only=read_only) as unit:
            yield unit
            if not read_only:
                wire.step("before commit")
        if not read_only:
            wire.step("after commit")

    return replace(
        kit,
        unit_of_work=unit_of_work,
        files=Watched(kit.files, "files", wire),
        credentials=Watched(kit.credentials, "credentials", wire),
    )


def work_and_exit(work: Work) -> None:
    code = 1
    try:
        signal.alarm(LONGEST)
        kit = open_installation(read_configuration({}, instance=Path(work.instance))).toolkit
        database = open_database(f"sqlite:///{work.database}", kit.clock.now)
        kit = watched(replace(kit, unit_of_work=database.unit_of_work), Tripwire(work.at))
        room = Room(kit, database, MovableClock(), work.envelope_id, work.agreement_id)
        ACTS[work.act](room, work)
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work_and_exit(Work(**json.loads(line)))
        say(f"status {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}")


if __name__ == "__main__":
    main()
