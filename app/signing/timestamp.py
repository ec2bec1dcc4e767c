"""Timestamps (RFC 3161): the built-in authority, and asking several authorities in order.

The built-in authority is honest about what it is, "local clock": the clock of the computer
that the application runs on, which proves order and integrity, not independence.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA

from app.domain.errors import TimestampUnavailable
from app.domain.keys import AuthorityState
from app.signing import der, identifiers
from app.signing.certificate import KeyPair, der_of
from app.signing.revocation import fetch_crls
from app.signing.signed_data import SHA_256, signed_attributes, signed_data

LOCAL_CLOCK = "local clock"
ACCURACY_SECONDS = 1
SERIAL_BITS = 127


@dataclass(frozen=True, slots=True)
class TimestampToken:
    """A token that has been checked: DER of its ContentInfo, its time, whose it is, and the
    CA certificate under which it was found good.

    chain: what lies below that CA, down to the signer of the token; none for our own.
    """

    der: bytes
    at: datetime
    authority: str
    anchor: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()


class Clock(Protocol):
    """Where the time comes from; aware UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class TimestampAuthority(Protocol):
    """Something that timestamps a SHA-256 digest.

    token_size: the most bytes that its token needs; room for it is reserved in the file.
    trusted: the CA certificates with which its tokens are checked.
    """

    @property
    def name(self) -> str: ...

    @property
    def token_size(self) -> int: ...

    @property
    def trusted(self) -> tuple[x509.Certificate, ...]: ...

    def stamp(self, digest: bytes) -> TimestampToken:
        """A checked token over `digest`. Raises TimestampUnavailable."""
        ...


class LocalClock:
    """The built-in authority: our own key for timestamps and this computer's clock."""

    name = LOCAL_CLOCK

    def __init__(self, pair: KeyPair, root: x509.Certificate, clock: Clock) -> None:
        self._pair = pair
        self._clock = clock
        self.trusted = (root,)
        # An ECDSA value and the integers vary by a few bytes; nothing else does.
        self.token_size = len(issue_token(pair, bytes(32), datetime.now(UTC), nonce=2**63)) + 16

    def stamp(self, digest: bytes) -> TimestampToken:
        now = self._clock.now()
        token = issue_token(self._pair, digest, now)
        moment = now.astimezone(UTC).replace(microsecond=0)
        return TimestampToken(token, moment, self.name, self.trusted[0])


def issue_token(pair: KeyPair, digest: bytes, now: datetime, nonce: int | None = None) -> bytes:
    """DER of the token over a SHA-256 `digest` (RFC 3161, 2.4.2). The nonce is echoed if given."""
    imprint = der.sequence(SHA_256, der.octet_string(digest))
    parts = [
        der.integer(1),
        der.object_identifier(identifiers.TIMESTAMP_POLICY),
        imprint,
        der.integer(secrets.randbits(SERIAL_BITS)),
        der.generalized_time(now),
        der.sequence(der.integer(ACCURACY_SECONDS)),  # ordering is FALSE, which DER omits
    ]
    if nonce is not None:
        parts.append(der.integer(nonce))
    content = der.sequence(*parts)
    attributes = signed_attributes(
        hashlib.sha256(content).digest(), der_of(pair.certificate), content_type=identifiers.TST_INFO
    )
    return signed_data(
        attributes=attributes,
        signature=pair.key.sign(attributes, ECDSA(hashes.SHA256())),
        certificates=(pair.certificate,),
        content=content,
    )


def try_authority(authority: TimestampAuthority, clock: Clock) -> AuthorityState:
    """Ask one authority for a token, for the self-check."""
    address = str(getattr(authority, "url", ""))
    started, asked_at = time.monotonic(), clock.now()
    try:
        token = authority.stamp(hashlib.sha256(secrets.token_bytes(32)).digest())
        fetch_crls(token.chain)  # without them nothing could be archived
    except TimestampUnavailable as error:
        return AuthorityState(authority.name, address, error.message, time.monotonic() - started)
    ahead = (token.at - asked_at).total_seconds()
    until = token.chain[-1].not_valid_after_utc if token.chain else None
    return AuthorityState(authority.name, address, "", time.monotonic() - started, ahead, until)


def stamp_with_first(authorities: Sequence[TimestampAuthority], digest: bytes) -> TimestampToken:
    """The token of the first authority that answers well. Raises TimestampUnavailable."""
    return first_answering(authorities, digest)[1]


def first_answering(
    authorities: Sequence[TimestampAuthority], digest: bytes
) -> tuple[TimestampAuthority, TimestampToken]:
    """The first authority that answers well, and its token. Raises TimestampUnavailable."""
    failures = []
    for authority in authorities:
        try:
            return authority, authority.stamp(digest)
        except TimestampUnavailable as error:
            failures.append(error.message)
    raise TimestampUnavailable(
        "timestamp_unavailable",
        "Not signed yet, because no timestamp authority answered. " + " ".join(failures),
        "Nothing that was entered is lost; try again in a few minutes.",
        retryable=True,
    )
