"""Links and one-time codes: secrets that are sent to people and stored only as digests."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

TOKEN_BYTES = 32
CODE_DIGITS = 6
CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5


class LinkPurpose(StrEnum):
    """A token for one purpose opens nothing else."""

    SIGN = "sign"
    GIVE_DETAILS = "give_details"
    SET_UP = "set_up"
    JOIN = "join"  # an invited lawyer or member of staff
    RESET_PASSWORD = "reset_password"  # noqa: S105  the name of a purpose, no password
    IN_PERSON = "in_person"


class LinkState(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    USED = "used"


@dataclass(frozen=True, slots=True)
class AccessLink:
    """`subject`: signer id, agreement id, or account id, as the purpose has it.

    envelope_id is set for SIGN and IN_PERSON. A SIGN link stays good until its envelope ends;
    the others are used once.
    """

    id: str
    token_digest: str
    purpose: LinkPurpose
    subject: str
    created_at: datetime
    expires_at: datetime
    envelope_id: str = ""
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def state(self, at: datetime) -> LinkState:
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.used_at is not None:
            return LinkState.USED
        return LinkState.VALID if at < self.expires_at else LinkState.EXPIRED


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that was asked for in one browser session; `code_digest` is "" until it is sent.

    channel: how it was sent, in words of the record ("one-time code by e-mail").
    """

    id: str
    link_id: str
    session_digest: str
    channel: str
    asked_at: datetime
    salt: str
    code_digest: str = ""
    expires_at: datetime | None = None
    tries: int = 0
    used_at: datetime | None = None

    def with_code(self, code: str, at: datetime) -> OneTimeCode:
        return replace(self, code_digest=digest_code(self.salt, code), expires_at=at + CODE_LIFE)

    def accepts(self, code: str, session_digest: str, at: datetime) -> bool:
        """Whether this code, in this session, now, is right. Constant time in the code."""
        if self.used_at is not None or self.tries >= CODE_TRIES or not self.code_digest:
            return False
        if self.expires_at is None or at >= self.expires_at or self.session_digest != session_digest:
            return False
        return hmac.compare_digest(self.code_digest, digest_code(self.salt, code))


def digest_token(token: str) -> str:
    """What is stored of a token. 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def digest_code(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()
