"""The CMS of one PAdES signature (EN 319 142-1) and the room that it needs in the file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from cryptography import x509

from app.signing import identifiers
from app.signing.certificate import der_of
from app.signing.signed_data import attribute, signed_attributes, signed_data
from app.signing.timestamp import TimestampToken

LARGEST_ECDSA = 72  # bytes of a DER ECDSA value over P-256


@dataclass(frozen=True, slots=True)
class SignerChain:
    """The signer's certificate and that of its issuing authority; the root is never embedded."""

    signer: x509.Certificate
    issuing: x509.Certificate

    def attributes(self, document_digest: bytes) -> bytes:
        """DER of the signed attributes over `document_digest`."""
        return signed_attributes(document_digest, der_of(self.signer))

    def signature(self, attributes: bytes, value: bytes, token: bytes) -> bytes:
        """DER of the complete CMS: value over attributes, and the token over value."""
        return signed_data(
            attributes=attributes,
            signature=value,
            certificates=(self.signer, self.issuing),
            unsigned=(attribute(identifiers.SIGNATURE_TIMESTAMP, token),),
        )

    def room(self, token_size: int) -> int:
        """Hexadecimal digits to reserve for the CMS with a token of at most `token_size` bytes."""
        largest = self.signature(self.attributes(bytes(32)), bytes(LARGEST_ECDSA), bytes(token_size))
        return 2 * len(largest)


def timestamped_digest(value: bytes) -> bytes:
    """What the signature timestamp is over: the signature value (RFC 3161, appendix A)."""
    return hashlib.sha256(value).digest()


@dataclass(frozen=True, slots=True)
class Completed:
    """A signed revision and the token inside it."""

    file: bytes
    token: TimestampToken
