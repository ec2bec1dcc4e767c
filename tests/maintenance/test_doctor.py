"""The self-check finds what is broken, and says nothing bad of a whole installation."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.config import SmtpSettings
from app.domain.errors import KeysUnavailable
from app.installation import open_installation
from app.maintenance.doctor import State, examine


def problems(opened) -> dict[str, str]:
    return {remark.subject: remark.words for remark in examine(opened) if remark.state is State.PROBLEM}


def test_a_whole_installation_has_no_problems(installation):
    remarks = list(examine(installation))
    assert not [remark for remark in remarks if remark.state is State.PROBLEM]
    subjects = {remark.subject for remark in remarks}
    assert subjects >= {"database", "files", "audit log", "keys", "secrets", "clock", "timestamps"}
    assert subjects >= {"disk", "mail", "jobs", "address"}
    assert any("not independent" in remark.words for remark in remarks)
    assert any("Trial mode" in remark.words for remark in remarks)


def test_a_changed_file_is_found(installation):
    path = next(path for path in installation.configuration.files.rglob("*") if path.is_file())
    path.chmod(0o600)
    path.write_bytes(b"changed")
    assert path.name in problems(installation)["files"]


def test_a_changed_event_is_found(installation):
    database = installation.configuration.instance / "countersign.sqlite"
    with sqlite3.connect(database) as connection:
        (trigger,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_leaves' "
            "AND sql LIKE '%UPDATE%'"
        ).fetchone()
        connection.execute(f'DROP TRIGGER "{trigger}"')
        connection.execute("UPDATE audit_leaves SET name = 'account.closed' WHERE sequence = 0")
    found = problems(installation)
    assert "audit log" in found
    assert "trigger" in found["database"]


def test_secrets_that_others_can_read_are_found(installation):
    (installation.configuration.instance / "web-secret").chmod(0o444)
    (installation.configuration.keys / "seal.key").chmod(0o644)
    assert {"secrets"} <= problems(installation).keys()


def test_a_clock_set_back_is_found(installation):
    class Behind:
        def now(self):
            return datetime.now(UTC) - timedelta(days=1)

    behind = replace(installation, toolkit=replace(installation.toolkit, clock=Behind()))
    assert "still to come" in problems(behind)["clock"]


def test_keys_that_end_soon_are_found(installation):
    class Ahead:
        def now(self):
            return datetime.now(UTC) + timedelta(days=366 * 31)

    ahead = replace(installation, toolkit=replace(installation.toolkit, clock=Ahead()))
    assert "ends on" in problems(ahead)["keys"]


def test_a_missing_key_stops_the_start(installation):
    (installation.configuration.keys / "seal.key").unlink()
    with pytest.raises(KeysUnavailable, match="seal"):
        open_installation(installation.configuration)


def test_a_mail_server_that_is_away_is_found(installation):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    smtp = SmtpSettings("127.0.0.1", port, "", "", "none", "office@larkfield.example")
    away = replace(installation, configuration=replace(installation.configuration, smtp=smtp))
    assert "does not answer" in problems(away)["mail"]


def test_a_full_disk_is_found(installation, monkeypatch):
    usage = shutil.disk_usage(installation.configuration.instance)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10_000_000))
    assert "disk" in problems(installation)
