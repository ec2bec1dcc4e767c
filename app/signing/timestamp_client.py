"""A client of external timestamp authorities over HTTP (RFC 3161, 3.4).

A reply counts only if it is granted, echoes our nonce, is over our digest and is signed under
the CA certificates configured for this authority with a certificate for timestamps: most
authorities speak plain HTTP, so nothing less tells them from whoever answers instead.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLContext, create_default_context
from urllib.parse import urlsplit

from asn1crypto import algos, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from app.domain.errors import InvalidInput, TimestampUnavailable
from app.signing.certificate import der_of
from app.signing.timestamp import TimestampToken
from app.signing.waiting import wait_for

LARGEST_REPLY = 64 * 1024  # bytes; tokens with long chains have about 10 kB
LARGEST_TOKEN = 12 * 1024  # bytes that are reserved in a file for a token
NONCE_BITS = 63
GRANTED = ("granted", "granted_with_mods")


def external_authorities(
    urls: Sequence[str], certificates: Sequence[bytes] = (), *, timeout: float = 10.0
) -> tuple[HttpTimestampAuthority, ...]:
    """The authorities at `urls`, in the order they are asked; each is named by its host.

    certificates: DER of the CAs under which they sign; none: those this computer trusts. Raises
    InvalidInput for an address that is none, or if there is no certificate to check tokens with.
    """
    if not urls:
        return ()
    held = certificates or create_default_context().get_ca_certs(binary_form=True)
    trusted = tuple(x509.load_der_x509_certificate(one) for one in held)
    try:
        return tuple(
            HttpTimestampAuthority(urlsplit(url).hostname or url, url, trusted, timeout) for url in urls
        )
    except ValueError as error:
        raise InvalidInput(
            "timestamp_authority", f"The timestamp settings do not work: {error}.", "Correct the settings."
        ) from error


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
    _tls: SSLContext | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{self.url!r} is not the address of a timestamp authority")
        if not self.trusted:
            raise ValueError(f"the timestamp authority {self.name} needs its CA certificates")
        if parts.scheme == "https":
            object.__setattr__(self, "_tls", create_default_context())

    def stamp(self, digest: bytes) -> TimestampToken:
        nonce = secrets.randbits(NONCE_BITS)
        reply = self._post(_request(digest, nonce))
        try:
            token = _token_of(reply)
            at = self._check(token, digest, nonce)
            encoded = token.dump()
        except Exception as error:
            raise self._unavailable(f"its answer does not hold: {error}") from error
        if len(encoded) > self.token_size:
            raise self._unavailable(f"its token has {len(encoded)} bytes, more than {self.token_size}")
        return TimestampToken(encoded, at, self.name)

    def _check(self, token: tsp.ContentInfo, digest: bytes, nonce: int) -> datetime:
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
        if not (status.intact and status.valid and status.trusted):
            raise ValueError("the token does not verify under the certificates configured for it")
        at: datetime = status.timestamp
        return at.astimezone(UTC)

    def _post(self, body: bytes) -> bytes:
        deadline = time.monotonic() + self.timeout
        parts = urlsplit(self.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        connection = self._connection(parts.hostname or "", parts.port)
        try:
            connection.request("POST", target, body, headers)
            return self._read(connection, deadline)
        except (OSError, HTTPException) as error:
            raise self._unavailable(str(error) or type(error).__name__) from error
        finally:
            connection.close()

    def _read(self, connection: HTTPConnection, deadline: float) -> bytes:
        response = connection.getresponse()
        if response.status != 200:  # a redirect too is no answer
            raise self._unavailable(f"it answered with HTTP {response.status}")
        content = bytearray()
        while piece := response.read1(8192):
            content += piece
            if len(content) > LARGEST_REPLY:
                raise self._unavailable(f"its answer is longer than {LARGEST_REPLY} bytes")
            if time.monotonic() > deadline:
                raise self._unavailable(f"it took longer than {self.timeout} seconds")
        return bytes(content)

    def _connection(self, host: str, port: int | None) -> HTTPConnection:
        if self._tls is not None:
            return HTTPSConnection(host, port, timeout=self.timeout, context=self._tls)
        return HTTPConnection(host, port, timeout=self.timeout)

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


def _token_of(reply: bytes) -> tsp.ContentInfo:
    response = tsp.TimeStampResp.load(reply, strict=True)
    status = response["status"]["status"].native
    if status not in GRANTED:
        raise ValueError(f"it refused with status {status}")
    return response["time_stamp_token"]

