"""The two engines of a database, one that writes and one that only reads.

SQLite: WAL, so that readers never wait; synchronous=FULL, so that what was acknowledged
survives a power cut; BEGIN IMMEDIATE, so that a transaction that will write never fails half
way because another was faster. PostgreSQL: READ COMMITTED, with revisions and unique keys
deciding races.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from app.domain.errors import InvalidInput, StorageFailed

BUSY_SECONDS = 10
POOL_SIZE = 16


def read_url(text: str) -> URL:
    """Raises InvalidInput for anything but a SQLite file or PostgreSQL."""
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise _unusable("is not a database address") from error
    backend = url.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise _unusable(f"names \u201c{backend}\u201d, which is not supported")
    if backend == "sqlite" and url.database in (None, "", ":memory:"):
        raise _unusable("names no file, and a database in memory would remember nothing")
    return url


def make_engine(url: URL, *, read_only: bool) -> Engine:
    """Raises InvalidInput if the driver is missing. Nothing is opened yet, except that the file of
    a new SQLite database is made, readable for its owner only."""
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        _make_private_file(Path(url.database))
        engine = create_engine(
            url, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, connect_args={"timeout": BUSY_SECONDS}
        )
        _prepare_sqlite(engine, read_only=read_only)
        return engine
    try:
        engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, pool_pre_ping=True)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise InvalidInput(
            "database-driver-missing",
            f"The driver for this database is not installed: {error}.",
            "Install psycopg 3 into the environment (`pip install 'psycopg[binary]'`).",
        ) from error
    return engine.execution_options(postgresql_readonly=True) if read_only else engine


def _unusable(problem: str) -> InvalidInput:
    return InvalidInput(
        "database-url",
        f"The database address {problem}.",
        "Use sqlite:///instance/countersign.db or postgresql+psycopg://user@host/name.",
    )


def _make_private_file(path: Path) -> None:
    # SQLite gives the -wal and -shm files the mode of the database file.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StorageFailed(
            "database-unwritable",
            f"The database file {path} cannot be opened: {error.strerror}.",
            "Check that the folder exists and belongs to the user that runs the application.",
        ) from error


def _prepare_sqlite(engine: Engine, *, read_only: bool) -> None:
    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, also before DDL
        _use_wal(connection)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # Without this, INSERT OR REPLACE would delete a row past the triggers that refuse DELETE.
        connection.execute("PRAGMA recursive_triggers=ON")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


def _use_wal(connection: sqlite3.Connection) -> None:
    """WAL is kept in the file; only the first start sets it, and several may start at once."""
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            # The busy timeout does not cover this change (SQLite: "WAL", section 2.2).
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
