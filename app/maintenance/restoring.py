"""Restore: a backup is unpacked beside the installation, checked whole, and only then put in place."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

from app.config import Configuration
from app.domain.errors import InvalidInput, StorageFailed, WrongState
from app.maintenance.backup import CHUNK, DATABASE, FORMAT, MANIFEST, SECRETS
from app.maintenance.in_use import hold
from app.persistence.database import open_database

# Every name that a backup may hold. Nothing else is written, wherever its name points.
NAME = re.compile(
    r"database\.sqlite|manifest\.json|web-secret|passphrase"
    r"|keys/(?:root/)?[a-z0-9_-]+\.(?:key|crt|crl)|files/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{64}"
)
LARGEST_MANIFEST = 256 * 1024 * 1024  # bytes; some two million files


def restore(
    configuration: Configuration, path: Path, say: Callable[[str], None], *, force: bool = False
) -> Path | None:
    """Put the installation of a backup in the place of this one.

    force: keep what was there aside; the folder it went to is returned, None if there was nothing.
    Raises WrongState (in use, not empty), InvalidInput (no backup, damaged), StorageFailed.
    """
    held = hold(configuration.instance, alone=True)
    staging = Path(mkdtemp(dir=configuration.instance, prefix=".restoring-"))
    try:
        places = _places(configuration)
        occupied = [place for place in places.values() if place.exists()]
        if occupied and not force:
            raise WrongState(
                "instance-not-empty",
                f"There is an installation in {configuration.instance} already.",
                "Restore into an empty folder (COUNTERSIGN_INSTANCE), or use --force: the old one stays.",
            )
        _unpack(path, staging)
        say("Every file of the backup is as it was written.")
        _check_database(staging / DATABASE)
        say("The database is whole.")
        aside = _put_aside(configuration.instance, places) if occupied else None
        for name, place in places.items():
            if (staging / name).exists():
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                shutil.move(staging / name, place)
        return aside
    except OSError as error:
        raise StorageFailed(
            "restore-failed",
            f"The backup was not restored: {error.strerror or error}.",
            "Check that the disk has room and that the folder belongs to you.",
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        held.release()


def _places(configuration: Configuration) -> dict[str, Path]:
    """Name in the backup -> place in the installation."""
    if not configuration.database_url.startswith("sqlite:///"):
        raise InvalidInput(
            "restore-by-postgresql",
            "This installation keeps its data in PostgreSQL, which restores its own backups.",
            "Use pg_restore, and unpack files and keys from their backup.",
        )
    database = Path(configuration.database_url.removeprefix("sqlite:///"))
    return {
        DATABASE: database,
        "files": configuration.files,
        "keys": configuration.keys,
        **{name: configuration.instance / name for name in SECRETS},
    }


def _unpack(path: Path, staging: Path) -> None:
    """Write the files of the backup below `staging` and compare them with its manifest."""
    digests: dict[str, str] = {}
    try:
        with tarfile.open(path, mode="r:") as archive:
            for member in archive:
                if not member.isreg() or not NAME.fullmatch(member.name) or member.name in digests:
                    raise _damaged(f"it holds \u201c{member.name[:80]}\u201d, which no backup of ours does")
                digests[member.name] = _write_member(archive, member, staging / member.name)
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(f"it cannot be read ({error})") from error
    digests.pop(MANIFEST, None)
    if _listed(staging / MANIFEST) != digests:
        raise _damaged("its files are not those that its list names")
    (staging / MANIFEST).unlink()


def _write_member(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> str:
    """Write one file, durably, and return the SHA-256 of what was written."""
    source = archive.extractfile(member)
    if source is None:
        raise _damaged(f"{member.name} has no content")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    mode = 0o400 if member.name in SECRETS else 0o600
    digest = hashlib.sha256()
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _listed(manifest: Path) -> dict[str, str]:
    if not manifest.exists() or manifest.stat().st_size > LARGEST_MANIFEST:
        raise _damaged("its list of files is missing, so it was not finished")
    try:
        held = json.loads(manifest.read_bytes())
        if held["format"] != FORMAT:
            raise InvalidInput(
                "backup-newer",
                "A newer version of Countersign made this backup.",
                "Restore it with that version.",
            )
        return dict(held["files"])
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged("its list of files cannot be read") from error


def _check_database(path: Path) -> None:
    """Bring the copy to the present schema and look it over. Raises InvalidInput."""
    if not path.exists():
        raise _damaged("it holds no database")
    database = open_database(f"sqlite:///{path}")
    try:
        database.upgrade()
        problems = database.check()
    finally:
        database.close()
    if problems:
        raise _damaged(" ".join(problems))


def _put_aside(instance: Path, places: dict[str, Path]) -> Path:
    aside = instance / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    aside.mkdir(mode=0o700)
    database = places[DATABASE]
    companions = [database.with_name(f"{database.name}{ending}") for ending in ("-wal", "-shm")]
    for place in (*places.values(), *companions):
        if place.exists():
            shutil.move(place, aside / place.name)
    return aside


def _damaged(reason: str) -> InvalidInput:
    return InvalidInput(
        "backup-damaged",
        f"This is no whole backup of Countersign: {reason}.",
        "Nothing was changed. Use another copy of the backup.",
    )
