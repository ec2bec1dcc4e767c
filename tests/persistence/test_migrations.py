"""The migrated schema is the one of the tables; a killed upgrade leaves what was there."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from app.domain.errors import StorageFailed
from app.persistence import migrations
from app.persistence.database import open_database
from app.persistence.schema import metadata
from app.persistence.schema_triggers import trigger_names
from tests.persistence.conftest import raw, sqlite_only

ROOT = Path(__file__).parents[2]


def test_the_migrated_schema_is_that_of_the_tables(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


@sqlite_only
def test_migrated_columns_have_the_order_type_and_nullability_of_the_tables(database):
    other = sa.create_engine("sqlite://")
    metadata.create_all(other)
    for table in metadata.tables:
        query = f"PRAGMA table_info({table})"
        with other.connect() as connection:
            declared = [row[1:] for row in connection.exec_driver_sql(query)]
        assert [row[1:] for row in raw(database, query)] == declared


def test_the_head_named_in_the_code_is_the_last_step(database):
    assert migrations.scripts().get_current_head() == migrations.HEAD
    assert raw(database, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]


def test_a_second_upgrade_does_nothing(database):
    assert database.upgrade() is False


@sqlite_only
def test_every_trigger_is_there(database):
    found = {row[0] for row in raw(database, "SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    assert found == trigger_names()


def test_an_upgrade_killed_half_way_leaves_nothing(url):
    program = (
        "import os, sys\n"
        "from alembic.operations import Operations\n"
        "from app.persistence.database import open_database\n"
        "really = Operations.create_index\n"
        "def killed(self, name, *rest, **more):\n"
        "    if name == 'ix_jobs_state_due_at':\n"
        "        os._exit(9)\n"
        "    return really(self, name, *rest, **more)\n"
        "import alembic.op\n"
        "alembic.op.create_index = lambda *a, **k: killed(alembic.op._proxy, *a, **k)\n"
        "open_database(sys.argv[1]).upgrade()\n"
    )
    died = subprocess.run([sys.executable, "-c", program, url], cwd=ROOT, capture_output=True, check=False)
    assert died.returncode == 9, died.stderr
    database = open_database(url)
    assert sa.inspect(database.engine).get_table_names() == []
    assert database.check()
    assert database.upgrade() is True
    assert database.check() == []
    database.close()


def test_two_processes_may_start_at_once(url):
    program = (
        "import sys\n"
        "from app.persistence.database import open_database\n"
        "print(open_database(sys.argv[1]).upgrade())\n"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[0].strip() for process in started]
    assert sorted(said) == ["False", "False", "True"]


def test_a_newer_database_is_refused(database):
    raw(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageFailed) as caught:
        database.upgrade()
    assert caught.value.code == "schema-newer"
