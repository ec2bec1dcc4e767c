"""The log shows every edit: each column of each row, and each way of rewriting history."""

import base64
import json
import time

import pytest

from app.domain.actor import Actor, Part
from app.domain.audit import FIRST_PREVIOUS, AuditEvent, Checkpoint, commit_to, format_time, personal_values
from app.domain.audit_check import LogProblemKind as Kind
from app.domain.audit_check import verify_log
from app.domain.errors import InvalidInput, StorageFailed
from app.domain.merkle import root_of
from app.persistence.audit_log import audit_leaves, audit_personal
from app.persistence.schema_triggers import trigger_names
from tests.persistence.conftest import NOON, OWNER, event, raw, sqlite_only

pytestmark = sqlite_only  # whoever tampers here does it by SQLite's means
EVENTS = 6
LEAF_COLUMNS = [column.name for column in audit_leaves.columns]


def checkpoint(uow):
    hashes = uow.audit.leaf_hashes()
    root = root_of(hashes)
    note = f"example/log\n{len(hashes)}\n{base64.b64encode(root).decode()}\n\n\u2014 example/log c2ln\n"
    return Checkpoint("example/log", len(hashes), root.hex(), format_time(NOON), note)


@pytest.fixture
def log(database):
    """Six events and a checkpoint over the first four; the triggers are taken away afterwards."""
    with database.unit_of_work() as uow:
        for number in range(EVENTS):
            uow.audit.append(
                event(f"agreement.step_{number}", envelope_id="e1", subject=f"s{number}", digest="ab" * 32,
                      details={"number": number, "yes": True, "text": "\u201cq\u201d"},
                      personal={"reason": f"reason {number}"})
            )
            if number == 3:
                uow.audit.add_checkpoint(checkpoint(uow))
    for name in trigger_names():
        raw(database, f"DROP TRIGGER {name}")
    return database


def problems(database, checkpoints=None):
    with database.unit_of_work(read_only=True) as uow:
        stored = uow.audit.stored_leaves()
        opened = uow.audit.opened(row.sequence for row in stored)
        known = uow.audit.checkpoints() if checkpoints is None else checkpoints
        return verify_log(stored, known, opened)


def witnessed(database):
    with database.unit_of_work(read_only=True) as uow:
        return [*uow.audit.checkpoints(), checkpoint(uow)]


def kinds(database, checkpoints=None):
    return {problem.kind for problem in problems(database, checkpoints)}


def test_a_whole_log_has_no_problems(log):
    assert problems(log, witnessed(log)) == ()


def test_an_event_is_a_leaf_with_commitments_and_openings(database):
    made = event("agreement.sent", details={"copies": 2}, personal={"reason": "r\u00e9"})
    with database.unit_of_work() as uow:
        first, second = uow.audit.append(made), uow.audit.append(made)
        assert uow.audit.leaves() == [first, second]
        assert uow.audit.leaves(1) == [second]
        assert uow.audit.leaves(0, 1) == [first]
        assert uow.audit.of_agreement("a1") == [first, second]
        assert uow.audit.of_agreement("a2") == []
        assert uow.audit.size() == 2
        assert [value.hex() for value in uow.audit.leaf_hashes()] == [first.leaf_hash, second.leaf_hash]
        opened = uow.audit.opened([0, 1])
    assert (first.sequence, first.previous) == (0, FIRST_PREVIOUS)
    assert (second.sequence, second.previous) == (1, first.leaf_hash)
    assert first.at == "2026-11-22T12:00:00.123456Z"
    assert {value.field: value.value for value in opened[0]} == personal_values(made)
    assert {value.field: commit_to(value) for value in opened[0]} == first.commitments
    assert not set(first.commitments.values()) & set(second.commitments.values())  # salted
    stored = json.dumps(first.to_columns(), ensure_ascii=False)
    assert not any(value in stored for value in personal_values(made).values())


def test_an_event_that_cannot_be_hashed_is_refused(database):
    for broken in (event(personal={"reason": "\ud800"}), event(details={"x": 2**60}), event("\ud800")):
        with pytest.raises(InvalidInput), database.unit_of_work() as uow:
            uow.audit.append(broken)
    with database.unit_of_work() as uow:
        assert uow.audit.size() == 0


def test_an_erased_person_leaves_a_sound_log(log):
    with log.unit_of_work() as uow:
        gone = uow.audit.erase_personal([1, 2], AuditEvent("person.erased", Actor(Part.OWNER, "o")))
        assert gone == 2 * len(personal_values(event(personal={"reason": "x"})))
        assert sorted(uow.audit.opened(range(EVENTS + 1))) == [0, 3, 4, 5]
        assert uow.audit.size() == EVENTS + 1
    assert problems(log) == ()


@pytest.mark.parametrize("column", LEAF_COLUMNS)
@pytest.mark.parametrize("row", range(EVENTS))
def test_every_column_of_every_row_is_covered(log, column, row):
    witnesses = witnessed(log)
    [(value,)] = raw(log, f'SELECT "{column}" FROM audit_leaves WHERE sequence = ?', row)
    if column in ("sequence", "schema"):
        altered = [value + 100]
    elif column in ("details", "commitments"):
        some = json.loads(value)
        some[next(iter(some))] = "0" * 64
        altered = ["{}", "[]", "", "null", value.replace(":", ": ", 1), json.dumps(some), value[:-1]]
    else:
        altered = [value + "x", "", value[:-1] + ("1" if value[-1] == "0" else "0"), b"\xff\x00"]
    for change in altered:
        update = f'UPDATE audit_leaves SET "{column}" = ? WHERE sequence = ?'
        without_foreign_keys(log, (update, (change, row)))
        assert problems(log, witnesses), f"{column} = {change!r}"
        without_foreign_keys(log, (update, (value, row if column != "sequence" else change)))
    assert problems(log, witnesses) == ()


@pytest.mark.parametrize("column", [column.name for column in audit_personal.columns])
def test_every_personal_column_is_covered(log, column):
    change = 5 if column == "sequence" else "x"
    where = "WHERE sequence = 2 AND field = 'reason'"
    if column == "sequence":  # the value of one event moved to another
        raw(log, "DELETE FROM audit_personal WHERE sequence = 5 AND field = 'reason'")
    assert raw(log, f'UPDATE audit_personal SET "{column}" = ? {where}', change) == 1
    assert kinds(log) == {Kind.PERSONAL_ALTERED}


@pytest.mark.parametrize("column", ["origin", "size", "root", "note"])
def test_every_column_of_a_checkpoint_is_bound_to_its_note(log, column):
    change = {"size": 3, "root": "00" * 32}.get(column, "x")
    raw(log, f"UPDATE audit_checkpoints SET {column} = ?", change)
    assert Kind.CHECKPOINT_ALTERED in kinds(log)


def without_foreign_keys(database, *statements):
    with database.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=OFF")
        for statement, parameters in statements:
            assert connection.exec_driver_sql(statement, parameters).rowcount > 0
        connection.commit()
        connection.connection.dbapi_connection.execute("PRAGMA foreign_keys=ON")


@pytest.mark.parametrize("row", range(EVENTS))
def test_a_deleted_row_is_missed(log, row):
    witnesses = witnessed(log)
    without_foreign_keys(log, ("DELETE FROM audit_leaves WHERE sequence = ?", (row,)))
    found = kinds(log, witnesses)
    assert Kind.TRUNCATED in found
    if row < EVENTS - 1:
        assert Kind.GAP in found


def test_swapped_rows_are_noticed(log):
    move = "UPDATE audit_leaves SET sequence = ? WHERE sequence = ?"
    without_foreign_keys(log, (move, (99, 1)), (move, (1, 2)), (move, (2, 99)))
    assert kinds(log) >= {Kind.ALTERED, Kind.BROKEN_CHAIN, Kind.REWRITTEN}


def test_an_inserted_row_is_noticed(log):
    witnesses = witnessed(log)
    columns = ", ".join(f'"{name}"' for name in LEAF_COLUMNS[1:])
    source = f"SELECT {EVENTS}, {columns} FROM audit_leaves WHERE sequence = 2"
    insert = f"INSERT INTO audit_leaves (sequence, {columns}) {source}"
    without_foreign_keys(log, (insert, ()))
    assert kinds(log, witnesses) == {Kind.ALTERED, Kind.BROKEN_CHAIN}


def test_a_truncated_log_is_noticed_by_the_checkpoint_alone(log):
    witnesses = witnessed(log)
    without_foreign_keys(log, ("DELETE FROM audit_leaves WHERE sequence >= 4", ()),
                         ("DELETE FROM audit_personal WHERE sequence >= 4", ()))
    assert kinds(log) == set()  # the checkpoint over four still holds: nothing inside shows it
    assert kinds(log, witnesses) == {Kind.TRUNCATED}  # the witness's later one does


def rechain(database, names):
    """Write the whole log anew with the application's own code, as an administrator could."""
    without_foreign_keys(database, ("DELETE FROM audit_personal", ()), ("DELETE FROM audit_leaves", ()))
    with database.unit_of_work() as uow:
        for name in names:
            uow.audit.append(event(name))


@pytest.mark.parametrize(
    "names", [["x"] * EVENTS, ["x"] * 3, ["x"] * (EVENTS + 3), [f"agreement.step_{n}" for n in range(EVENTS)]]
)
def test_a_log_chained_anew_is_noticed_by_an_earlier_checkpoint(log, names):
    witnesses = witnessed(log)
    rechain(log, names)
    assert problems(log, []) == ()  # sound in itself
    assert kinds(log, witnesses) <= {Kind.TRUNCATED, Kind.REWRITTEN}
    assert kinds(log, witnesses)
    assert kinds(log)  # the checkpoint in the database, which cannot be signed anew without the key
    raw(log, "DELETE FROM audit_checkpoints")
    assert kinds(log) == set()
    assert kinds(log, witnesses)


def test_two_roots_of_one_size_cannot_both_hold(log):
    whole = witnessed(log)[-1]
    other = Checkpoint(whole.origin, whole.size, "11" * 32, whole.at, whole.note)
    assert Kind.REWRITTEN in kinds(log, [whole, other])


def test_an_older_backup_is_a_truncated_log(log, tmp_path):
    from app.persistence.database import open_database

    log.backup_to(tmp_path / "old.db")
    with log.unit_of_work() as uow:
        uow.audit.append(event())
    witnesses = witnessed(log)
    restored = open_database(f"sqlite:///{tmp_path}/old.db")
    assert kinds(restored, witnesses) == {Kind.TRUNCATED}
    restored.close()


def test_readers_refuse_a_row_that_is_no_leaf(log):
    raw(log, "UPDATE audit_leaves SET details = '{\"a\": 1}' WHERE sequence = 2")
    with pytest.raises(StorageFailed, match="Event 2"), log.unit_of_work() as uow:
        uow.audit.leaves()
    with pytest.raises(StorageFailed), log.unit_of_work() as uow:
        uow.audit.of_agreement("a1")
    raw(log, "UPDATE audit_leaves SET leaf_hash = 'zz' WHERE sequence = 2")
    with pytest.raises(StorageFailed), log.unit_of_work() as uow:
        uow.audit.leaf_hashes()
    assert Kind.UNREADABLE in kinds(log)


def test_checkpoints_come_back_in_order_and_the_largest_is_latest(database):
    with database.unit_of_work() as uow:
        assert uow.audit.latest_checkpoint() is None
        made = []
        for _ in range(3):
            uow.audit.append(event())
            made.append(checkpoint(uow))
            uow.audit.add_checkpoint(made[-1])
        assert uow.audit.checkpoints() == made
        assert uow.audit.latest_checkpoint() == made[-1]


def test_the_log_goes_by_sequence_when_the_clock_goes_back(database, clock):
    with database.unit_of_work() as uow:
        uow.audit.append(event("first.happened"))
        clock.moment = NOON.replace(year=2025)
        uow.audit.append(event("second.happened"))
        assert [leaf.name for leaf in uow.audit.leaves()] == ["first.happened", "second.happened"]
    assert problems(database) == ()


def test_a_long_log_is_checked_in_seconds(database):
    with database.unit_of_work() as uow:
        for number in range(2000):
            uow.audit.append(AuditEvent("x.happened", Actor(Part.APPLICATION, "application", OWNER.name)))
            if number % 20 == 0:
                uow.audit.add_checkpoint(checkpoint_at(uow, number + 1))
    started = time.monotonic()
    assert problems(database) == ()
    assert time.monotonic() - started < 5


def checkpoint_at(uow, size):
    root = root_of(uow.audit.leaf_hashes()[:size])
    note = f"o\n{size}\n{base64.b64encode(root).decode()}\n"
    return Checkpoint("o", size, root.hex(), format_time(NOON), note)
