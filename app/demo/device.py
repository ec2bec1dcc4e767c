"""A signer's device: makes the key for one signature, checks what it is given, signs, forgets.

It does what the script of the signing page does. The installation of the demo records such a
key as `demo_process`, because it is this process and no person that holds it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.demo.visitor import Page, Visitor
from app.domain.errors import SigningFailed
from app.signing.possession import PREFIX

CHALLENGE = re.compile(r'data-challenge="([^"]+)"')


def sign_on_device(visitor: Visitor, page: Page) -> None:
    """The exchange of the final page: credential, preparation, check, signature."""
    found = CHALLENGE.search(page.text)
    if found is None:
        raise SigningFailed("demo-no-challenge", "The final page has no challenge.", "Report this fault.")
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    challenge = base64.b64decode(html.unescape(found[1]))
    proof = _sign(key, PREFIX + challenge)
    visitor.ask(page, "/sign/credential", {"public_key": _text(public), "proof": _text(proof)})
    prepared = visitor.ask(page, "/sign/prepare", {"public_key_digest": hashlib.sha256(public).hexdigest()})
    attributes = base64.b64decode(prepared["signed_attributes"])
    _check(visitor, prepared["file_url"], base64.b64decode(prepared["document_digest"]), attributes)
    value = _sign(key, attributes)
    visitor.ask(
        page, "/sign/finish", {"prepared_digest": prepared["prepared_digest"], "signature": _text(value)}
    )


def _check(visitor: Visitor, file_url: str, document_digest: bytes, attributes: bytes) -> None:
    """What is signed is the displayed file with one revision behind it, and nothing else."""
    displayed = visitor.visit("/sign/file").data
    file = displayed + visitor.visit(file_url).data
    ranges = list(re.finditer(rb"/ByteRange\s*\[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", file))
    start, length, rest, end = (int(number) for number in ranges[-1].groups())
    digest = hashlib.sha256(file[start : start + length] + file[rest : rest + end]).digest()
    whole = start == 0 and rest + end == len(file) and length > len(displayed)
    if not whole or digest != document_digest or digest not in attributes:
        raise SigningFailed(
            "demo-other-file",
            "What was to be signed is not the file that was displayed.",
            "Report this fault.",
        )


def _sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    """The signature as WebCrypto gives it: r || s."""
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
