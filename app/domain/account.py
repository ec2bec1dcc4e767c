"""An account: somebody who signs in to the workspace. Signers of an envelope need none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.actor import Actor, Part

WORKSPACE_PARTS = (Part.OWNER, Part.STAFF, Part.LAWYER)


@dataclass(frozen=True, slots=True)
class Account:
    """`session_key` is what sessions are bound to: a new one ends them all.

    password_hash "": invited, no password chosen yet. totp_secret "": no authenticator app.
    recovery_codes: stored encrypted by the accounts library, never in clear.
    """

    id: str
    email: str  # lower case, unique
    name: str
    part: Part
    password_hash: str
    session_key: str
    created_at: datetime
    active: bool = True
    second_factor: str = ""  # "authenticator" or ""
    totp_secret: str = ""
    recovery_codes: tuple[str, ...] = ()
    bar_number: str = ""
    bar_jurisdiction: str = ""
    time_zone: str = "UTC"
    last_signed_in_at: datetime | None = None

    def as_actor(self, ip: str = "", user_agent: str = "") -> Actor:
        return Actor(self.part, self.id, self.name, self.email, ip, user_agent)


@dataclass(frozen=True, slots=True)
class WebSession:
    """A session in a browser; only the SHA-256 of its key is stored. `data`: JSON text."""

    key_digest: str
    account_id: str  # "" for a signer or a visitor
    data: str
    created_at: datetime
    seen_at: datetime
