"""Encryption of keys at rest: PKCS#8 with PBES2, scrypt and AES-256 (RFC 5958, 8018, 7914).

The library's own writer stretches a passphrase with 2,048 rounds of PBKDF2 only; scrypt makes a
guess cost 16 MiB and a noticeable time. `openssl pkcs8` and every other reader open the result.
"""

from __future__ import annotations

import base64
import os
import textwrap

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7

from app.signing import der, identifiers

COST, BLOCK_SIZE, PARALLEL = 2**14, 8, 1  # as much as openssl accepts by default
KEY_LENGTH = 32


def encrypted_pem(clear: bytes, passphrase: bytes) -> bytes:
    """PEM of the EncryptedPrivateKeyInfo for `clear`, the DER of a PrivateKeyInfo."""
    salt, start = os.urandom(16), os.urandom(16)
    key = Scrypt(salt=salt, length=KEY_LENGTH, n=COST, r=BLOCK_SIZE, p=PARALLEL).derive(passphrase)
    padder = PKCS7(AES.block_size).padder()
    encryptor = Cipher(AES(key), CBC(start)).encryptor()
    encrypted = encryptor.update(padder.update(clear) + padder.finalize()) + encryptor.finalize()
    encoded = der.sequence(_algorithm(salt, start), der.octet_string(encrypted))
    lines = textwrap.wrap(base64.b64encode(encoded).decode("ascii"), 64)
    label = "ENCRYPTED PRIVATE KEY"
    return "\n".join((f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", "")).encode("ascii")


def _algorithm(salt: bytes, start: bytes) -> bytes:
    stretching = der.sequence(
        der.object_identifier(identifiers.SCRYPT),
        der.sequence(
            der.octet_string(salt),
            der.integer(COST),
            der.integer(BLOCK_SIZE),
            der.integer(PARALLEL),
            der.integer(KEY_LENGTH),
        ),
    )
    cipher = der.sequence(der.object_identifier(identifiers.AES_256_CBC), der.octet_string(start))
    return der.sequence(der.object_identifier(identifiers.PBES2), der.sequence(stretching, cipher))
