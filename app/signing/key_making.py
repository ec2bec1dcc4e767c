"""The organisation's PKI is made at the first start: all files or none."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.errors import InvalidInput, KeysUnavailable, StorageFailed
from app.signing import certificate as profiles
from app.signing import key_file
from app.signing.certificate import Holder
from app.signing.key_folder import ROOT_FOLDER, KeyFolder
from app.signing.revocation import issue_crl


def create_organisation(
    directory: Path, passphrase: bytes, name: str, country: str, now: datetime, trust_url: str = ""
) -> None:
    """Make all keys and certificates in `directory`: all files or none.

    trust_url: below which revocation lists and certificates are published, "" for nowhere.
    Raises InvalidInput (name, country, passphrase), KeysUnavailable if there are keys already,
    StorageFailed.
    """
    _check_names(name, country)
    key_file.check_passphrase(passphrase)
    if directory.exists() and any(directory.iterdir()):
        raise KeysUnavailable(
            "keys_exist",
            f"The folder of keys {directory} is not empty; existing keys are never overwritten.",
            "Open the existing keys, or choose another folder.",
        )
    key_file.make_directory(directory.parent)
    staging = Path(mkdtemp(dir=directory.parent, prefix=f".{directory.name}."))
    try:
        _write_all(staging, passphrase, name, country, now, trust_url)
        os.rename(staging, directory)
    except OSError as error:
        raise StorageFailed(
            "keys_not_written",
            f"{directory} could not be made: {error.strerror}.",
            "Check the rights on the folder above it.",
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _check_names(name: str, country: str) -> None:
    if not name.strip() or not name.isprintable():
        raise InvalidInput("organisation_name", "The organisation has no printable name.", "Enter its name.")
    if len(country) != 2 or not country.isascii() or not country.isalpha() or not country.isupper():
        raise InvalidInput(
            "organisation_country",
            f"{country!r} is not a country code.",
            "Use the two capital letters of ISO 3166-1.",
        )


def _write_all(
    path: Path, passphrase: bytes, name: str, country: str, now: datetime, trust_url: str
) -> None:
    folder = KeyFolder(path)
    by_root = Holder(name, country, published=f"{trust_url}/root" if trust_url else "")
    by_issuing = Holder(name, country, published=f"{trust_url}/issuing" if trust_url else "")
    root = profiles.issue_root(by_root, now)
    issuing = profiles.issue_issuing(by_root, root, now)
    pairs = {
        "issuing": issuing,
        "seal": profiles.issue_seal(by_issuing, issuing, now),
        "timestamp": profiles.issue_timestamp(by_root, root, now),
    }
    key_file.make_directory(path / ROOT_FOLDER)
    key_file.write_key(folder.root_folder / "root.key", root.key, passphrase)
    for pair_name, pair in pairs.items():
        key_file.write_key(folder.key(pair_name), pair.key, passphrase)
    for pair_name, pair in {"root": root, **pairs}.items():
        pem = pair.certificate.public_bytes(Encoding.PEM)
        key_file.write_new(folder.certificate(pair_name), pem)
    for pair_name, pair in {"root": root, "issuing": issuing}.items():
        key_file.write_new(folder.revocation_list(pair_name), issue_crl(pair, now))
    key_file.write_key(folder.key("log"), Ed25519PrivateKey.generate(), passphrase)
