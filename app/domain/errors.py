"""The one tree of errors that the application raises on purpose.

Every error says what happened (`message`), what to do about it (`remedy`) and
whether the same call may succeed later (`retryable`). `code` is stable: pages,
tests and logs know an error by it. Each room translates the exceptions of its
libraries into this tree at its own door; one table in the web room maps the
classes to HTTP.
"""

from __future__ import annotations


class AppError(Exception):
    """A failure that a person can understand and act upon."""

    def __init__(self, code: str, message: str, remedy: str, *, retryable: bool = False) -> None:
        super().__init__(f"{message} {remedy}")
        self.code = code
        self.message = message
        self.remedy = remedy
        self.retryable = retryable


class InvalidInput(AppError):
    """What was entered or supplied cannot be used as it is."""


class NotFound(AppError):
    """The thing named does not exist, or is not this reader's to see."""


class NotAllowed(AppError):
    """This person may not do this."""


class WrongState(AppError):
    """The workflow table has no such step from here, or someone else was faster."""


class LibraryBroken(AppError):
    """The clause library or a contract template cannot be used; nothing of it was loaded."""


class KeysUnavailable(AppError):
    """A signing key is missing, expired or cannot be opened with the passphrase given."""


class TimestampUnavailable(AppError):
    """No timestamp authority gave an answer that holds; nothing was signed."""


class SigningFailed(AppError):
    """A signature could not be made, or did not verify after it was written."""


class RenderingFailed(AppError):
    """The paper could not be produced from the text."""


class StorageFailed(AppError):
    """The database or the file store refused; nothing was acknowledged."""


class DeliveryFailed(AppError):
    """A message could not be handed over."""
