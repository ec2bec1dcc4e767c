"""Possession: a device proves that it holds the private key before a credential names it."""

from __future__ import annotations

from app.signing.possession import verify_possession


def prove_possession(public_key: bytes, challenge: bytes, proof: bytes) -> bytes:
    """The public key in its one DER form. Raises InvalidInput `public-key` or `possession-unproved`."""
    return verify_possession(public_key, challenge, proof)
