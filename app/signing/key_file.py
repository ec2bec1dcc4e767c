"""Keys and certificates as files: PKCS#8 encrypted at rest, written whole or not at all.

Keys are 0400 in a directory that is 0700; a file that exists is never overwritten.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import mkstemp

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from app.domain.errors import InvalidInput, KeysUnavailable, StorageFailed
from app.signing.key_encryption import encrypted_pem

SHORTEST_PASSPHRASE = 12  # bytes


def check_passphrase(passphrase: bytes) -> None:
    """Raises InvalidInput for one that is too short to protect keys."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput(
            "passphrase_short",
            "The passphrase for the keys is too short.",
            f"Choose one of at least {SHORTEST_PASSPHRASE} characters.",
        )


def write_key(path: Path, key: EllipticCurvePrivateKey | Ed25519PrivateKey, passphrase: bytes) -> None:
    """Write `key` encrypted to the new file `path`. Raises StorageFailed."""
    clear = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    write_new(path, encrypted_pem(clear, passphrase), mode=0o400)


def read_signing_key(path: Path, passphrase: bytes) -> EllipticCurvePrivateKey:
    """The P-256 key in `path`. Raises KeysUnavailable."""
    key = _read_key(path, passphrase)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise _damaged(path, "it is not a P-256 key")
    return key


def read_log_key(path: Path, passphrase: bytes) -> Ed25519PrivateKey:
    """The Ed25519 key in `path`. Raises KeysUnavailable."""
    key = _read_key(path, passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise _damaged(path, "it is not an Ed25519 key")
    return key


def make_directory(path: Path) -> None:
    """Make the folder for keys, readable by its owner only. Raises StorageFailed."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise _unwritable(path, error) from error


def write_new(path: Path, content: bytes, *, mode: int = 0o444) -> None:
    """Create the file `path` with `content`, durable, all or nothing; never over an existing one."""
    try:
        handle, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, mode)
            os.link(temporary, path)  # unlike a rename, fails if the file exists
        finally:
            os.unlink(temporary)
        _sync_directory(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def replace_file(path: Path, content: bytes, *, mode: int = 0o444) -> None:
    """Write `content` in the place of the file `path`, durable: the old content or the new one."""
    try:
        handle, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(temporary, mode)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
            raise
        _sync_directory(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def destroy(path: Path) -> None:
    """Take away the file of a key that nothing may be signed with any more. Raises StorageFailed."""
    try:
        path.unlink(missing_ok=True)
        _sync_directory(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error


def read_bytes(path: Path) -> bytes:
    """The content of `path`. Raises KeysUnavailable if it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeysUnavailable(
            "key_missing",
            f"The file {path.name} is missing in the folder of keys, {path.parent}.",
            "Restore that folder from the backup of the keys; without it nothing can be signed.",
        ) from error
    except OSError as error:
        raise KeysUnavailable(
            "key_unreadable",
            f"The file {path} cannot be read: {error.strerror}.",
            "Give the account that runs the application the right to read it.",
        ) from error


def _read_key(path: Path, passphrase: bytes) -> object:
    pem = read_bytes(path)
    try:
        return load_pem_private_key(pem, passphrase)
    except ValueError as error:
        # One exception for a wrong passphrase and for a damaged file: the cipher cannot tell.
        raise KeysUnavailable(
            "key_passphrase",
            f"The key {path.name} cannot be opened with the passphrase given.",
            "Check the passphrase of the keys in the settings; if it is right, restore the file.",
        ) from error
    except TypeError as error:
        raise _damaged(path, "it is not encrypted") from error


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _damaged(path: Path, reason: str) -> KeysUnavailable:
    return KeysUnavailable(
        "key_damaged",
        f"The file {path.name} does not hold the key that belongs there: {reason}.",
        "Restore the folder of keys from its backup.",
    )


def _unwritable(path: Path, error: OSError) -> StorageFailed:
    return StorageFailed(
        "keys_not_written",
        f"{path} could not be written: {error.strerror}.",
        "Check that the folder exists, belongs to the account that runs the application and has room.",
    )
