"""Our accounts as Flask-Security wants them: a user that can change, and a store to put it in.

What the library changes on a user is compared with the account as it was read, and only the
difference is stored, with its audit event, by one service.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from app.domain.account import Account
from app.domain.errors import NotFound
from app.services.sign_in import keep_secrets
from app.web.kit import client_address, kit, user_agent
from app.web.sessions import current_session

AUTHENTICATOR = "authenticator"


class SessionUser(UserMixin):
    """An account during a request. `account` is it with what was changed since."""

    # The names are the library's; it also looks for them on the class.
    fs_uniquifier: str = ""
    password: str | None = None
    email: str = ""
    active: bool = False
    tf_totp_secret: str | None = None
    tf_primary_method: str | None = None
    tf_phone_number: str | None = None
    mf_recovery_codes: list[str] | None = None

    def __init__(self, account: Account) -> None:
        self.stored = account
        self.id = account.id  # type: ignore[assignment]  # the library thinks of numbers
        self.email = account.email
        self.active = account.active
        self.fs_uniquifier = account.session_key
        self.password = account.password_hash or None
        self.tf_primary_method = account.second_factor or None
        self.tf_totp_secret = account.totp_secret or None
        self.mf_recovery_codes = list(account.recovery_codes)
        self.roles: list[Any] = []  # who may do what is decided by the part, in `access`

    @property
    def account(self) -> Account:
        return replace(
            self.stored,
            session_key=self.fs_uniquifier,
            password_hash=self.password or "",
            second_factor=self.tf_primary_method or "",
            totp_secret=self.tf_totp_secret or "",
            recovery_codes=tuple(self.mf_recovery_codes or ()),
        )


class NoRole(RoleMixin):
    """The library asks for a class of roles. There are none."""


class AccountStore(UserDatastore):
    """Implements the library's datastore on the unit of work. Each `put` is stored at once."""

    def __init__(self) -> None:
        super().__init__(SessionUser, NoRole)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> SessionUser | None:
        """By `fs_uniquifier`, `email` or `id`: exactly one of them."""
        ((name, value),) = wanted.items()
        with kit().unit_of_work(read_only=True) as unit:
            if name == "fs_uniquifier":
                account = unit.accounts.by_session_key(str(value))
            elif name == "email":
                account = unit.accounts.by_email(str(value).strip().lower())
            else:
                try:
                    account = unit.accounts.get(str(value))
                except NotFound:
                    account = None
        return SessionUser(account) if account else None

    def find_role(self, role: str) -> None:
        return None

    def put(self, model: Any) -> Any:
        # current_user is a proxy around the user
        user: SessionUser = getattr(model, "_get_current_object", lambda: model)()
        before, after = user.stored, user.account
        if before != after:
            actor = after.as_actor(client_address(), user_agent())
            digest = current_session().digest
            user.stored = keep_secrets(kit(), before, after, actor, session=digest)
        return model

    def commit(self) -> None:
        """Nothing waits: `put` has stored it."""

    def delete(self, model: Any) -> None:
        raise NotImplementedError("accounts are made inactive, never deleted: the audit log names them")
