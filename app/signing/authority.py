"""A certification authority of the organisation, in use or former, with its revocation list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

from app.domain.errors import KeysUnavailable
from app.signing.certificate import KeyPair
from app.signing.revocation import Entry, entries_of, issue_crl, number_of


@dataclass(frozen=True, slots=True)
class Authority:
    """name: of its files. crl: DER as stored. key None: kept elsewhere, as a root's is."""

    name: str
    certificate: x509.Certificate
    crl: bytes
    key: EllipticCurvePrivateKey | None = None

    def entries(self) -> tuple[Entry, ...]:
        return entries_of(x509.load_der_x509_crl(self.crl))

    def entry_of(self, serial: int) -> Entry | None:
        """What its list says of a certificate; None: not revoked."""
        return next((entry for entry in self.entries() if entry.serial == serial), None)

    def issued(self, certificate: x509.Certificate) -> bool:
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def list_now(self, now: datetime) -> bytes:
        """DER of its revocation list: signed anew where the key is at hand, else as stored."""
        if self.key is None:
            return self.crl
        stored = x509.load_der_x509_crl(self.crl)
        return issue_crl(KeyPair(self.key, self.certificate), now, entries_of(stored), number_of(stored))

    def check_list(self) -> None:
        """Raises KeysUnavailable unless its list is one, and signed by it."""
        try:
            stored = x509.load_der_x509_crl(self.crl)
        except ValueError as error:
            raise mismatch(f"{self.name}.crl is not a revocation list") from error
        key = self.certificate.public_key()
        if not isinstance(key, EllipticCurvePublicKey) or not stored.is_signature_valid(key):
            raise mismatch(f"{self.name}.crl is not signed by {self.name}.crt")


def mismatch(reason: str) -> KeysUnavailable:
    return KeysUnavailable(
        "keys_mismatch",
        f"The files in the folder of keys do not belong together: {reason}.",
        "Restore the whole folder from one backup.",
    )
