"""The folder of keys: which file holds what, and which generation is in use.

    root/root.key                   the root's private key; this folder may be moved away
    root.crt  root.crl              the root, and its revocation list
    issuing.key .crt .crl           likewise, and so for seal and timestamp (without a list)
    log.key                         Ed25519, signs checkpoints of the audit log

A rotation adds a generation: `seal-2.crt`, `seal-3.crt`. The highest number is in use. Nothing
but a revocation list is ever overwritten, and a certificate is written after its key, so that a
rotation that was cut short leaves the generation before it in use.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from app.domain.errors import KeysUnavailable
from app.signing.key_file import read_bytes

PURPOSES = ("root", "issuing", "seal", "timestamp")
ROOT_FOLDER = "root"
NAME = re.compile(r"(root|issuing|seal|timestamp)(?:-([1-9][0-9]{0,5}))?\.(key|crt|crl)")

Fingerprint: TypeAlias = frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """Names are those of the files without their ending: "seal", "seal-2"."""

    path: Path

    def generations(self, purpose: str) -> tuple[str, ...]:
        """The names of all certificates of one purpose, the one in use first.

        Raises KeysUnavailable if there is none.
        """
        numbers = self._numbers(purpose, {"crt"})
        if not numbers:
            read_bytes(self.certificate(purpose))  # says that it is missing
        return tuple(_name(purpose, number) for number in sorted(numbers, reverse=True))

    def next_name(self, purpose: str) -> str:
        """The name of the next generation; one that was cut short keeps its number."""
        return _name(purpose, max(self._numbers(purpose, {"key", "crt", "crl"}), default=0) + 1)

    def certificate(self, name: str) -> Path:
        return self.path / f"{name}.crt"

    def revocation_list(self, name: str) -> Path:
        return self.path / f"{name}.crl"

    def key(self, name: str) -> Path:
        return self.path / f"{name}.key"

    @property
    def root_folder(self) -> Path:
        return self.path / ROOT_FOLDER

    def root_key(self, name: str, elsewhere: Path | None = None) -> Path:
        """Where the private key of a root lies: in its folder here, or in the folder `elsewhere`.

        Raises KeysUnavailable if it is in neither place.
        """
        # Installations made before roots had a folder of their own have the key beside the others.
        places = (elsewhere,) if elsewhere is not None else (self.root_folder, self.path)
        for place in places:
            if (place / f"{name}.key").exists():
                return place / f"{name}.key"
        raise KeysUnavailable(
            "root_key_away",
            f"This needs the private key of the root, {name}.key, which is not in {places[0]}.",
            "Bring the folder of the root's key from where it is kept, and name it: --root-key FOLDER",
        )

    def fingerprint(self) -> Fingerprint:
        """Another value whenever a file of this folder was added, replaced or taken away."""
        with os.scandir(self.path) as entries:
            return frozenset(
                (entry.name, entry.inode(), entry.stat(follow_symlinks=False).st_mtime_ns)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_file()
            )

    def _numbers(self, purpose: str, endings: set[str]) -> set[int]:
        folders = [self.path, self.root_folder] if purpose == "root" else [self.path]
        names = [entry.name for folder in folders if folder.is_dir() for entry in folder.iterdir()]
        found = [match for match in map(NAME.fullmatch, names) if match]
        return {int(one[2] or 1) for one in found if one[1] == purpose and one[3] in endings}


def _name(purpose: str, number: int) -> str:
    return purpose if number == 1 else f"{purpose}-{number}"


def purpose_of(name: str) -> str:
    """ "seal-2" -> "seal"."""
    return name.partition("-")[0]
