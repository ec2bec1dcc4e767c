"""Signing seen from above: what a signature needs and what came out, in plain values.

Files and certificates are bytes (PDF, DER). The signing room does the cryptography;
nothing here knows a library.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.keys import KeyStatus

SEAL_FIELD = "seal"


class KeyHeldBy(StrEnum):
    """Who held the private key at the moment of signing; recorded and shown, never guessed."""

    SIGNER_CLIENT = "signer_client"
    SERVER_ONE_TIME = "server_one_time"
    ORGANISATION = "organisation"
    DEMO_PROCESS = "demo_process"


class Level(StrEnum):
    """PAdES baseline levels, ETSI EN 319 142-1 clause 6; NONE where not even B-B is met."""

    NONE = "none"
    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"


@dataclass(frozen=True, slots=True)
class CredentialSubject:
    """Whom a one-time credential names, and which identity checks were passed."""

    name: str
    capacity: str  # "director of Larkfield Bookkeeping Ltd", "for herself"
    email: str
    country: str  # ISO 3166-1 alpha-2
    identity_checks: tuple[str, ...]  # e.g. ("e-mail link", "one-time code by e-mail")
    key_held_by: KeyHeldBy


@dataclass(frozen=True, slots=True)
class IssuedCredential:
    certificate: bytes  # DER
    serial: str  # lower-case hex
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is drawn into the signature field, besides the proof in the file.

    picture: PNG of a drawn or uploaded signature, already re-encoded; None: typed.
    style: "italic" or "upright" for a typed signature.
    """

    signer_name: str
    capacity: str
    signed_at: datetime  # our clock, aware UTC
    key_held_by: KeyHeldBy
    identity: str  # one line: "e-mail link and one-time code"
    initialled: str  # "clauses 2, 4, 7" or "not asked for"
    style: str = "italic"
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class SignatureRequest:
    """One signature to be prepared: into which field, how it looks, which initials go with it."""

    field: str
    appearance: Appearance
    initials: tuple[tuple[str, str], ...]  # (fully qualified field name, initials text)
    reason: str  # "I sign as ..."


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """An incremental update that waits for its signature value.

    file: the whole prepared PDF, beginning with exactly the `base_length` bytes it was made on.
    signed_attributes: DER of the CMS SignedAttributes (SET OF), which is what gets signed.
    """

    file: bytes
    base_length: int
    signed_attributes: bytes
    document_digest: bytes  # SHA-256 of the byte ranges; equals messageDigest inside the attributes
    certificate: bytes  # DER of the one-time certificate
    field: str
    contents_offset: int  # of the "<" of /Contents in file
    contents_length: int  # from "<" to ">" inclusive


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file after a signature, and what its timestamp says."""

    file: bytes
    level: Level
    timestamped_at: datetime
    timestamp_authority: str  # "local clock" for the built-in one


@dataclass(frozen=True, slots=True)
class KeyState:
    """One key of the organisation, for `./run keys list` and `./run doctor`."""

    name: str  # root, issuing, seal, timestamp
    subject: str
    serial: str
    valid_until: datetime
    usable: bool
    problem: str = ""
    generation: str = ""  # the name of its files: "seal-2"
    status: KeyStatus = KeyStatus.CURRENT
    valid_from: datetime | None = None
    fingerprint: str = ""  # SHA-256 hex of the certificate
    issuer: str = ""  # the generation that issued it
