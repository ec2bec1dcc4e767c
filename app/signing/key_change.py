"""Keys are replaced and certificates revoked.

A rotation makes a new generation and keeps the certificates before it, for what was signed
under them. The former private keys of seal and timestamp are destroyed; a former issuing
authority keeps its key, with which it may still revoke what it issued. Rotating an authority
renews what hangs on it, each step complete in itself (see `key_folder`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.errors import InvalidInput, KeysUnavailable, WrongState
from app.domain.keys import KeyChange, Revocation, RevocationReason
from app.signing import certificate as profiles
from app.signing import key_file
from app.signing.authority import Authority, mismatch
from app.signing.certificate import Holder, KeyPair
from app.signing.key_folder import PURPOSES, KeyFolder, purpose_of
from app.signing.organisation import Organisation, require_usable
from app.signing.revocation import Entry, entries_of, issue_crl, number_of

# What is made anew with it, in this order: nothing hangs on a certificate that is not there yet.
RENEWED = {
    "root": ("root", "issuing", "timestamp", "seal"),
    "issuing": ("issuing", "seal"),
    "seal": ("seal",),
    "timestamp": ("timestamp",),
}
REASONS = {
    RevocationReason.KEY_COMPROMISED: x509.ReasonFlags.key_compromise,
    RevocationReason.AFFILIATION_CHANGED: x509.ReasonFlags.affiliation_changed,
    RevocationReason.SUPERSEDED: x509.ReasonFlags.superseded,
    RevocationReason.CESSATION: x509.ReasonFlags.cessation_of_operation,
    RevocationReason.PRIVILEGE_WITHDRAWN: x509.ReasonFlags.privilege_withdrawn,
    RevocationReason.UNSPECIFIED: x509.ReasonFlags.unspecified,
}

Reopen = Callable[[], Organisation]


class KeyChanger:
    """The changes of one folder of keys.

    reopen: opens it as it stands, also with something expired or revoked in use. root_folder:
    where the root's private key lies if not in its folder. trust_url: as `create_organisation`.
    """

    def __init__(
        self,
        reopen: Reopen,
        passphrase: bytes,
        now: datetime,
        *,
        root_folder: Path | None = None,
        trust_url: str = "",
    ) -> None:
        self._reopen = reopen
        self._passphrase = passphrase
        self._now = now
        self._elsewhere = root_folder
        self._trust_url = trust_url

    def rotate(self, purpose: str) -> tuple[KeyChange, ...]:
        """New credentials for `purpose` and for what hangs on it, in use from now on.

        Raises InvalidInput for an unknown purpose, KeysUnavailable if a key that this needs is
        not there or its authority cannot be used, StorageFailed.
        """
        if purpose not in RENEWED:
            raise InvalidInput(
                "key_unknown",
                f"There is no key \u201c{purpose}\u201d.",
                f"Name one of: {', '.join(PURPOSES)}.",
            )
        if purpose != "root":
            self._issuer_for(purpose, self._reopen())
        return tuple(self._renew(each) for each in RENEWED[purpose])

    def revoke(self, certificate: x509.Certificate, reason: RevocationReason) -> Revocation:
        """Put a certificate of ours on its issuer's list, which is signed anew and stored.

        Raises InvalidInput for a root, WrongState if it is revoked already, KeysUnavailable if
        the issuer's key is not there, StorageFailed.
        """
        held = self._reopen()
        issuer = held.issuer_of(certificate)
        if issuer.certificate == certificate:
            raise InvalidInput(
                "root_not_revocable",
                "A root stands in nobody's list: it cannot be revoked.",
                "Rotate it (./run keys rotate root) and tell everybody who trusts it to stop.",
            )
        if issuer.entry_of(certificate.serial_number) is not None:
            raise WrongState(
                "revoked_already", "This certificate is revoked already.", "There is nothing to do."
            )
        key = self._key_of(issuer, held)
        entry = Entry(certificate.serial_number, self._now.astimezone(UTC), _flag(reason, certificate))
        number = self._sign_list(issuer, key, held, entry)
        names = {one: name for name, one in held.every_certificate().items()}
        return Revocation(
            name=names.get(certificate, ""),
            subject=certificate.subject.rfc4514_string(),
            serial=profiles.serial_hex(certificate),
            issuer=issuer.name,
            reason=reason,
            revoked_at=entry.revoked_at,
            list_number=number,
        )

    def _sign_list(
        self, issuer: Authority, key: EllipticCurvePrivateKey, held: Organisation, *further: Entry
    ) -> int:
        """Sign an authority's list as of now, with further entries, and store it. Returns its number."""
        listed = x509.load_der_x509_crl(issuer.crl)
        entries = (*entries_of(listed), *further)
        crl = issue_crl(KeyPair(key, issuer.certificate), self._now, entries, number_of(listed))
        key_file.replace_file(KeyFolder(held.directory).revocation_list(issuer.name), crl)
        return number_of(x509.load_der_x509_crl(crl))

    def _renew(self, purpose: str) -> KeyChange:
        held = self._reopen()
        folder = KeyFolder(held.directory)
        name = folder.next_name(purpose)
        pair = self._make(purpose, held, int(name.partition("-")[2] or 1))
        key_file.make_directory(folder.root_folder)
        place = folder.root_folder / f"{name}.key" if purpose == "root" else folder.key(name)
        key_file.write_key(place, pair.key, self._passphrase)
        if purpose in ("root", "issuing"):
            key_file.write_new(folder.revocation_list(name), issue_crl(pair, self._now))
        pem = pair.certificate.public_bytes(Encoding.PEM)
        key_file.write_new(folder.certificate(name), pem)  # from here it is in use
        former = held.present[purpose]
        if purpose in ("seal", "timestamp"):
            key_file.destroy(folder.key(former))
        return KeyChange(
            name=name,
            subject=pair.certificate.subject.rfc4514_string(),
            serial=profiles.serial_hex(pair.certificate),
            fingerprint=pair.certificate.fingerprint(hashes.SHA256()).hex(),
            valid_until=pair.certificate.not_valid_after_utc,
            replaces=former,
        )

    def _make(self, purpose: str, held: Organisation, generation: int) -> KeyPair:
        holder = Holder(held.name, held.country, generation)
        if purpose == "root":
            return profiles.issue_root(holder, self._now)
        issuer, pair = self._issuer_for(purpose, held)
        if purpose_of(issuer.name) == "root":
            # Its list was signed when its key was last here; what is made now outlives that list.
            self._sign_list(issuer, pair.key, held)
        if self._trust_url:
            holder = replace(holder, published=f"{self._trust_url}/{issuer.name}")
        make = {
            "issuing": profiles.issue_issuing,
            "seal": profiles.issue_seal,
            "timestamp": profiles.issue_timestamp,
        }
        return make[purpose](holder, pair, self._now)

    def _issuer_for(self, purpose: str, held: Organisation) -> tuple[Authority, KeyPair]:
        """The authority in use that issues for `purpose`, with its key; it must be usable."""
        states = {state.name: state for state in held.key_states(self._now)}
        issuer = held.issuers[0] if purpose == "seal" else held.roots[0]
        require_usable((states[purpose_of(issuer.name)],), self._now)
        return issuer, KeyPair(self._key_of(issuer, held), issuer.certificate)

    def _key_of(self, authority: Authority, held: Organisation) -> EllipticCurvePrivateKey:
        if purpose_of(authority.name) == "root":
            path = KeyFolder(held.directory).root_key(authority.name, self._elsewhere)
            key = key_file.read_signing_key(path, self._passphrase)
        elif authority.key is not None:
            key = authority.key
        else:
            raise KeysUnavailable(
                "issuer_key_gone",
                f"The key of the former authority {authority.name} is not there, so its list cannot change.",
                f"Bring {authority.name}.key back from a backup, or revoke {authority.name} itself.",
            )
        if key.public_key() != authority.certificate.public_key():
            raise mismatch(f"{authority.name}.key is not the key of {authority.name}.crt")
        return key


def find_certificate(held: Organisation, wanted: str) -> x509.Certificate | None:
    """A certificate of the organisation by name or serial number; None: it may be a one-time one.

    Raises InvalidInput for a name that several generations share.
    """
    every = held.every_certificate()
    named = [name for name in every if purpose_of(name) == wanted]
    if len(named) > 1:
        listed = ", ".join(f"{name} ({profiles.serial_hex(every[name])})" for name in named)
        raise InvalidInput(
            "key_ambiguous", f"There are several: {listed}.", "Give the serial number of the one you mean."
        )
    by_serial = {profiles.serial_hex(certificate): certificate for certificate in every.values()}
    return every.get(wanted) or by_serial.get(plain_serial(wanted))


def plain_serial(written: str) -> str:
    """A serial number as other programs write it, in our form: "0x04:AB" -> "04ab"."""
    digits = written.strip().lower().removeprefix("0x").replace(":", "").replace(" ", "").lstrip("0")
    return f"0{digits}" if len(digits) % 2 else digits


def _flag(reason: RevocationReason, certificate: x509.Certificate) -> x509.ReasonFlags:
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    if reason is RevocationReason.KEY_COMPROMISED and constraints.ca:
        return x509.ReasonFlags.ca_compromise
    return REASONS[reason]


