"""Checkpoints of the audit log in the signed-note form (C2SP tlog-checkpoint, signed-note).

The body is three lines: origin, size, base64 of the root. A signature line is an em dash,
the name of the key and base64 of a 4-byte key id with the Ed25519 signature over the body.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from app.domain.errors import InvalidInput

ED25519_NOTE_ALGORITHM = b"\x01"
SIGNATURE_LENGTH = 64
DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A note taken apart. `body` is what the signature covers."""

    body: bytes
    origin: str
    size: int
    root: bytes
    key_name: str
    key_id: bytes
    signature: bytes


def checkpoint_body(origin: str, size: int, root: bytes) -> bytes:
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()


def key_id(name: str, public_key: bytes) -> bytes:
    """The first four bytes of SHA-256(name, line feed, algorithm, raw public key)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519_NOTE_ALGORITHM + public_key).digest()[:4]


def write_note(body: bytes, name: str, public_key: bytes, signature: bytes) -> str:
    signed = base64.b64encode(key_id(name, public_key) + signature).decode()
    return f"{body.decode()}\n{DASH} {name} {signed}\n"


def read_note(note: str) -> SignedNote:
    """Take a checkpoint apart. Raises InvalidInput where it has another form."""
    try:
        text, _, signatures = note.partition("\n\n")
        origin, size, root = text.split("\n")
        dash, name, encoded = signatures.rstrip("\n").split(" ")
        blob = base64.b64decode(encoded, validate=True)
        decoded_root = base64.b64decode(root, validate=True)
        number = int(size)
    except (ValueError, binascii.Error) as error:
        raise _malformed() from error
    if dash != DASH or len(blob) != 4 + SIGNATURE_LENGTH or len(decoded_root) != 32 or number < 0:
        raise _malformed()
    return SignedNote(
        body=(text + "\n").encode(), origin=origin, size=number, root=decoded_root,
        key_name=name, key_id=blob[:4], signature=blob[4:],
    )


def _malformed() -> InvalidInput:
    return InvalidInput(
        "checkpoint-malformed", "This is no checkpoint of an audit log.",
        "A checkpoint has three lines, an empty line and one signature line.",
    )
