"""Sign-ins: who did, what changed on an account, and how often somebody may try.

Ten failures of one account from one address within 15 minutes close that pair for the rest of
them; nobody else is locked out. Codes of a second factor are counted per account, because only
somebody with the password comes so far.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

from app.domain.account import Account
from app.domain.actor import Actor
from app.domain.audit import AuditEvent
from app.domain.errors import AppError
from app.toolkit import Toolkit

TRIES = 10
WINDOW = timedelta(minutes=15)
CODE_MEMORY = timedelta(minutes=10)


class TooManyTries(AppError):
    """So many failures that the next try is not even looked at."""


def attempt_key(*parts: str) -> str:
    """What tries are counted under: a digest, so that the table names nobody."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def require_room(kit: Toolkit, key: str) -> None:
    """Raises TooManyTries."""
    with kit.unit_of_work(read_only=True) as unit:
        failures = unit.login_attempts.failures_since(key, kit.clock.now() - WINDOW)
    if failures >= TRIES:
        raise TooManyTries(
            "too-many-tries",
            "Too many tries in a short time.",
            "Wait 15 minutes, then try again. A forgotten password is replaced at the terminal: "
            "./run user reset-password",
            retryable=True,
        )


def record_try(kit: Toolkit, key: str, *, succeeded: bool) -> None:
    """Count a try. A success that nothing preceded writes nothing."""
    with kit.unit_of_work() as unit:
        unit.login_attempts.add(key, kit.clock.now(), succeeded=succeeded)


def use_code(kit: Toolkit, account_id: str, counter: int) -> bool:
    """Use up the authenticator code of one half-minute. False if it was used before (RFC 6238, 5.2)."""
    key = attempt_key("used code", account_id, str(counter))
    now = kit.clock.now()
    with kit.unit_of_work() as unit:
        if unit.login_attempts.failures_since(key, now - CODE_MEMORY):
            return False
        unit.login_attempts.add(key, now, succeeded=False)
    return True


def record_sign_in(kit: Toolkit, account_id: str, actor: Actor) -> None:
    with kit.unit_of_work() as unit:
        account = replace(unit.accounts.get(account_id), last_signed_in_at=kit.clock.now())
        unit.accounts.save(account, _event("account.signed_in", actor, account))


def record_sign_out(kit: Toolkit, actor: Actor) -> None:
    with kit.unit_of_work() as unit:
        account = unit.accounts.get(actor.id)
        unit.audit.append(_event("account.signed_out", actor, account))


def keep_secrets(kit: Toolkit, before: Account, after: Account, actor: Actor, *, session: str) -> Account:
    """Store what the accounts library changed: password, second factor, recovery codes.

    Only what differs between `before` and `after` is written, onto the account as it stands now.
    A new session key ends the sessions of the account, but the one with the digest `session`.
    """
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in SECRETS}
    changes = {name: new for name, (old, new) in pairs.items() if new != old}
    with kit.unit_of_work() as unit:
        account = replace(unit.accounts.get(before.id), **changes)
        if changes:
            unit.accounts.save(account, _event(_happening(before, after), actor, account))
        if after.session_key != before.session_key:
            unit.sessions.end_all(account.id, keep=session)
    return account


def end_other_sessions(kit: Toolkit, account_id: str, session: str, actor: Actor) -> None:
    """Sign the account out everywhere but in the session with this digest."""
    with kit.unit_of_work() as unit:
        account = unit.accounts.get(account_id)
        unit.sessions.end_all(account.id, keep=session)
        unit.audit.append(_event("account.sessions_ended", actor, account))


SECRETS = ("password_hash", "session_key", "second_factor", "totp_secret", "recovery_codes")


def _happening(before: Account, after: Account) -> str:
    if after.password_hash != before.password_hash:
        same = after.session_key == before.session_key
        return "account.password_hashed_anew" if same else "account.password_changed"
    if after.second_factor != before.second_factor:
        return f"account.second_factor_{'added' if after.second_factor else 'removed'}"
    if after.totp_secret != before.totp_secret:
        return "account.second_factor_replaced"
    if len(after.recovery_codes) < len(before.recovery_codes):
        return "account.recovery_code_used"
    return "account.recovery_codes_made"


def _event(name: str, actor: Actor, account: Account) -> AuditEvent:
    return AuditEvent(name=name, actor=actor, subject=account.id, details={"part": str(account.part)})
