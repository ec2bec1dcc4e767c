"""Stored files: content-addressed, create-only, durable when `put` returns.

A file lies under `ab/cd/<sha256>`. The object store writes beside the place and links, so
nobody ever sees half a file; on a local disk we then fsync the file and every folder above
it, which the object store does not do. On S3 the service answers for durability.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TypeAlias

from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import AzureStore, GCSStore, LocalStore, MemoryStore, S3Store

from app.domain.digest import sha256_hex
from app.domain.errors import InvalidInput, NotFound, StorageFailed

Store: TypeAlias = LocalStore | MemoryStore | S3Store | GCSStore | AzureStore

DIGEST = re.compile(r"[0-9a-f]{64}")


def open_local_files(folder: Path) -> StoredFiles:
    """Files below `folder`, which is made if needed. Raises StorageFailed."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        store = LocalStore(folder)
    except (OSError, BaseError) as error:
        raise _failed(f"The folder {folder} cannot be used for files: {_first_line(error)}.") from error
    return StoredFiles(store, folder)


class StoredFiles:
    """Implements the Protocol `Files`. `folder` is the root of a local store, None for others."""

    def __init__(self, store: Store, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    def put(self, data: bytes) -> str:
        """Store durably and return the digest; storing the same bytes again is the same.

        Raises StorageFailed (retryable) if the store did not take it.
        """
        digest = sha256_hex(data)
        path = _path_of(digest)
        try:
            self._create(path, data, digest)
            if self._folder is not None:
                _sync(self._folder / path, self._folder)
        except (OSError, BaseError) as error:
            raise _failed(f"A file of {len(data)} bytes was not stored: {_first_line(error)}.") from error
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes, checked against the digest. Raises InvalidInput for what is no digest,
        NotFound, and StorageFailed rather than returning other bytes."""
        data = self._read(_path_of(digest))
        if data is None:
            message = f"No file with the digest {digest} is stored."
            raise NotFound("file-not-found", message, "Check the link.")
        if sha256_hex(data) != digest:
            raise StorageFailed(
                "file-damaged",
                f"The stored file {digest} was changed or damaged; it is not handed out.",
                "Restore this file from a backup.",
            )
        return data

    def has(self, digest: str) -> bool:
        """Whether a file lies there; its content is judged by `get`."""
        try:
            self._store.head(_path_of(digest))
        except FileNotFoundError:
            return False
        except (OSError, BaseError) as error:
            raise _failed(f"The file {digest} could not be looked up: {_first_line(error)}.") from error
        return True

    def _create(self, path: str, data: bytes, digest: str) -> None:
        try:
            self._store.put(path, data, mode="create")
        except AlreadyExistsError:
            # What a power cut left of an earlier, never acknowledged put is written anew.
            stored = self._read(path)
            if stored is None or sha256_hex(stored) != digest:
                self._store.put(path, data, mode="overwrite")

    def _read(self, path: str) -> bytes | None:
        try:
            return bytes(self._store.get(path).bytes())
        except FileNotFoundError:
            return None
        except (OSError, BaseError) as error:
            raise _failed(f"The file {path} could not be read: {_first_line(error)}.") from error


def _path_of(digest: str) -> str:
    if DIGEST.fullmatch(digest) is None:
        raise InvalidInput("no-digest", "This is not the digest of a file.", "Give 64 hexadecimal digits.")
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _sync(path: Path, root: Path) -> None:
    """Make a file and its name survive a power cut: fsync it and each folder up to the root's parent."""
    for place in (path, *[folder for folder in path.parents if folder.is_relative_to(root)], root.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _first_line(error: Exception) -> str:
    # obstore adds pages of debugging to its messages
    return str(error).split("\n", 1)[0]


def _failed(message: str) -> StorageFailed:
    return StorageFailed(
        "storage-failed",
        message,
        "Check that the disk has room and that the folder belongs to the application.",
        retryable=True,
    )
