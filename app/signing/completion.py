"""The second step of a signature: check the value, timestamp it, embed both, check the result.

The timestamp comes before the revision exists: without one there is no signature, only a
prepared file that can be tried again.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from app.domain.errors import SigningFailed
from app.domain.signature import PreparedSignature
from app.signing.pades import Completed, SignerChain, timestamped_digest
from app.signing.timestamp import TimestampAuthority, stamp_with_first
from app.signing.writer import byte_range_digest, embed

RAW_LENGTH = 64  # r || s of P-256, as WebCrypto gives it


def complete_signature(
    prepared: PreparedSignature,
    signature_value: bytes,
    issuing: x509.Certificate,
    authorities: Sequence[TimestampAuthority],
) -> Completed:
    """The signed revision. Raises SigningFailed or TimestampUnavailable; then nothing has happened."""
    chain = _chain(prepared, issuing)
    check_prepared(prepared, chain)
    value = verified_value(chain.signer, prepared.signed_attributes, signature_value)
    token = stamp_with_first(authorities, timestamped_digest(value))
    cms = chain.signature(prepared.signed_attributes, value, token.der)
    end = prepared.contents_offset + prepared.contents_length
    return Completed(embed(prepared.file, prepared.contents_offset, end, cms), token)


def check_prepared(prepared: PreparedSignature, chain: SignerChain) -> None:
    """The file is still what its attributes say, with nothing but zeros where the CMS goes."""
    start, end = prepared.contents_offset, prepared.contents_offset + prepared.contents_length
    room = prepared.file[start:end]
    if not prepared.base_length < start or room != b"<" + b"0" * (prepared.contents_length - 2) + b">":
        raise _changed("the room for the signature is not empty")
    digest = byte_range_digest(prepared.file, start, end)
    if not hmac.compare_digest(digest, prepared.document_digest):
        raise _changed("its digest is another")
    if not hmac.compare_digest(chain.attributes(digest), prepared.signed_attributes):
        raise _changed("the signed attributes are not those of this file and certificate")


def verified_value(certificate: x509.Certificate, attributes: bytes, value: bytes) -> bytes:
    """`value` as DER, after it has been verified over `attributes`. Raises SigningFailed."""
    key = certificate.public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        raise _wrong_value()
    for candidate in _as_der(value):
        try:
            key.verify(candidate, attributes, ECDSA(hashes.SHA256()))
        except InvalidSignature:
            continue
        return candidate
    raise _wrong_value()


def _as_der(value: bytes) -> list[bytes]:
    """The forms that `value` can be read as: strict DER, or r || s."""
    forms = []
    try:
        if encode_dss_signature(*decode_dss_signature(value)) == value:
            forms.append(value)
    except ValueError:
        pass  # not DER; it may be r || s
    if len(value) == RAW_LENGTH:
        half = RAW_LENGTH // 2
        forms.append(
            encode_dss_signature(int.from_bytes(value[:half], "big"), int.from_bytes(value[half:], "big"))
        )
    return forms


def _chain(prepared: PreparedSignature, issuing: x509.Certificate) -> SignerChain:
    try:
        signer = x509.load_der_x509_certificate(prepared.certificate)
        signer.verify_directly_issued_by(issuing)
    except (ValueError, TypeError, InvalidSignature) as error:
        raise _changed("its certificate was not issued here") from error
    return SignerChain(signer, issuing)


def _changed(reason: str) -> SigningFailed:
    return SigningFailed(
        "prepared_changed",
        f"The prepared file is not the one that was prepared: {reason}.",
        "Prepare the signature again.",
    )


def _wrong_value() -> SigningFailed:
    return SigningFailed(
        "signature_wrong",
        "The signature value does not belong to this file and this signer's key.",
        "Reload the page and sign again.",
    )
