"""Migrations: how an older database becomes a present one.

Purpose: `upgrade(engine)` brings a database to `HEAD`, all steps in one transaction; a killed
upgrade leaves the database as it was. Each step is a file in `versions/` with `revision`,
`down_revision` and `upgrade()`; there is no way down, a backup is the way back. A step that
was shipped is never edited, and holds its own definitions, not those of today's tables.
Imports: sqlalchemy, alembic, domain.
Entry: `upgrade`, `HEAD`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, func, inspect, select, text

from app.domain.errors import StorageFailed

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory

HEAD = "0006"
UPGRADE_LOCK = 0x4D696772617465  # any number, the same for all


def upgrade(engine: Engine, complete: Callable[[Connection], bool]) -> bool:
    """Bring the database to HEAD. Returns whether there was anything to do.

    complete: runs last in the same transaction and fills what can be computed from the rest, so that
    no step has to know how; it says whether it did anything.
    Raises StorageFailed if the database was written by a newer version of the application.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Several hosts may start at once; SQLite's BEGIN IMMEDIATE lets one in by itself.
            connection.execute(select(func.pg_advisory_xact_lock(text(str(UPGRADE_LOCK)))))
        present = current_revision(connection)
        if present != HEAD:
            _run_steps(connection, present)
        return complete(connection) or present != HEAD


def current_revision(connection: Connection) -> str | None:
    """The revision of this database; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def scripts() -> ScriptDirectory:
    """The steps, as Alembic reads them."""
    # Imported late: Alembic costs a warm start a fifth of a second that it does not need.
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def _run_steps(connection: Connection, present: str | None) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    steps = scripts()
    if present is not None and present not in {step.revision for step in steps.walk_revisions()}:
        raise StorageFailed(
            "schema-newer",
            f"The database has the revision {present}, which this version of the application does not know.",
            "Start the newer version again, or restore a backup made before it ran.",
        )

    def to_head(revision: Any, _: Any) -> Any:
        return steps._upgrade_revs("head", revision)

    with EnvironmentContext(Config(), steps, fn=to_head) as environment:
        # The caller's transaction holds all steps: SQLite and PostgreSQL both roll DDL back.
        environment.configure(connection=connection, transactional_ddl=True)
        environment.run_migrations()
