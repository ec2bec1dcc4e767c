"""Whether an installation is at work: a file that every process of ours holds a lock on."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from app.domain.errors import WrongState

LOCK = "in-use"


class Hold:
    """A held lock; it ends with `release`, or with the process whatever happens to it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def hold(instance: Path, *, alone: bool = False) -> Hold:
    """Hold the installation, together with others or alone. Raises WrongState if that cannot be."""
    instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(instance / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        if alone:
            raise WrongState(
                "installation-in-use",
                "The installation is at work: a server, a worker or another command uses it.",
                "Stop it, then try again.",
            ) from error
        raise WrongState(
            "installation-restoring",
            "The installation is being restored from a backup.",
            "Wait until that has ended, then try again.",
            retryable=True,
        ) from error
    return Hold(descriptor)
