"""Identity channels: by which second way a signer shows who they are, as the owner chose it.

Every signer comes by a link in a mail. The second way is a code to the same mailbox, a code to
another address, or an access code that the owner tells on the telephone.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

ACCESS_CODE_DIGITS = 9
ACCESS_CODE_TRIES = 5
# scrypt: a stolen database must not give the code away; about 50 ms for each guess.
SCRYPT = {"n": 2**14, "r": 8, "p": 1}

BY_CODE_SAME = "one-time code by e-mail, same channel as the link"
BY_CODE_SECOND = "one-time code to a second e-mail address"
BY_CODE_SECOND_SAME = "one-time code to a second e-mail address, same channel as the link"
BY_ACCESS_CODE = "access code told by the sender by phone"


class Channel(StrEnum):
    EMAIL = "email"
    SECOND_EMAIL = "second_email"
    ACCESS_CODE = "access_code"


@dataclass(frozen=True, slots=True)
class ChannelChoice:
    """What the owner chooses for one signer. `address`: for SECOND_EMAIL only."""

    channel: Channel = Channel.EMAIL
    address: str = ""


@dataclass(frozen=True, slots=True)
class IdentityChannel:
    """The second way of one signer of one envelope.

    code_digest is "" until the access code is made; `tries` counts wrong ones of all devices.
    """

    envelope_id: str
    signer_id: str
    channel: Channel = Channel.EMAIL
    address: str = ""
    salt: str = ""
    code_digest: str = ""
    made_at: datetime | None = None
    tries: int = 0

    @property
    def spent(self) -> bool:
        """Whether too many wrong codes were entered: the owner has to make another one."""
        return self.tries >= ACCESS_CODE_TRIES

    def with_code(self, code: str, salt: str, at: datetime) -> IdentityChannel:
        return replace(self, salt=salt, code_digest=digest_access_code(salt, code), made_at=at, tries=0)

    def accepts(self, code: str) -> bool:
        """Whether this is the access code. Constant time in the code; `spent` is asked for apart."""
        if not self.code_digest:
            return False
        return hmac.compare_digest(self.code_digest, digest_access_code(self.salt, code))


def digest_access_code(salt: str, code: str) -> str:
    """What is stored of an access code: it lives as long as the envelope, so the hash is a slow one."""
    return hashlib.scrypt(code.encode(), salt=salt.encode(), dklen=32, **SCRYPT).hex()


def check_words(held: IdentityChannel, signer_email: str) -> str:
    """How a passed check is told in the record. No address: these words are no personal value."""
    if held.channel is Channel.ACCESS_CODE:
        return BY_ACCESS_CODE
    if held.channel is Channel.SECOND_EMAIL:
        return BY_CODE_SECOND_SAME if is_same_mailbox(held.address, signer_email) else BY_CODE_SECOND
    return BY_CODE_SAME


def is_same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses lead to one mailbox, as far as the addresses show it.

    Letter case and what follows a plus sign make no difference. Two addresses that differ may
    still be forwarded to one mailbox; nobody can see that from here.
    """
    return _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> tuple[str, str]:
    local, _, domain = address.strip().casefold().rpartition("@")
    return local.partition("+")[0], domain
