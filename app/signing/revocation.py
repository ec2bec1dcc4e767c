"""Certificate revocation lists (RFC 5280, 5) that outlive the time for which records are kept.

A checker twenty years from now has only what is in the file, so nextUpdate lies 25 years ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.errors import TimestampUnavailable
from app.signing.bounded_http import ExchangeFailed, exchange, is_http_address
from app.signing.certificate import WORKING_LIFE, KeyPair

LARGEST_CRL = 4 * 1024 * 1024  # bytes
FETCH_TIMEOUT = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Entry:
    """One revoked certificate in a list."""

    serial: int
    revoked_at: datetime
    reason: x509.ReasonFlags

    @classmethod
    def of(cls, listed: x509.RevokedCertificate) -> Entry:
        try:
            reason = listed.extensions.get_extension_for_class(x509.CRLReason).value.reason
        except x509.ExtensionNotFound:
            reason = x509.ReasonFlags.unspecified
        return cls(listed.serial_number, listed.revocation_date_utc, reason)

    def written(self) -> x509.RevokedCertificate:
        builder = (
            x509.RevokedCertificateBuilder()
            .serial_number(self.serial)
            .revocation_date(self.revoked_at.astimezone(UTC).replace(microsecond=0))
        )
        if self.reason is not x509.ReasonFlags.unspecified:  # RFC 5280, 5.3.1: absent instead
            builder = builder.add_extension(x509.CRLReason(self.reason), critical=False)
        return builder.build()


def issue_crl(issuer: KeyPair, now: datetime, entries: Iterable[Entry] = (), after: int = 0) -> bytes:
    """DER of the issuer's list as of `now`.

    Its number is the time in microseconds, and always greater than `after`: it only grows.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    number = max(int(now.timestamp() * 1_000_000), after + 1)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(moment)
        .next_update(moment + WORKING_LIFE)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry.written())
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def entries_of(crl: x509.CertificateRevocationList) -> tuple[Entry, ...]:
    return tuple(Entry.of(listed) for listed in crl)


def number_of(crl: x509.CertificateRevocationList) -> int:
    return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number


def fetch_crls(certificates: Iterable[asn1_x509.Certificate | x509.Certificate]) -> list[bytes]:
    """DER of the lists that an external timestamp authority's certificates point at.

    Raises TimestampUnavailable (retryable) if one of them has no list that can be had.
    """
    found: dict[str, bytes] = {}
    for each in certificates:
        encoded = each.public_bytes(Encoding.DER) if isinstance(each, x509.Certificate) else each.dump()
        held = asn1_x509.Certificate.load(encoded)
        if held.self_issued:
            continue  # a trust anchor, which no list of its own can revoke
        addresses = [point.url for point in held.crl_distribution_points if is_http_address(point.url or "")]
        if not any(address in found for address in addresses):
            address, content = _first_crl(held, addresses)
            found[address] = content
    return list(found.values())


def _first_crl(held: asn1_x509.Certificate, addresses: list[str]) -> tuple[str, bytes]:
    reasons = [] if addresses else ["it names no list"]
    for address in addresses:
        try:
            content = exchange(address, timeout=FETCH_TIMEOUT, limit=LARGEST_CRL)
            x509.load_der_x509_crl(content)
        except (ExchangeFailed, ValueError) as error:
            reasons.append(f"{address}: {error}")
            continue
        return address, content
    raise TimestampUnavailable(
        "revocation_unavailable",
        "The revocation list for the timestamp authority's certificate "
        f"{held.subject.human_friendly} cannot be had ({'; '.join(reasons)}).",
        "It is tried again later; if it stays so, use another timestamp authority.",
        retryable=True,
    )
