"""The organisation's PKI: made once at first start, opened at every later one.

In the folder: root, issuing, seal and timestamp as `<name>.key` (encrypted) and `<name>.crt`
(PEM), `log.key` (Ed25519, signs checkpoints of the audit log) and `root.crl`. The root's key is
needed only here at the first start, so it may be moved to a safe place afterwards.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from app.domain.errors import InvalidInput, KeysUnavailable, StorageFailed
from app.domain.signature import KeyState
from app.signing import certificate as profiles
from app.signing import key_file
from app.signing.certificate import KeyPair
from app.signing.revocation import issue_crl

NAMES = ("root", "issuing", "seal", "timestamp")


@dataclass(frozen=True, slots=True)
class Organisation:
    """The open keys of the organisation and its certificates."""

    directory: Path
    root: x509.Certificate
    root_crl: bytes  # DER; covers issuing and timestamp
    issuing: KeyPair
    seal: KeyPair
    timestamp: KeyPair
    log_key: Ed25519PrivateKey

    @property
    def name(self) -> str:
        return str(self.root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)

    def certificates(self) -> Mapping[str, x509.Certificate]:
        return {
            "root": self.root,
            "issuing": self.issuing.certificate,
            "seal": self.seal.certificate,
            "timestamp": self.timestamp.certificate,
        }

    def key_states(self, now: datetime) -> tuple[KeyState, ...]:
        return tuple(_state(name, held, now) for name, held in self.certificates().items())


def create_organisation(directory: Path, passphrase: bytes, name: str, country: str, now: datetime) -> None:
    """Make all keys and certificates in `directory`: all files or none.

    Raises InvalidInput (name, country, passphrase), KeysUnavailable if there are keys already,
    StorageFailed.
    """
    _check_names(name, country)
    if len(passphrase) < key_file.SHORTEST_PASSPHRASE:
        raise InvalidInput(
            "passphrase_short",
            "The passphrase for the keys is too short.",
            f"Choose one of at least {key_file.SHORTEST_PASSPHRASE} characters.",
        )
    if directory.exists() and any(directory.iterdir()):
        raise KeysUnavailable(
            "keys_exist",
            f"The folder of keys {directory} is not empty; existing keys are never overwritten.",
            "Open the existing keys, or choose another folder.",
        )
    key_file.make_directory(directory.parent)
    staging = Path(mkdtemp(dir=directory.parent, prefix=f".{directory.name}."))
    try:
        _write_all(staging, passphrase, name, country, now)
        os.rename(staging, directory)
    except OSError as error:
        raise StorageFailed(
            "keys_not_written",
            f"{directory} could not be made: {error.strerror}.",
            "Check the rights on the folder above it.",
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def open_organisation(directory: Path, passphrase: bytes, now: datetime) -> Organisation:
    """Open all keys and check that they belong together and are valid at `now`.

    Raises KeysUnavailable for a missing or damaged file, a wrong passphrase, an expired certificate.
    """
    held = {name: _read_certificate(directory / f"{name}.crt") for name in NAMES}
    keys = {name: key_file.read_signing_key(directory / f"{name}.key", passphrase) for name in NAMES[1:]}
    organisation = Organisation(
        directory=directory,
        root=held["root"],
        root_crl=key_file.read_bytes(directory / "root.crl"),
        issuing=KeyPair(keys["issuing"], held["issuing"]),
        seal=KeyPair(keys["seal"], held["seal"]),
        timestamp=KeyPair(keys["timestamp"], held["timestamp"]),
        log_key=key_file.read_log_key(directory / "log.key", passphrase),
    )
    _check_chain(organisation)
    for state in organisation.key_states(now):
        if not state.usable:
            raise KeysUnavailable(
                "certificate_expired",
                f"The {state.name} certificate ({state.subject}) cannot be used: {state.problem}.",
                "Check this computer's clock; if it is right, make a new organisation key set.",
            )
    return organisation


def _check_names(name: str, country: str) -> None:
    if not name.strip() or not name.isprintable():
        raise InvalidInput("organisation_name", "The organisation has no printable name.", "Enter its name.")
    if len(country) != 2 or not country.isascii() or not country.isalpha() or not country.isupper():
        raise InvalidInput(
            "organisation_country",
            f"{country!r} is not a country code.",
            "Use the two capital letters of ISO 3166-1.",
        )


def _write_all(directory: Path, passphrase: bytes, name: str, country: str, now: datetime) -> None:
    root = profiles.issue_root(name, country, now)
    issuing = profiles.issue_issuing(name, country, root, now)
    pairs = {
        "root": root,
        "issuing": issuing,
        "seal": profiles.issue_seal(name, country, issuing, now),
        "timestamp": profiles.issue_timestamp(name, country, root, now),
    }
    for pair_name, pair in pairs.items():
        key_file.write_key(directory / f"{pair_name}.key", pair.key, passphrase)
        key_file.write_new(directory / f"{pair_name}.crt", pair.certificate.public_bytes(Encoding.PEM))
    key_file.write_key(directory / "log.key", Ed25519PrivateKey.generate(), passphrase)
    key_file.write_new(directory / "root.crl", issue_crl(root, now))


def _read_certificate(path: Path) -> x509.Certificate:
    content = key_file.read_bytes(path)
    try:
        return x509.load_pem_x509_certificate(content)
    except ValueError as error:
        raise _mismatch(f"{path.name} is not a certificate") from error


def _check_chain(organisation: Organisation) -> None:
    root, issuing = organisation.root, organisation.issuing.certificate
    links = {
        "root": (root, root),
        "issuing": (issuing, root),
        "timestamp": (organisation.timestamp.certificate, root),
        "seal": (organisation.seal.certificate, issuing),
    }
    for name, (held, issuer) in links.items():
        try:
            held.verify_directly_issued_by(issuer)
        except (InvalidSignature, ValueError, TypeError) as error:
            raise _mismatch(f"{name}.crt was not issued by the certificate beside it") from error
    for pair in (organisation.issuing, organisation.seal, organisation.timestamp):
        if pair.key.public_key() != pair.certificate.public_key():
            raise _mismatch(f"the key of {pair.certificate.subject.rfc4514_string()} is another's")
    _check_crl(organisation)


def _check_crl(organisation: Organisation) -> None:
    try:
        crl = x509.load_der_x509_crl(organisation.root_crl)
    except ValueError as error:
        raise _mismatch("root.crl is not a revocation list") from error
    root_key = organisation.root.public_key()
    if not isinstance(root_key, EllipticCurvePublicKey) or not crl.is_signature_valid(root_key):
        raise _mismatch("root.crl is not signed by the root")


def _state(name: str, held: x509.Certificate, now: datetime) -> KeyState:
    problem = ""
    if now < held.not_valid_before_utc:
        problem = f"it is valid only from {held.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
    elif now > held.not_valid_after_utc:
        problem = f"it expired on {held.not_valid_after_utc:%Y-%m-%d}"
    return KeyState(
        name=name,
        subject=held.subject.rfc4514_string(),
        serial=profiles.serial_hex(held),
        valid_until=held.not_valid_after_utc,
        usable=not problem,
        problem=problem,
    )


def _mismatch(reason: str) -> KeysUnavailable:
    return KeysUnavailable(
        "keys_mismatch",
        f"The files in the folder of keys do not belong together: {reason}.",
        "Restore the whole folder from one backup.",
    )
