"""Backup: database, files and keys of an installation in one file, made while it is in use.

A tar archive: `database.sqlite`, `files/…`, `keys/…`, `web-secret`, `passphrase` and at the end
`manifest.json` with the SHA-256 of each. The database is copied first: files are stored before
the rows that name them, so every file that the copy names is there.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from app.config import Configuration
from app.domain.errors import StorageFailed
from app.installation import Installation

FORMAT = 1
DATABASE = "database.sqlite"
MANIFEST = "manifest.json"
SECRETS = ("web-secret", "passphrase")
CHUNK = 1024 * 1024


def back_up(installation: Installation, path: Path, say: Callable[[str], None]) -> int:
    """Write everything to the new file `path`, readable for its owner only. Returns its bytes.

    Raises StorageFailed: the file exists, there is no room, the database is PostgreSQL.
    """
    if path.exists():
        raise StorageFailed(
            "backup-exists", f"{path} exists; backups are never overwritten.", "Choose a new file name."
        )
    partial = path.with_name(f".{path.name}.partial")
    try:
        with TemporaryDirectory(dir=installation.configuration.instance) as scratch:
            copy = Path(scratch) / DATABASE
            installation.database.backup_to(copy)
            _write(partial, copy, installation, say)
        os.rename(partial, path)
        _sync_folder(path.parent)
        return path.stat().st_size
    except OSError as error:
        raise StorageFailed(
            "backup-failed",
            f"The backup {path} was not written: {error.strerror or error}.",
            "Choose a place with enough room, then try again.",
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def secret_left_out(configuration: Configuration) -> bool:
    """Whether the passphrase of the keys is kept elsewhere, so that the backup does not hold it."""
    return bool(configuration.passphrase_from_environment) or configuration.passphrase_file is not None


def _write(partial: Path, database: Path, installation: Installation, say: Callable[[str], None]) -> None:
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    digests: dict[str, str] = {}
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for name, source in _members(installation.configuration, database):
                digests[name] = _add(archive, name, source)
            manifest = {
                "format": FORMAT,
                "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "files": digests,
            }
            _add_bytes(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
        file.flush()
        os.fsync(file.fileno())
    say(f"{sum(name.startswith('files/') for name in digests)} stored files, keys and database copied.")


def _members(configuration: Configuration, database: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, database
    for name, folder in (("keys", configuration.keys), ("files", configuration.files)):
        for path in sorted(folder.rglob("*")):
            # What begins with a dot is half a file, not yet named by its digest.
            if path.is_file() and not path.name.startswith("."):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
    for name in SECRETS:
        if (configuration.instance / name).exists():
            yield name, configuration.instance / name


def _add(archive: tarfile.TarFile, name: str, source: Path) -> str:
    """Add a file under a name; returns its SHA-256 hex."""
    with source.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
        entry = _entry(name, opened.tell())
        opened.seek(0)
        archive.addfile(entry, opened)
    return digest


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    archive.addfile(_entry(name, len(data)), io.BytesIO(data))


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
