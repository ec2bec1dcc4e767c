"""What all tables share: the metadata, and how times and structures are written.

Times are ISO 8601 text in UTC with microseconds and "Z", so that they sort as they follow
each other; structures are canonical JSON (RFC 8785). Both are the same bytes in SQLite and
PostgreSQL, and the same that the audit log hashes.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, MetaData, RowMapping, Table
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.audit import format_time
from app.domain.digest import canonical_json
from app.domain.errors import InvalidInput

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

TIME_LENGTH = 27  # 2026-11-22T11:56:00.000000Z
DIGEST_LENGTH = 64
Row = RowMapping


def write_time(moment: datetime) -> str:
    """Raises ValueError for a naive time."""
    return format_time(moment)


def write_optional_time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def read_time(text: str) -> datetime:
    """An aware time in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def read_optional_time(text: str | None) -> datetime | None:
    return None if text is None else read_time(text)


def write_json(value: Any) -> str:
    """Canonical JSON. Raises InvalidInput for what has no such form (lone surrogates, huge integers)."""
    try:
        return canonical_json(value).decode("utf-8")
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            "not-storable",
            f"A value cannot be stored exactly as given: {error}.",
            "Remove the damaged characters, and write very large numbers as text.",
        ) from error


def read_json(text: str) -> Any:
    return json.loads(text)


def insert_if_missing(connection: Connection, table: Table, key: str, row: dict[str, Any]) -> bool:
    """Insert `row` unless one with this value in the unique column `key` stands there. Whether it did."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    inserted = dialect.insert(table).values(row).on_conflict_do_nothing(index_elements=[key])
    # Without the option SQLAlchemy forgets on PostgreSQL how many rows an INSERT made.
    return connection.execute(inserted.execution_options(preserve_rowcount=True)).rowcount == 1
