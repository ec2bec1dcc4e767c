"""The organisation's keys seen from above: which are in use, what became of the others, who vouches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class KeyStatus(StrEnum):
    CURRENT = "current"
    FORMER = "former"  # replaced; what was signed under it stays valid
    REVOKED = "revoked"


class RevocationReason(StrEnum):
    """Why a certificate is revoked (RFC 5280, 5.3.1), in the words of the terminal."""

    KEY_COMPROMISED = "key-compromised"
    AFFILIATION_CHANGED = "affiliation-changed"
    SUPERSEDED = "superseded"
    CESSATION = "cessation"
    PRIVILEGE_WITHDRAWN = "privilege-withdrawn"
    UNSPECIFIED = "unspecified"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One credential that a rotation made, and the one it replaces."""

    name: str  # "seal-2"
    subject: str
    serial: str  # lower-case hex
    fingerprint: str  # SHA-256 hex of the certificate
    valid_until: datetime
    replaces: str  # "seal"


@dataclass(frozen=True, slots=True)
class Revocation:
    """An entry of a revocation list of ours."""

    name: str  # of a key of ours, "" for a one-time certificate
    subject: str
    serial: str
    issuer: str  # name of the authority whose list it is in: "issuing", "root"
    reason: RevocationReason
    revoked_at: datetime
    list_number: int


@dataclass(frozen=True, slots=True)
class AuthorityState:
    """How a timestamp authority answered just now. problem "": a token that holds.

    valid_until: of its certificate; None for the built-in one, which is among the keys.
    """

    name: str
    address: str  # "" for the built-in one
    problem: str = ""
    seconds: float = 0.0
    ahead: float = 0.0  # seconds by which its clock is ahead of ours
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrustMaterial:
    """What an installation trusts by itself, all DER.

    roots: its own, the one in use first. revocation_lists: of its own authorities, as they are now.
    timestamp_roots: believed for timestamps, and for nothing else.
    """

    roots: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    timestamp_roots: tuple[bytes, ...] = ()
