"""The accounts library's forms, with tries counted and passwords judged by our own rules."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_security import current_user
from flask_security.forms import ChangePasswordForm, LoginForm, TwoFactorVerifyCodeForm, VerifyForm
from flask_security.mail_util import MailUtil
from flask_security.password_util import PasswordUtil
from flask_security.recovery_codes import MfRecoveryForm
from flask_security.totp import Totp

from app.domain.errors import AppError
from app.domain.password import LONGEST, find_weakness
from app.services.settings import read_business
from app.services.sign_in import attempt_key, record_try, require_room, use_code
from app.web.kit import client_address, kit


class SignInForm(LoginForm):
    """No "remember me": sessions end with the browser or after their time."""

    remember = None  # type: ignore[assignment]  # the way that WTForms takes a field away

    def validate(self, **options: Any) -> bool:
        """Raises TooManyTries. What cannot be a password is not hashed (128 characters bound the work)."""
        if not self.email.data or not self.password.data:
            return bool(super().validate(**options))
        key = attempt_key("password", self.email.data.strip().lower(), client_address())
        require_room(kit(), key)
        self.password.data = self.password.data[: LONGEST + 1]
        good = bool(super().validate(**options))
        if good or not self.csrf_token.errors:
            record_try(kit(), key, succeeded=good)
        return good


class PasswordAgainForm(VerifyForm):
    """Re-authentication."""

    def validate(self, **options: Any) -> bool:
        return _counted(self, super().validate, "password", options)


class NewPasswordForm(ChangePasswordForm):
    def validate(self, **options: Any) -> bool:
        self.user = current_user
        return _counted(self, super().validate, "password", options, failed_by="password")


class CodeForm(TwoFactorVerifyCodeForm):
    def validate(self, **options: Any) -> bool:
        self.code.data = (self.code.data or "").replace(" ", "")
        return _counted(self, super().validate, "code", options)


class RecoveryCodeForm(MfRecoveryForm):
    def validate(self, **options: Any) -> bool:
        self.code.data = (self.code.data or "").strip().lower()
        return _counted(self, super().validate, "code", options)


def _counted(
    form: Any, validate: Any, kind: str, options: dict[str, Any], *, failed_by: str = ""
) -> bool:
    """Validate under the throttle of the account. failed_by: only faults of this field count."""
    key = attempt_key(kind, form.user.id)
    require_room(kit(), key)
    good = bool(validate(**options))
    if good or not failed_by or form[failed_by].errors:
        record_try(kit(), key, succeeded=good)
    return good


class OwnPasswords(PasswordUtil):
    """Judges new passwords by `domain.password`, without asking any service."""

    def validate(
        self, password: str, is_register: bool, **details: Any
    ) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        user = details.get("user")
        weakness = find_weakness(normal, about_user(user) if user else ())
        return ([weakness] if weakness else None), normal


def about_user(user: Any) -> tuple[str, ...]:
    """What a password must not be made of."""
    account = user.account
    return account.name, account.email, read_business(kit()).name


class OwnAddresses(MailUtil):
    """Addresses are compared as they were stored; mail of the library's own is never sent."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def normalize(self, email: str) -> str:
        return email.strip().lower()

    def validate(self, email: str) -> str:
        return self.normalize(email)

    def send_mail(self, *arguments: Any, **options: Any) -> None:
        raise AppError(
            "library-mail", "The accounts library does not send mail here.", "This is a defect: report it."
        )


class OnceOnlyCodes(Totp):
    """A code of the authenticator app is good once (RFC 6238, 5.2)."""

    def verify_totp(self, token: str, totp_secret: str, user: Any, window: int = 0) -> bool:
        if not super().verify_totp(token, totp_secret, user, window):
            return False
        return use_code(kit(), user.id, g.matched_counter)

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        g.matched_counter = int(tmatch.counter)
