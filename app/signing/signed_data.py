"""CMS SignedData (RFC 5652) as PAdES and RFC 3161 use it: one signer, ECDSA P-256 with SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.signing import der, identifiers

# RFC 5754, 2: the parameters of SHA-2 and of ECDSA with SHA-2 are absent.
SHA_256 = der.sequence(der.object_identifier(identifiers.SHA_256))
ECDSA_WITH_SHA_256 = der.sequence(der.object_identifier(identifiers.ECDSA_WITH_SHA_256))


def attribute(identifier: str, value: bytes) -> bytes:
    """An Attribute with exactly one value (RFC 5652, 5.3)."""
    return der.sequence(der.object_identifier(identifier), der.set_of(value))


def signed_attributes(
    message_digest: bytes, certificate: bytes, *, content_type: str = identifiers.DATA
) -> bytes:
    """DER of the SignedAttributes as SET OF, which is what is signed (RFC 5652, 5.4).

    Baseline set of EN 319 142-1, 6.3: content-type, message-digest and signing-certificate-v2;
    no signing-time, which PAdES puts into /M of the signature dictionary.
    message_digest: SHA-256 of the signed content. certificate: DER of the signer's.
    """
    # ESSCertIDv2 with its default hash algorithm SHA-256, which DER omits (RFC 5035, 4).
    identifier = der.sequence(der.octet_string(hashlib.sha256(certificate).digest()))
    return der.set_of(
        attribute(identifiers.CONTENT_TYPE, der.object_identifier(content_type)),
        attribute(identifiers.MESSAGE_DIGEST, der.octet_string(message_digest)),
        attribute(identifiers.SIGNING_CERTIFICATE_V2, der.sequence(der.sequence(identifier))),
    )


def signed_data(
    *,
    attributes: bytes,
    signature: bytes,
    certificates: Sequence[x509.Certificate],
    content: bytes | None = None,
    unsigned: Sequence[bytes] = (),
) -> bytes:
    """DER of a ContentInfo that holds SignedData.

    attributes: as `signed_attributes` gives them. signature: DER ECDSA value over them.
    certificates: the signer's first, then its issuers. content: DER of a TSTInfo to
    encapsulate, or None for a detached signature of id-data. unsigned: unsigned attributes.
    """
    version = 1 if content is None else 3  # RFC 5652, 5.1
    return der.sequence(
        der.object_identifier(identifiers.SIGNED_DATA),
        der.context(
            0,
            der.sequence(
                der.integer(version),
                der.set_of(SHA_256),
                _encapsulated(content),
                der.context(0, b"".join(sorted(c.public_bytes(Encoding.DER) for c in certificates))),
                der.set_of(_signer_info(attributes, signature, certificates[0], unsigned)),
            ),
        ),
    )


def _encapsulated(content: bytes | None) -> bytes:
    if content is None:
        return der.sequence(der.object_identifier(identifiers.DATA))
    return der.sequence(
        der.object_identifier(identifiers.TST_INFO), der.context(0, der.octet_string(content))
    )


def _signer_info(
    attributes: bytes, signature: bytes, certificate: x509.Certificate, unsigned: Sequence[bytes]
) -> bytes:
    issuer_and_serial = der.sequence(
        certificate.issuer.public_bytes(), der.integer(certificate.serial_number)
    )
    parts = [
        der.integer(1),
        issuer_and_serial,
        SHA_256,
        der.context(0, der.content_of(attributes)),  # RFC 5652, 5.3: IMPLICIT [0], signed as SET OF
        ECDSA_WITH_SHA_256,
        der.octet_string(signature),
    ]
    if unsigned:
        parts.append(der.context(1, b"".join(sorted(unsigned))))
    return der.sequence(*parts)
