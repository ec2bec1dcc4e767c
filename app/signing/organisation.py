"""The organisation's PKI, opened: its keys and certificates, those in use and those before them.

What lies where is in `key_folder`; `key_making` makes it at the first start, `key_change` adds
generations and revokes. The root's private key is needed only there and may be kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from app.domain.errors import KeysUnavailable
from app.domain.keys import KeyStatus
from app.domain.signature import KeyState
from app.signing import certificate as profiles
from app.signing import key_file
from app.signing.authority import Authority, mismatch
from app.signing.certificate import KeyPair
from app.signing.key_folder import PURPOSES, KeyFolder, purpose_of
from app.signing.revocation import Entry, issue_crl


@dataclass(frozen=True, slots=True)
class Organisation:
    """The open keys of the organisation and its certificates.

    roots and issuers: the one in use first. former: seals and timestamp certificates that were
    replaced, by name. present: the names of what is in use, by purpose.
    """

    directory: Path
    roots: tuple[Authority, ...]
    issuers: tuple[Authority, ...]
    issuing: KeyPair
    seal: KeyPair
    timestamp: KeyPair
    log_key: Ed25519PrivateKey
    present: Mapping[str, str]
    former: Mapping[str, x509.Certificate]

    @property
    def root(self) -> x509.Certificate:
        return self.roots[0].certificate

    @property
    def name(self) -> str:
        return str(self.root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value)

    @property
    def country(self) -> str:
        return str(self.root.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)[0].value)

    @property
    def authorities(self) -> tuple[Authority, ...]:
        return self.roots + self.issuers

    def certificates(self) -> Mapping[str, x509.Certificate]:
        """What is in use, by purpose."""
        return {
            "root": self.root,
            "issuing": self.issuing.certificate,
            "seal": self.seal.certificate,
            "timestamp": self.timestamp.certificate,
        }

    def every_certificate(self) -> Mapping[str, x509.Certificate]:
        """What is in use and what was, by name: "seal", "seal-2"."""
        held = {authority.name: authority.certificate for authority in self.authorities}
        present = {self.present["seal"]: self.seal, self.present["timestamp"]: self.timestamp}
        held |= {name: pair.certificate for name, pair in present.items()}
        held |= self.former
        order = {purpose: place for place, purpose in enumerate(PURPOSES)}
        return dict(sorted(held.items(), key=lambda item: (order[purpose_of(item[0])], item[0])))

    def issuer_of(self, certificate: x509.Certificate) -> Authority:
        """The authority of ours that issued a certificate. Raises KeysUnavailable if none did."""
        for authority in self.authorities:
            if authority.issued(certificate):
                return authority
        raise mismatch(f"no authority here issued {certificate.subject.rfc4514_string()}")

    def revocation_of(self, certificate: x509.Certificate) -> Entry | None:
        """What the issuer's list says of a certificate of ours; None: not revoked, or a root."""
        issuer = self.issuer_of(certificate)
        return None if issuer.certificate == certificate else issuer.entry_of(certificate.serial_number)

    def problem_of(self, certificate: x509.Certificate, now: datetime) -> str:
        """Why nothing may be signed with a certificate of ours now, "" if it may."""
        for held in self._way_up(certificate):
            whose = "it" if held == certificate else f"its issuer ({held.subject.rfc4514_string()})"
            if now < held.not_valid_before_utc:
                return f"{whose} is valid only from {held.not_valid_before_utc:%Y-%m-%d %H:%M} UTC"
            if now > held.not_valid_after_utc:
                return f"{whose} expired on {held.not_valid_after_utc:%Y-%m-%d}"
            entry = self.revocation_of(held)
            if entry is not None:
                return f"{whose} was revoked on {entry.revoked_at:%Y-%m-%d}"
        return ""

    def _way_up(self, certificate: x509.Certificate) -> Iterator[x509.Certificate]:
        while True:
            yield certificate
            issuer = self.issuer_of(certificate).certificate
            if issuer == certificate:
                return
            certificate = issuer

    def key_states(self, now: datetime) -> tuple[KeyState, ...]:
        """What is in use: root, issuing, seal, timestamp."""
        return tuple(self._state(self.present[purpose], now) for purpose in PURPOSES)

    def every_state(self, now: datetime) -> tuple[KeyState, ...]:
        """What is in use and what was."""
        return tuple(self._state(name, now) for name in self.every_certificate())

    def _state(self, name: str, now: datetime) -> KeyState:
        held = self.every_certificate()[name]
        problem = self.problem_of(held, now)
        status = KeyStatus.CURRENT if name in self.present.values() else KeyStatus.FORMER
        return KeyState(
            name=purpose_of(name),
            subject=held.subject.rfc4514_string(),
            serial=profiles.serial_hex(held),
            valid_until=held.not_valid_after_utc,
            usable=not problem,
            problem=problem,
            generation=name,
            status=KeyStatus.REVOKED if self.revocation_of(held) else status,
            valid_from=held.not_valid_before_utc,
            fingerprint=held.fingerprint(hashes.SHA256()).hex(),
            issuer=self.issuer_of(held).name,
        )


def open_organisation(
    directory: Path, passphrase: bytes, now: datetime, *, even_unusable: bool = False
) -> Organisation:
    """Open all keys and check that they belong together and are valid at `now`.

    even_unusable: also with an expired or revoked one in use, to replace it. Raises
    KeysUnavailable for a missing or damaged file, a wrong passphrase, an expired or revoked
    certificate.
    """
    organisation = _read(KeyFolder(directory), passphrase, now)
    _check_chain(organisation)
    if not even_unusable:
        require_usable(organisation.key_states(now), now)
    return organisation


def require_usable(states: tuple[KeyState, ...], now: datetime) -> None:
    """Raises KeysUnavailable (retryable: a rotation helps) for the first that cannot be used."""
    for state in states:
        if not state.usable:
            early = state.valid_from is not None and now < state.valid_from
            remedy = f"If this computer's clock is right, run: ./run keys rotate {state.name}"
            raise KeysUnavailable(
                "certificate_unusable",
                f"The {state.name} certificate ({state.subject}) cannot be used: {state.problem}.",
                "Set this computer's clock." if early else remedy,
                retryable=True,
            )


def read_certificate(path: Path) -> x509.Certificate:
    """Raises KeysUnavailable."""
    content = key_file.read_bytes(path)
    try:
        return x509.load_pem_x509_certificate(content)
    except ValueError as error:
        raise mismatch(f"{path.name} is not a certificate") from error


def _read(folder: KeyFolder, passphrase: bytes, now: datetime) -> Organisation:
    names = {purpose: folder.generations(purpose) for purpose in PURPOSES}
    held = {name: read_certificate(folder.certificate(name)) for each in names.values() for name in each}
    roots = tuple(
        Authority(name, held[name], key_file.read_bytes(folder.revocation_list(name)))
        for name in names["root"]
    )
    issuers = tuple(
        _read_issuer(folder, name, held[name], passphrase, now, former=name != names["issuing"][0])
        for name in names["issuing"]
    )
    pairs = {
        purpose: KeyPair(key_file.read_signing_key(folder.key(name), passphrase), held[name])
        for purpose, (name, *_) in names.items()
        if purpose in ("seal", "timestamp")
    }
    assert issuers[0].key is not None
    return Organisation(
        directory=folder.path,
        roots=roots,
        issuers=issuers,
        issuing=KeyPair(issuers[0].key, issuers[0].certificate),
        seal=pairs["seal"],
        timestamp=pairs["timestamp"],
        log_key=key_file.read_log_key(folder.key("log"), passphrase),
        present={purpose: each[0] for purpose, each in names.items()},
        former={name: held[name] for purpose in ("seal", "timestamp") for name in names[purpose][1:]},
    )


def _read_issuer(
    folder: KeyFolder,
    name: str,
    certificate: x509.Certificate,
    passphrase: bytes,
    now: datetime,
    *,
    former: bool,
) -> Authority:
    """A former one may lack its key: then its list stays as it is."""
    path = folder.key(name)
    key = None if former and not path.exists() else key_file.read_signing_key(path, passphrase)
    listed = folder.revocation_list(name)
    if key is not None and not listed.exists():
        # Installations made before lists of issuing authorities were stored.
        key_file.write_new(listed, issue_crl(KeyPair(key, certificate), now))
    return Authority(name, certificate, key_file.read_bytes(listed), key)


def _check_chain(organisation: Organisation) -> None:
    for name, held in organisation.every_certificate().items():
        allowed = organisation.issuers if purpose_of(name) == "seal" else organisation.roots
        if not any(authority.issued(held) for authority in allowed):
            raise mismatch(f"{name}.crt was not issued by a certificate beside it")
    for root in organisation.roots:
        if not root.issued(root.certificate):
            raise mismatch(f"{root.name}.crt is not a root")
    issuers = [KeyPair(one.key, one.certificate) for one in organisation.issuers if one.key is not None]
    for pair in (*issuers, organisation.seal, organisation.timestamp):
        if pair.key.public_key() != pair.certificate.public_key():
            raise mismatch(f"the key of {pair.certificate.subject.rfc4514_string()} is another's")
    for authority in organisation.authorities:
        authority.check_list()
