"""Keys for single purposes, derived from the one random secret of the installation's pages."""

from __future__ import annotations

import base64
import hashlib
import hmac


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes that say nothing about the secret nor about keys of other purposes."""
    return hmac.digest(secret.encode(), f"countersign web key: {purpose}".encode(), hashlib.sha256)


def derive_text(secret: str, purpose: str) -> str:
    """The same as URL-safe base64: 44 characters, as Fernet and Flask take them."""
    return base64.urlsafe_b64encode(derive(secret, purpose)).decode()
