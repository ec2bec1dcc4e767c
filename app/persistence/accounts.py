"""Accounts of the workspace. The e-mail is kept in lower case and belongs to one account only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, ColumnElement, Connection, Index, String, Table, Text, select, update

from app.domain.account import Account
from app.domain.actor import Part
from app.domain.audit import AuditEvent
from app.domain.errors import InvalidInput, NotFound
from app.persistence.audit_log import AuditRows
from app.persistence.schema import (
    TIME_LENGTH,
    Row,
    insert_if_missing,
    metadata,
    read_json,
    read_optional_time,
    read_time,
    write_json,
    write_optional_time,
    write_time,
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("session_key", Text, nullable=False),
    Column("created_at", String(TIME_LENGTH), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("second_factor", Text, nullable=False),
    Column("totp_secret", Text, nullable=False),
    Column("recovery_codes", Text, nullable=False),
    Column("bar_number", Text, nullable=False),
    Column("bar_jurisdiction", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("last_signed_in_at", String(TIME_LENGTH), nullable=True),
    Index("ix_accounts_session_key", "session_key"),
)

# What may be saved without an event. An account read before somebody was shut out must not let
# that person in again when its last sign-in is noted, so everything else needs an event.
BOOKKEEPING = frozenset({"name", "bar_number", "bar_jurisdiction", "time_zone", "last_signed_in_at"})


class AccountRows:
    """Implements the Protocol `Accounts` inside one transaction."""

    def __init__(self, connection: Connection, audit: AuditRows) -> None:
        self._connection = connection
        self._audit = audit

    def get(self, account_id: str) -> Account:
        """Raises NotFound."""
        return _to_account(self._row(account_id))

    def by_email(self, email: str) -> Account | None:
        """Upper and lower case are the same."""
        return self._one(accounts.c.email == email.lower())

    def by_session_key(self, session_key: str) -> Account | None:
        return self._one(accounts.c.session_key == session_key)

    def add(self, account: Account, event: AuditEvent) -> None:
        """Raises InvalidInput `account-exists` for an e-mail that has one."""
        _check_event(account, event)
        if not insert_if_missing(self._connection, accounts, "email", _to_row(account)):
            raise _exists(account.email)
        self._audit.append(event)

    def save(self, account: Account, event: AuditEvent | None) -> None:
        """Raises NotFound for an account that was never added, InvalidInput `account-exists` for the
        e-mail of another, ValueError if rights or secrets change without an event."""
        row = _to_row(account)
        stored = self._row(account.id)
        changed = {name: value for name, value in row.items() if value != stored[name]}
        if event is None and not changed.keys() <= BOOKKEEPING:
            guarded = ", ".join(sorted(changed.keys() - BOOKKEEPING))
            raise ValueError(f"an account cannot change without an event in: {guarded}")
        if event is not None:
            _check_event(account, event)
        if "email" in changed and self.by_email(account.email) is not None:
            raise _exists(account.email)
        if changed:
            self._connection.execute(update(accounts).where(accounts.c.id == account.id).values(changed))
        if event is not None:
            self._audit.append(event)

    def list(self) -> Sequence[Account]:
        """Oldest first."""
        query = select(accounts).order_by(accounts.c.created_at, accounts.c.id)
        return [_to_account(row) for row in self._connection.execute(query).mappings()]

    def _row(self, account_id: str) -> Row:
        query = select(accounts).where(accounts.c.id == account_id)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise NotFound("account-not-found", "There is no such account.", "Reload the list of accounts.")
        return row

    def _one(self, condition: ColumnElement[bool]) -> Account | None:
        row = self._connection.execute(select(accounts).where(condition)).mappings().one_or_none()
        return None if row is None else _to_account(row)


def _exists(email: str) -> InvalidInput:
    return InvalidInput(
        "account-exists",
        f"There is an account for {email} already.",
        "Use another address, or let this person sign in.",
    )


def _check_event(account: Account, event: AuditEvent) -> None:
    if event.subject != account.id:
        raise ValueError(f"the event {event.name} does not name the account that is saved with it")


def _to_row(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "email": account.email.lower(),
        "name": account.name,
        "part": str(account.part),
        "password_hash": account.password_hash,
        "session_key": account.session_key,
        "created_at": write_time(account.created_at),
        "active": account.active,
        "second_factor": account.second_factor,
        "totp_secret": account.totp_secret,
        "recovery_codes": write_json(account.recovery_codes),
        "bar_number": account.bar_number,
        "bar_jurisdiction": account.bar_jurisdiction,
        "time_zone": account.time_zone,
        "last_signed_in_at": write_optional_time(account.last_signed_in_at),
    }


def _to_account(row: Row) -> Account:
    return Account(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        part=Part(row["part"]),
        password_hash=row["password_hash"],
        session_key=row["session_key"],
        created_at=read_time(row["created_at"]),
        active=row["active"],
        second_factor=row["second_factor"],
        totp_secret=row["totp_secret"],
        recovery_codes=tuple(read_json(row["recovery_codes"])),
        bar_number=row["bar_number"],
        bar_jurisdiction=row["bar_jurisdiction"],
        time_zone=row["time_zone"],
        last_signed_in_at=read_optional_time(row["last_signed_in_at"]),
    )
