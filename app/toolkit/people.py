"""What is kept of people: accounts and sessions, the other parties, their links, codes and channels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from app.domain.access_link import AccessLink, LinkPurpose, OneTimeCode
from app.domain.account import Account, WebSession
from app.domain.audit import AuditEvent
from app.domain.identity_channel import IdentityChannel
from app.domain.person import Person


class Accounts(Protocol):
    def get(self, account_id: str) -> Account:
        """Raises NotFound."""
        ...

    def by_email(self, email: str) -> Account | None: ...

    def by_session_key(self, session_key: str) -> Account | None: ...

    def add(self, account: Account, event: AuditEvent) -> None:
        """Raises InvalidInput `account-exists` for an e-mail that has one."""
        ...

    def save(self, account: Account, event: AuditEvent | None) -> None:
        """An event for what concerns rights and secrets; None for bookkeeping (last sign-in)."""
        ...

    def list(self) -> Sequence[Account]: ...


class Sessions(Protocol):
    def get(self, key_digest: str) -> WebSession | None: ...

    def save(self, session: WebSession) -> None:
        """Add or replace."""
        ...

    def end(self, key_digest: str) -> None: ...

    def end_all(self, account_id: str, *, keep: str = "") -> None:
        """End the sessions of an account, but the one with the digest `keep`."""
        ...

    def delete_seen_before(self, moment: datetime) -> None: ...


class People(Protocol):
    def get(self, person_id: str) -> Person:
        """Raises NotFound."""
        ...

    def add(self, person: Person, event: AuditEvent) -> None: ...

    def save(self, person: Person, event: AuditEvent) -> None: ...

    def of_ids(self, person_ids: Sequence[str]) -> Sequence[Person]:
        """Those that exist, archived ones too, in no order."""
        ...

    def list(self) -> Sequence[Person]:
        """By name, without the archived."""
        ...


class AccessLinks(Protocol):
    def add(self, link: AccessLink) -> None: ...

    def by_token_digest(self, token_digest: str) -> AccessLink | None: ...

    def get(self, link_id: str) -> AccessLink:
        """Raises NotFound."""
        ...

    def save(self, link: AccessLink) -> None: ...

    def revoke(self, purpose: LinkPurpose, subject: str, at: datetime) -> int:
        """Revoke every valid link of this purpose to this subject; how many there were."""
        ...


class OneTimeCodes(Protocol):
    def add(self, code: OneTimeCode) -> None: ...

    def get(self, code_id: str) -> OneTimeCode:
        """Raises NotFound."""
        ...

    def latest(self, link_id: str, session_digest: str) -> OneTimeCode | None: ...

    def count_since(self, link_id: str, moment: datetime) -> int:
        """How many codes were asked for with this link since then."""
        ...

    def save(self, code: OneTimeCode) -> None: ...


class IdentityChannels(Protocol):
    """The second way of signers to show who they are; none stored means the usual one."""

    def get(self, envelope_id: str, signer_id: str) -> IdentityChannel: ...

    def save(self, channel: IdentityChannel) -> None:
        """Add or replace."""
        ...

    def count_try(self, channel: IdentityChannel) -> int:
        """Count a wrong access code; how many there are now."""
        ...


class LoginAttempts(Protocol):
    """Failed and successful sign-ins, for throttling. `key`: a digest of account and address."""

    def add(self, key: str, at: datetime, *, succeeded: bool) -> None: ...

    def failures_since(self, key: str, moment: datetime) -> int:
        """Failures since then and since the last success."""
        ...
