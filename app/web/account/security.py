"""Flask-Security, set up for our store: which of its views are open, under which addresses, how safe.

Off: registration, password reset by mail, tokens, JSON, "remember me", passkeys. Recovery is
by an invitation link or at the terminal.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out  # type: ignore[import-untyped, unused-ignore]  # no types
from flask_security import Security, current_user, hash_password, user_authenticated

from app.domain.password import LONGEST, SHORTEST
from app.services.sign_in import record_sign_in, record_sign_out
from app.web import limits
from app.web.account import throttled_forms as forms
from app.web.account.datastore import AccountStore, SessionUser
from app.web.account.wording import MESSAGES
from app.web.derived_keys import derive_text
from app.web.kit import client_address, kit, user_agent
from app.web.sessions import ACCOUNT, current_session

FRESH = timedelta(minutes=15)
CODE_WINDOW = 30  # seconds before and after that a code of the app is taken
LIMITED = ("login", "verify", "change_password", "two_factor_token_validation", "mf_recovery")
# Views of the library that belong to ways we do not offer: help by mail, several second factors.
CLOSED = ("security.two_factor_rescue", "security.tf_select")

CODE_PAGE = "security.two_factor_token_validation"

ADDRESSES = {
    "LOGIN_URL": "/sign-in",
    "LOGOUT_URL": "/sign-out",
    "VERIFY_URL": "/password-again",
    "CHANGE_URL": "/account/password",
    "TWO_FACTOR_SETUP_URL": "/account/second-step",
    "TWO_FACTOR_TOKEN_VALIDATION_URL": "/sign-in/code",
    "MULTI_FACTOR_RECOVERY_CODES_URL": "/account/recovery-codes",
    "MULTI_FACTOR_RECOVERY_URL": "/sign-in/recovery-code",
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/sign-in",
    "POST_CHANGE_VIEW": "/account",
    "POST_VERIFY_VIEW": "/account",
    "TWO_FACTOR_POST_SETUP_VIEW": "/account/recovery-codes",
}


def register(web: Flask, secret: str) -> None:
    web.config.update({f"SECURITY_{name}": value for name, value in (ADDRESSES | _settings(secret)).items()})
    web.config.update({f"SECURITY_MSG_{name}": said for name, said in MESSAGES.items()})
    library = Security(
        web,
        AccountStore(),
        login_form=forms.SignInForm,
        verify_form=forms.PasswordAgainForm,
        change_password_form=forms.NewPasswordForm,
        two_factor_verify_code_form=forms.CodeForm,
        mf_recovery_form=forms.RecoveryCodeForm,
        mail_util_cls=forms.OwnAddresses,
        password_util_cls=forms.OwnPasswords,
        totp_cls=forms.OnceOnlyCodes,
    )
    library.want_json(lambda _: False)
    # Only a session on the server signs anybody in; the library would also take tokens from addresses.
    library.login_manager.request_loader(lambda _: None)
    library.login_manager.session_protection = None
    for name in LIMITED:
        endpoint = f"security.{name}"
        view: Any = web.view_functions[endpoint]
        web.view_functions[endpoint] = limits.login(view)
    web.before_request(refuse_closed)
    user_authenticated.connect(after_sign_in, web)
    user_logged_out.connect(after_sign_out, web)


def _settings(secret: str) -> dict[str, Any]:
    return {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        # No second secret in the hash: who loses the web secret must still be able to sign in.
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_SALT": derive_text(secret, "password salt"),
        "PASSWORD_LENGTH_MIN": SHORTEST,
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "CHANGEABLE": True,
        "TWO_FACTOR": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": CODE_WINDOW,
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TOTP_SECRETS": {"1": derive_text(secret, "totp secrets")},
        "TOTP_ISSUER": "Countersign",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [derive_text(secret, "recovery codes")],
        "API_ENABLED_METHODS": ["session"],
        "FRESHNESS": FRESH,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "RETURN_GENERIC_RESPONSES": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "STATIC_FOLDER": None,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "LOGOUT_CSRF": True,
        "DEFAULT_REMEMBER_ME": False,
    }


def refuse_closed() -> ResponseReturnValue | None:
    """Keep the library's views to what we offer. None: go on."""
    if request.endpoint in CLOSED:
        abort(404)
    if request.endpoint == CODE_PAGE and request.method != "POST" and current_user.is_authenticated:
        # The library would sign the reader out, and no GET changes anything.
        return redirect(url_for("pages.start"))
    # What is longer than any password is not worth hashing.
    if request.blueprint == "security" and request.method == "POST":
        for name in ("password", "new_password"):
            if len(request.form.get(name, "")) > LONGEST * 4:
                abort(400)
    return None


def after_sign_in(sender: Flask, user: SessionUser, **_: Any) -> None:
    """A new session key, a new form token, and the fact in the audit log."""
    session = current_session()
    session.rotate = True
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    account = user.account
    session[ACCOUNT] = account.id
    record_sign_in(kit(), account.id, account.as_actor(client_address(), user_agent()))


def after_sign_out(sender: Flask, user: Any, **_: Any) -> None:
    """Nothing of the session remains, here or on the server."""
    account_id = current_session().get(ACCOUNT)
    current_session().clear()
    if account_id and isinstance(getattr(user, "_get_current_object", lambda: user)(), SessionUser):
        record_sign_out(kit(), user.account.as_actor(client_address(), user_agent()))


def hash_new_password(password: str) -> str:
    """argon2id over the normalised password, as the sign-in form compares it."""
    normal = current_app.extensions["security"].password_util.normalize(password)
    return str(hash_password(normal))
