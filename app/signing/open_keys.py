"""The organisation's keys, open, and opened again whenever their folder was changed.

A rotation or revocation at the terminal so reaches a server that is running.
"""

from __future__ import annotations

import threading
from pathlib import Path

from app.domain.errors import KeysUnavailable
from app.signing.key_change import KeyChanger
from app.signing.key_folder import Fingerprint, KeyFolder
from app.signing.organisation import Organisation, open_organisation
from app.signing.timestamp import Clock


class OpenKeys:
    """Safe to share between threads. Opening takes half a second, looking for changes microseconds."""

    def __init__(
        self, directory: Path, passphrase: bytes, clock: Clock, *, trust_url: str = "", even_unusable: bool
    ) -> None:
        """Raises what `open_organisation` raises."""
        self._folder = KeyFolder(directory)
        self._passphrase = passphrase
        self._clock = clock
        self._trust_url = trust_url
        self._opening = threading.Lock()
        self._seen = self._look()
        self._held = open_organisation(directory, passphrase, clock.now(), even_unusable=even_unusable)

    def now(self) -> Organisation:
        """The keys as they are in the folder now. Raises KeysUnavailable if they no longer open."""
        seen = self._look()
        if seen != self._seen:
            with self._opening:
                if seen != self._seen:
                    self._held, self._seen = self._open(), seen
        return self._held

    def changer(self, root_folder: Path | None = None) -> KeyChanger:
        return KeyChanger(
            self._open,
            self._passphrase,
            self._clock.now(),
            root_folder=root_folder,
            trust_url=self._trust_url,
        )

    def _open(self) -> Organisation:
        return open_organisation(
            self._folder.path, self._passphrase, self._clock.now(), even_unusable=True
        )

    def _look(self) -> Fingerprint:
        try:
            return self._folder.fingerprint()
        except OSError as error:
            raise KeysUnavailable(
                "key_missing",
                f"The folder of keys {self._folder.path} cannot be read: {error.strerror}.",
                "Restore it from the backup of the keys; without it nothing can be signed.",
            ) from error
