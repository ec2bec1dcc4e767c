"""Certificate revocation lists (RFC 5280, 5) that outlive the time for which records are kept.

A checker twenty years from now has only what is in the file, so nextUpdate lies 25 years ahead.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing.certificate import WORKING_LIFE, KeyPair


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
