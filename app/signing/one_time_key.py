"""A key that lives for one signature in this process, where the signer's device cannot make one.

It is never written anywhere. Python cannot promise that freed memory is overwritten; what is
promised is that nothing keeps the key after the block and that it cannot sign again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.domain.errors import SigningFailed
from app.signing.certificate import generate_key


class OneTimeKey:
    """A P-256 key. `public_key` is DER SubjectPublicKeyInfo."""

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        self._key: EllipticCurvePrivateKey | None = key
        self.public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, attributes: bytes) -> bytes:
        """DER ECDSA with SHA-256 over the signed attributes. Raises SigningFailed once destroyed."""
        if self._key is None:
            raise SigningFailed("key-destroyed", "The key of this signature is gone.", "Sign again.")
        return self._key.sign(attributes, ECDSA(hashes.SHA256()))

    def destroy(self) -> None:
        self._key = None


@contextmanager
def one_time_key() -> Iterator[OneTimeKey]:
    """A new key, destroyed when the block ends, however it ends.

    Within the block it may sign again where another signer was faster: the same signature on the
    file as it stands then.
    """
    key = OneTimeKey(generate_key())
    try:
        yield key
    finally:
        key.destroy()
