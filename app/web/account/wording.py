"""What the accounts library says, in our words. (text, category) by the library's message names."""

from __future__ import annotations

from app.domain.password import SHORTEST

WRONG_CODE = ("The code is wrong or was used. Enter the one that the app shows now.", "stop")

MESSAGES: dict[str, tuple[str, str]] = {
    "GENERIC_AUTHN_FAILED": ("E-mail or password is wrong.", "stop"),
    "USER_DOES_NOT_EXIST": ("E-mail or password is wrong.", "stop"),
    "INVALID_PASSWORD": ("The password is wrong. Check capitals and try again.", "stop"),
    "DISABLED_ACCOUNT": ("This account was closed. Ask the owner.", "stop"),
    "EMAIL_NOT_PROVIDED": ("Enter your e-mail address.", "stop"),
    "INVALID_EMAIL_ADDRESS": ("Enter an e-mail address, like nora@example.com.", "stop"),
    "PASSWORD_NOT_PROVIDED": ("Enter your password.", "stop"),
    "PASSWORD_INVALID_LENGTH": (f"Use {SHORTEST} characters or more.", "stop"),
    "PASSWORD_IS_THE_SAME": ("This is your present password. Choose another one.", "stop"),
    "PASSWORD_MISMATCH": ("The two passwords differ. Enter the same one twice.", "stop"),
    "RETYPE_PASSWORD_MISMATCH": ("The two passwords differ. Enter the same one twice.", "stop"),
    "PASSWORD_CHANGE": ("Your password is changed. You were signed out everywhere else.", "done"),
    "UNAUTHENTICATED": ("Please sign in first.", "other"),
    "UNAUTHORIZED": ("This is not open to you.", "stop"),
    "REAUTHENTICATION_REQUIRED": ("Please enter your password again before you go on.", "other"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. You can go on.", "done"),
    "INVALID_CODE": WRONG_CODE,
    "TWO_FACTOR_INVALID_TOKEN": WRONG_CODE,
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("You are signed in.", "done"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": (
        "From now on signing in needs your password and a code from the app.",
        "done",
    ),
    "TWO_FACTOR_DISABLED": ("The second step is off. Your password alone signs you in.", "other"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("Choose the authenticator app.", "stop"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Please sign in first.", "other"),
    "TWO_FACTOR_SETUP_EXPIRED": ("That took longer than %(within)s. Please begin again.", "stop"),
    "INVALID_RECOVERY_CODE": ("This is none of your unused recovery codes.", "stop"),
    "NO_RECOVERY_CODES_SETUP": ("You have no recovery codes yet.", "other"),
    "API_ERROR": ("That did not work. Please begin again.", "stop"),
    "ANONYMOUS_USER_REQUIRED": ("You are signed in already.", "other"),
}
