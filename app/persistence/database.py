"""The database of an installation: opening, units of work, backup and self-check."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import URL, Connection, Engine

from app.domain.errors import StorageFailed
from app.persistence import migrations
from app.persistence.engine import make_engine, read_url
from app.persistence.schema_triggers import trigger_names
from app.persistence.translation import translated
from app.persistence.unit_of_work import Transaction


def _now() -> datetime:
    return datetime.now(UTC)


def open_database(url: str, now: Callable[[], datetime] = _now) -> Database:
    """Open `url` ("sqlite:///…" or "postgresql+psycopg://…"); call `upgrade` before the first use.

    now: the clock of the audit log. Open a database after forking, not before.
    Raises InvalidInput for an address that cannot be used, StorageFailed for a file that cannot.
    """
    return Database(read_url(url), now)


class Database:
    """One database, used by any number of threads; several processes may open the same."""

    def __init__(self, url: URL, now: Callable[[], datetime]) -> None:
        self._url = url
        self._now = now
        self._writer = make_engine(url, read_only=False)
        self._reader = make_engine(url, read_only=True)
        self._open = threading.local()

    @contextmanager
    def unit_of_work(self, *, read_only: bool = False) -> Iterator[Transaction]:
        """One transaction: it commits when the block ends well, else nothing of it remains.

        read_only: a snapshot that waits for nobody; writing in it is refused.
        Raises WrongState for a conflict, StorageFailed (retryable where it makes sense) else.
        """
        if read_only:
            with translated(), self._reader.begin() as connection:
                yield Transaction(connection, self._now)
            return
        with self._only_one(), translated(), self._writer.begin() as connection:
            transaction = Transaction(connection, self._now)
            yield transaction
            transaction.complete()

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        # A second one in the same thread would wait for the first until the busy timeout.
        if getattr(self._open, "unit_of_work", False):
            raise StorageFailed(
                "nested-unit-of-work",
                "A unit of work was opened inside another.",
                "This is a defect: report it.",
            )
        self._open.unit_of_work = True
        try:
            yield
        finally:
            self._open.unit_of_work = False

    def upgrade(self) -> bool:
        """Bring the schema up to date, and the list of agreements complete.

        Returns whether there was anything to do.
        """
        with translated():
            return migrations.upgrade(self._writer, self._complete_listing)

    def _complete_listing(self, connection: Connection) -> bool:
        return Transaction(connection, self._now).listing_writer.fill_missing() > 0

    def check(self) -> Sequence[str]:
        """What is wrong with the database itself, in sentences; empty if nothing is."""
        with translated(), self._reader.begin() as connection:
            revision = migrations.current_revision(connection)
            if revision != migrations.HEAD:
                problems = [_old_schema(revision)]
            else:
                problems = _check_listing(Transaction(connection, self._now))
            if self._url.get_backend_name() == "sqlite":
                problems += _check_sqlite(connection)
        return problems

    def backup_to(self, path: Path) -> None:
        """Copy the whole database to a new file while it is in use (SQLite's backup interface).

        Raises StorageFailed if `path` exists, cannot be written, or the database is PostgreSQL.
        """
        if self._url.get_backend_name() != "sqlite":
            raise StorageFailed(
                "backup-by-postgresql", "PostgreSQL makes its own backups.", "Use pg_dump or your provider's."
            )
        try:
            _copy_sqlite(self._url.database or "", path)
        except (OSError, sqlite3.Error) as error:
            raise StorageFailed(
                "backup-failed",
                f"The backup {path} was not written: {error}.",
                "Choose a new file name in a folder with enough room.",
            ) from error

    def close(self) -> None:
        """Close all connections that are not in use."""
        self._reader.dispose()
        self._writer.dispose()

    @property
    def engine(self) -> Engine:
        """The engine that writes, for other tables of this room and for tests."""
        return self._writer


def _old_schema(revision: str | None) -> str:
    return f"The schema is {revision or 'empty'}, not {migrations.HEAD}: run `./run db upgrade`."


def _check_listing(transaction: Transaction) -> list[str]:
    missing = transaction.listing.count_missing()
    words = f"{missing} agreements are missing in the list of all: run `./run db upgrade`."
    return [words] if missing else []


def _check_sqlite(connection: Connection) -> list[str]:
    said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
    problems = [f"SQLite: {line}" for line in said if line != "ok"]
    if connection.exec_driver_sql("PRAGMA foreign_key_check").all():
        problems.append("Rows refer to rows that are missing.")
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    missing = trigger_names() - set(connection.exec_driver_sql(query).scalars())
    return problems + [f"The trigger {name} is missing: somebody took it away." for name in sorted(missing)]


def _copy_sqlite(source: str, path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(path)) as copy:
            original.backup(copy)
            # A single file, whatever mode the original is in.
            copy.execute("PRAGMA journal_mode=DELETE")
        with open(path, "rb") as written:
            os.fsync(written.fileno())
    except (OSError, sqlite3.Error):
        path.unlink()
        raise
