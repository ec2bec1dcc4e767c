"""State, event and job stand or fall together; of two savers one wins; nothing kept is changed."""

import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput, StorageFailed, WrongState
from app.domain.job import NewJob
from app.domain.workflow import SignerStatus
from app.persistence.database import open_database
from app.persistence.schema import metadata
from app.persistence.schema_triggers import APPEND_ONLY
from tests.persistence.conftest import (
    NOON,
    POSTGRESQL,
    agreement,
    envelope,
    event,
    raw,
    signature,
    signer,
    sqlite_only,
)
from tests.persistence.test_round_trips import clause, sign_off


def add_agreement(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())


def test_a_failed_block_leaves_nothing(database):
    add_agreement(database)
    with pytest.raises(RuntimeError), database.unit_of_work() as uow:  # noqa: PT012
        uow.agreements.save(replace(uow.agreements.get("a1"), title="changed"), event())
        uow.agreements.next_number("LB", 2026)
        uow.jobs.enqueue(NewJob("seal", "seal:a1"), NOON)
        uow.settings.set("x", "y", event())
        raise RuntimeError("the disk caught fire")
    with database.unit_of_work() as uow:
        assert uow.agreements.get("a1") == agreement()
        assert uow.audit.size() == 1
        assert uow.jobs.waiting() == []
        assert uow.settings.get("x") == ""
        assert uow.agreements.next_number("LB", 2026) == "LB-2026-001"


def test_a_killed_process_leaves_nothing(database, url):
    program = (
        "import os, sys\n"
        "from app.persistence.database import open_database\n"
        "from app.domain.job import NewJob\n"
        "from tests.persistence.conftest import NOON, agreement, event\n"
        "with open_database(sys.argv[1]).unit_of_work() as uow:\n"
        "    uow.agreements.add(agreement(), event())\n"
        "    uow.jobs.enqueue(NewJob('seal', 'k'), NOON)\n"
        "    os._exit(9)\n"
    )
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program, url], cwd=root, check=False).returncode == 9
    with database.unit_of_work() as uow:
        assert uow.agreements.list() == []
        assert uow.jobs.waiting() == []
        assert uow.audit.size() == 0
    assert database.check() == []


def test_an_older_revision_is_refused(database):
    add_agreement(database)
    with database.unit_of_work() as uow:
        read = uow.agreements.get("a1")
        assert uow.agreements.save(read, event()).revision == 1
    with pytest.raises(WrongState) as caught, database.unit_of_work() as uow:
        uow.agreements.save(replace(read, title="late"), event())
    assert caught.value.code == "stale-revision"
    with database.unit_of_work() as uow:
        assert uow.audit.size() == 2
        uow.envelopes.add(envelope(), event(envelope_id="e1"))
        uow.envelopes.save(envelope(), event(envelope_id="e1"))
    for save in (
        lambda uow: uow.envelopes.save(envelope(), event(envelope_id="e1")),
        lambda uow: uow.envelopes.save_lease(envelope()),
    ):
        with pytest.raises(WrongState, match="Somebody else"), database.unit_of_work() as uow:
            save(uow)


def test_of_two_threads_that_sign_at_once_one_wins(database):
    add_agreement(database)
    with database.unit_of_work() as uow:
        uow.envelopes.add(envelope(), event(envelope_id="e1"))
    results = []
    barrier = threading.Barrier(2)

    def sign(kind):
        signed = signer(status=SignerStatus.SIGNED, signature=replace(signature(), kind=kind))
        barrier.wait()
        try:
            with database.unit_of_work() as uow:
                uow.envelopes.save(envelope().with_signer(signed), event(envelope_id="e1"))
            results.append(kind)
        except WrongState as error:
            results.append(error.code)

    threads = [threading.Thread(target=sign, args=(kind,)) for kind in ("typed", "drawn")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    winner = next(result for result in results if result != "stale-revision")
    assert sorted(results) == sorted([winner, "stale-revision"])
    with database.unit_of_work() as uow:
        assert uow.envelopes.get("e1").signer("s1").signature.kind == winner
        assert uow.audit.size() == 3


def test_many_threads_and_processes_count_without_gap(database, url):
    program = (
        "import sys\n"
        "from app.persistence.database import open_database\n"
        "from tests.persistence.conftest import event\n"
        "database = open_database(sys.argv[1])\n"
        "for _ in range(15):\n"
        "    with database.unit_of_work() as uow:\n"
        "        print(uow.agreements.next_number('P', 2026))\n"
        "        uow.audit.append(event())\n"
    )
    root = Path(__file__).parents[2]
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], cwd=root, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    given = []

    def count():
        for _ in range(15):
            with database.unit_of_work() as uow:
                given.append(uow.agreements.next_number("P", 2026))
                uow.audit.append(event())

    threads = [threading.Thread(target=count) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    for process in started:
        given += process.communicate(timeout=60)[0].split()
    assert sorted(given) == [f"P-2026-{n:03d}" for n in range(1, 61)]
    with database.unit_of_work(read_only=True) as uow:
        assert [leaf.sequence for leaf in uow.audit.leaves()] == list(range(60))


def test_a_taken_id_or_number_is_a_conflict(database):
    add_agreement(database)
    for twin in (agreement("a1", "other"), agreement("other", "LB-2026-001")):
        with pytest.raises(WrongState) as caught, database.unit_of_work() as uow:
            uow.agreements.add(twin, event(agreement_id=twin.id))
        assert caught.value.code == "conflict"


def test_an_envelope_needs_its_agreement(database):
    with pytest.raises(WrongState, match="not there"), database.unit_of_work() as uow:
        uow.envelopes.add(envelope(agreement_id="a9"), event(envelope_id="e1"))


def test_an_event_of_something_else_is_refused(database):
    with pytest.raises(ValueError, match="does not name"), database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event(agreement_id="a2"))
    with pytest.raises(ValueError, match="does not name"), database.unit_of_work() as uow:
        uow.envelopes.add(envelope(), event())


def test_reading_does_not_wait_for_a_writer_and_cannot_write(database):
    add_agreement(database)
    with database.unit_of_work() as writer:
        writer.agreements.save(agreement(title="new"), event())
        with database.unit_of_work(read_only=True) as reader:
            assert reader.agreements.get("a1").title == agreement().title
    with pytest.raises(StorageFailed, match="read-?only"), database.unit_of_work(read_only=True) as uow:
        uow.audit.append(event())


def test_a_unit_of_work_inside_another_is_refused_at_once(database):
    with database.unit_of_work():
        with pytest.raises(StorageFailed) as caught, database.unit_of_work():
            pass
        assert caught.value.code == "nested-unit-of-work"
    with database.unit_of_work() as uow:
        assert uow.audit.size() == 0


@sqlite_only
def test_a_busy_database_is_retryable(database, url, monkeypatch):
    monkeypatch.setattr("app.persistence.engine.BUSY_SECONDS", 0.05)
    impatient = open_database(url)
    with database.unit_of_work(), pytest.raises(StorageFailed) as caught, impatient.unit_of_work():
        pass
    assert (caught.value.code, caught.value.retryable) == ("database-busy", True)
    impatient.close()


def fill(database):
    """One row in each append-only table."""
    add_agreement(database)
    with database.unit_of_work() as uow:
        signed = envelope().with_signer(signer(signature=signature(), status=SignerStatus.SIGNED))
        uow.envelopes.add(signed, event(envelope_id="e1"))
        uow.sign_offs.add(sign_off(1), event())
        uow.clause_versions.add_missing([clause("copies.strict", "a" * 64, "x")], NOON)
        uow.audit.add_checkpoint(checkpoint_of(uow))


def checkpoint_of(uow):
    from tests.persistence.test_audit_log import checkpoint

    return checkpoint(uow)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_what_never_changes_cannot_be_changed_by_sql(database, table):
    fill(database)
    before = raw(database, f"SELECT * FROM {table}")
    columns = metadata.tables[table].columns.keys()
    attempts = [f'UPDATE {table} SET "{column}" = "{column}"' for column in columns]
    replacing = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
    attempts += [f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE" if POSTGRESQL else replacing]
    for attempt in attempts:
        with pytest.raises(Exception, match="is append-only"):
            raw(database, attempt)
    assert before
    assert raw(database, f"SELECT * FROM {table}") == before


def test_a_leaf_that_is_not_the_next_is_refused_by_sql(database):
    fill(database)
    columns = metadata.tables["audit_leaves"].columns.keys()[1:]
    names = ", ".join(f'"{name}"' for name in columns)
    copy = f"INSERT INTO audit_leaves (sequence, {names}) SELECT sequence + 7, {names} FROM audit_leaves"
    with pytest.raises(Exception, match="not the next sequence"):
        raw(database, copy)


def test_personal_values_may_go_but_not_change(database):
    fill(database)
    with pytest.raises(Exception, match="is append-only"):
        raw(database, "UPDATE audit_personal SET value = 'x'")
    assert raw(database, "DELETE FROM audit_personal") > 0


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x", "nonsense"])
def test_an_unusable_address_is_refused(url):
    with pytest.raises(InvalidInput) as caught:
        open_database(url)
    assert caught.value.code == "database-url"


def test_an_unwritable_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed) as caught:
        open_database(f"sqlite:///{tmp_path}/file/countersign.db")
    assert caught.value.code == "database-unwritable"


@sqlite_only
def test_the_pragmas_hold_on_every_connection(database, tmp_path):
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
    with database.unit_of_work(), database.engine.connect() as other:  # a second connection of the pool
        raw_connection = other.connection.dbapi_connection
        for name, value in wanted.items():
            assert raw_connection.execute(f"PRAGMA {name}").fetchone() == (value,)
    assert (tmp_path / "countersign.db").stat().st_mode & 0o777 == 0o600


@sqlite_only
def test_a_backup_under_load_is_whole_and_keeps_the_log(database, tmp_path):
    stop = threading.Event()
    add_agreement(database)

    def write():
        while not stop.is_set():
            with database.unit_of_work() as uow:
                uow.agreements.save(uow.agreements.get("a1"), event())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        database.backup_to(tmp_path / "backup.db")
    finally:
        stop.set()
        writer.join()
    restored = open_database(f"sqlite:///{tmp_path}/backup.db")
    assert restored.upgrade() is False
    assert restored.check() == []
    with restored.unit_of_work(read_only=True) as uow:
        assert uow.agreements.get("a1").revision == uow.audit.size() - 1
    restored.close()
    with pytest.raises(StorageFailed, match="backup.db"):
        database.backup_to(tmp_path / "backup.db")


@sqlite_only
def test_check_notices_a_missing_trigger_and_a_damaged_file(database, tmp_path):
    raw(database, "DROP TRIGGER signatures_no_delete")
    assert database.check() == ["The trigger signatures_no_delete is missing: somebody took it away."]
    database.close()
    with sqlite3.connect(tmp_path / "countersign.db") as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_envelopes_status'")
    assert any(problem.startswith("SQLite:") for problem in database.check())
