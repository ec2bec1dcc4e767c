"""Proof that whoever asks for a credential holds the private key (RFC 4211, 4: proof of possession).

The device signs a challenge of ours under a prefix of its own, so that the proof can never be
taken for the signature of a document, whose signed attributes begin with the DER tag SET.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from app.domain.errors import InvalidInput

PREFIX = b"countersign proof of possession\x00"
SHORTEST_CHALLENGE = 16  # bytes
RAW_LENGTH = 64  # r || s, as WebCrypto gives it


def verify_possession(public_key: bytes, challenge: bytes, signature: bytes) -> bytes:
    """The public key as canonical DER SubjectPublicKeyInfo, if the proof is right.

    public_key: DER of a P-256 key. signature: ECDSA with SHA-256 over PREFIX + challenge, as
    r || s. Raises InvalidInput `public-key` or `possession-unproved`.
    """
    if len(challenge) < SHORTEST_CHALLENGE:
        raise ValueError("the challenge is too short to be fresh")
    key = _p256_key(public_key)
    if len(signature) != RAW_LENGTH:
        raise _unproved()
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    value = encode_dss_signature(r, s)
    try:
        key.verify(value, PREFIX + challenge, ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise _unproved() from error
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _p256_key(public_key: bytes) -> EllipticCurvePublicKey:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise InvalidInput(
            "public-key", "The public key is not a P-256 key.", "Reload the page and sign again."
        )
    return key


def _unproved() -> InvalidInput:
    return InvalidInput(
        "possession-unproved",
        "The device did not prove that it holds the key.",
        "Reload the page and sign again.",
    )
