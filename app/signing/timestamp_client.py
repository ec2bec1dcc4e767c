"""A client of external timestamp authorities over HTTP (RFC 3161, 3.4).

A reply counts only if it is granted, echoes our nonce, is over our digest and is signed under
the CA certificates configured for this authority with a certificate for timestamps: most
authorities speak plain HTTP, so nothing less tells them from whoever answers instead.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from app.domain.errors import InvalidInput, TimestampUnavailable
from app.signing.bounded_http import ExchangeFailed, exchange, is_http_address, tls_context
from app.signing.certificate import der_of
from app.signing.timestamp import TimestampToken
from app.signing.waiting import wait_for

LARGEST_REPLY = 64 * 1024  # bytes; tokens with long chains have about 10 kB
LARGEST_TOKEN = 12 * 1024  # bytes that are reserved in a file for a token
NONCE_BITS = 63
GRANTED = ("granted", "granted_with_mods")


def read_timestamp_roots(pem: bytes) -> tuple[bytes, ...]:
    """DER of the CAs in a PEM file, which may hold several. Raises InvalidInput."""
    try:
        found = x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise _unusable_roots("it holds no certificate in PEM form") from error
    for held in found:
        try:
            held.verify_directly_issued_by(held)
        except (ValueError, TypeError, InvalidSignature) as error:
            name = held.subject.rfc4514_string()
            raise _unusable_roots(f"{name} is not a root: another authority issued it") from error
    return tuple(der_of(held) for held in found)


def timestamp_roots(path: Path | None, urls: Sequence[str]) -> tuple[bytes, ...]:
    """DER of the CAs believed for timestamps: those in the PEM file `path`; without one, while
    authorities are asked, those that this computer trusts. Raises InvalidInput.
    """
    if path is None:
        return _trusted_by_this_computer() if urls else ()
    try:
        return read_timestamp_roots(path.read_bytes())
    except OSError as error:
        raise _unusable_roots(f"{path} cannot be read ({error.strerror})") from error


def _trusted_by_this_computer() -> tuple[bytes, ...]:
    return tuple(tls_context().get_ca_certs(binary_form=True))


def external_authorities(
    urls: Sequence[str], certificates: Sequence[bytes] = (), *, timeout: float = 10.0
) -> tuple[HttpTimestampAuthority, ...]:
    """The authorities at `urls`, in the order they are asked; each is named by its host.

    certificates: DER of the CAs under which they sign; none: those this computer trusts. Raises
    InvalidInput for an address that is none, or if there is no certificate to check tokens with.
    """
    if not urls:
        return ()
    held = certificates or _trusted_by_this_computer()
    trusted = tuple(x509.load_der_x509_certificate(one) for one in held)
    try:
        return tuple(
            HttpTimestampAuthority(urlsplit(url).hostname or url, url, trusted, timeout) for url in urls
        )
    except ValueError as error:
        raise InvalidInput(
            "timestamp_authority", f"The timestamp settings do not work: {error}.", "Correct the settings."
        ) from error


def _unusable_roots(reason: str) -> InvalidInput:
    return InvalidInput(
        "timestamp_roots",
        f"The file of trusted timestamp authorities cannot be used: {reason}.",
        "Set COUNTERSIGN_TIMESTAMP_ROOTS to a PEM file of their root certificates.",
    )


@dataclass(frozen=True)
class HttpTimestampAuthority:
    """One external authority.

    url: http or https. trusted: certificates of the CAs under which it signs. timeout: seconds
    for the whole exchange. Redirects and proxies are not followed.
    """

    name: str
    url: str
    trusted: tuple[x509.Certificate, ...]
    timeout: float = 10.0
    token_size: int = LARGEST_TOKEN

    def __post_init__(self) -> None:
        if not is_http_address(self.url):
            raise ValueError(f"{self.url!r} is not the address of a timestamp authority")
        if not self.trusted:
            raise ValueError(f"the timestamp authority {self.name} needs its CA certificates")

    def stamp(self, digest: bytes) -> TimestampToken:
        nonce = secrets.randbits(NONCE_BITS)
        try:
            reply = exchange(
                self.url,
                timeout=self.timeout,
                limit=LARGEST_REPLY,
                body=_request(digest, nonce),
                media_type="application/timestamp-query",
            )
        except ExchangeFailed as error:
            raise self._unavailable(str(error)) from error
        try:
            return self._checked(_token_of(reply), digest, nonce)
        except Exception as error:
            raise self._unavailable(f"its answer does not hold: {error}") from error

    def _checked(self, token: cms.ContentInfo, digest: bytes, nonce: int) -> TimestampToken:
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        if info["nonce"].native != nonce:
            raise ValueError("the nonce is not ours")
        if info["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
            raise ValueError("the digest algorithm is not ours")
        trusted = [asn1_x509.Certificate.load(der_of(one)) for one in self.trusted]
        context = ValidationContext(trust_roots=trusted, allow_fetching=False, revocation_mode="soft-fail")
        validation = validate_tst_signed_data(signed, context, lambda _algorithm: digest)
        status = TimestampSignatureStatus(**wait_for(validation))
        path = status.validation_path
        if path is None or not (status.intact and status.valid and status.trusted):
            raise ValueError("the token does not verify under the certificates configured for it")
        encoded = token.dump()
        if len(encoded) > self.token_size:
            raise ValueError(f"the token has {len(encoded)} bytes, more than {self.token_size}")
        anchor, *chain = (x509.load_der_x509_certificate(one.dump()) for one in path)
        at = status.timestamp.astimezone(UTC)
        return TimestampToken(encoded, at, self.name, anchor, tuple(chain))

    def _unavailable(self, reason: str) -> TimestampUnavailable:
        return TimestampUnavailable(
            "timestamp_authority_failed",
            f"The timestamp authority {self.name} ({self.url}) gave no usable answer: {reason}.",
            "Try again in a few minutes, or configure another authority.",
            retryable=True,
        )


def _request(digest: bytes, nonce: int) -> bytes:
    imprint = {
        "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "hashed_message": digest,
    }
    request = tsp.TimeStampReq(
        {"version": 1, "message_imprint": imprint, "nonce": core.Integer(nonce), "cert_req": True}
    )
    return bytes(request.dump())


class _Reply(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """TimeStampResp. The library's own demands a token, which a refusal lacks (RFC 3161, 2.4.2)."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _token_of(reply: bytes) -> cms.ContentInfo:
    response = _Reply.load(reply, strict=True)
    status = response["status"]["status"].native
    if status not in GRANTED:
        reason = ", ".join(sorted(response["status"]["fail_info"].native or ())) or "no reason given"
        raise ValueError(f"it refused with status {status} ({reason})")
    token = response["time_stamp_token"]
    if isinstance(token, core.Void):
        raise ValueError("there is no token in it")
    return token
