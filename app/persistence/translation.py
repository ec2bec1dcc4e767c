"""The door of the database: what SQLAlchemy and SQLite raise, in the words of `domain/errors`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from app.domain.errors import AppError, InvalidInput, StorageFailed, WrongState
from app.persistence.schema_triggers import REFUSAL

BUSY = ("database is locked", "database table is locked", "lock timeout", "deadlock detected")
FULL = ("database or disk is full", "disk i/o error", "no space left")


@contextmanager
def translated() -> Iterator[None]:
    """Raises AppErrors in place of the errors of the database."""
    try:
        yield
    except SQLAlchemyError as error:
        raise _translate(error) from error
    except UnicodeEncodeError as error:
        raise _not_storable() from error


def _translate(error: SQLAlchemyError) -> AppError:
    said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
    if "cannot contain NUL" in said:  # PostgreSQL; SQLite keeps it
        return _not_storable()
    if REFUSAL in said:
        return StorageFailed("append-only", f"The database refused: {said}.", "This is a defect: report it.")
    if isinstance(error, IntegrityError):
        return WrongState(
            "conflict",
            f"This stands there already, or belongs to something that is not there ({said}).",
            "Reload the page to see the present state.",
        )
    if any(sign in said.lower() for sign in BUSY):
        return StorageFailed(
            "database-busy", "The database is busy; nothing was stored.", "Try again.", retryable=True
        )
    if any(sign in said.lower() for sign in FULL):
        return StorageFailed(
            "storage-full",
            f"The disk did not take the change ({said}); nothing was stored.",
            "Make room on the disk, then try again.",
            retryable=True,
        )
    return StorageFailed(
        "database-failed",
        f"The database did not do what was asked ({said}); nothing was stored.",
        "Run `./run doctor`.",
        retryable=isinstance(error, DBAPIError) and error.connection_invalidated,
    )


def _not_storable() -> InvalidInput:
    return InvalidInput(
        "not-storable",
        "A text holds damaged or control characters that cannot be stored.",
        "Remove them and try again.",
    )
