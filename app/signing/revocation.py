"""Certificate revocation lists (RFC 5280, 5) that outlive the time for which records are kept.

A checker twenty years from now has only what is in the file, so nextUpdate lies 25 years ahead.
"""

from __future__ import annotations

from collections.abc import Iterable
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


def issue_crl(issuer: KeyPair, now: datetime) -> bytes:
    """DER of the issuer's list as of `now`. Its number is the time in seconds, so it only grows."""
    moment = now.astimezone(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(moment)
        .next_update(moment + WORKING_LIFE)
        .add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
        )
    )
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def fetch_crls(certificates: Iterable[asn1_x509.Certificate]) -> list[bytes]:
    """DER of the lists that an external timestamp authority's certificates point at.

    Raises TimestampUnavailable (retryable) if one of them has no list that can be had.
    """
    found: dict[str, bytes] = {}
    for held in certificates:
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
