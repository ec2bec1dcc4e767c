"""The self-check finds what is broken, and says nothing bad of a whole installation."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.config import SmtpSettings
from app.domain.actor import APPLICATION
from app.domain.errors import KeysUnavailable
from app.domain.keys import RevocationReason
from app.installation import open_installation
from app.maintenance.doctor import State, examine
from app.services.keys import revoke_certificate
from app.signing.office import SigningOffice
from app.signing.timestamp_client import HttpTimestampAuthority
from tests.signing.responder import running_responder
from tests.tools import needs_tool


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


def as_it_stands(opened):
    """The installation as `./run doctor` opens it: also where the keys do not open."""
    opened.close()
    return open_installation(opened.configuration, for_repair=True)


def test_a_missing_key_is_found(installation):
    (installation.configuration.keys / "seal.key").unlink()
    found = problems(as_it_stands(installation))
    assert "seal.key is missing" in found["keys"]
    assert "backup" in found["keys"]
    assert "database" not in found


def test_a_wrong_passphrase_is_found(installation):
    wrong = replace(installation.configuration, passphrase_from_environment="quite another one")
    found = problems(as_it_stands(replace(installation, configuration=wrong)))
    assert "passphrase" in found["keys"]
    assert "passphrase" in found["timestamps"]


def test_a_passphrase_that_others_can_read_is_refused_and_found(installation):
    (installation.configuration.instance / "passphrase").chmod(0o440)
    with pytest.raises(KeysUnavailable, match="Other users") as refused:
        open_installation(installation.configuration)
    assert refused.value.remedy == f"Run: chmod 0400 {installation.configuration.instance / 'passphrase'}"
    assert "chmod 0400" in problems(as_it_stands(installation))["keys"]


def test_a_passphrase_file_elsewhere(installation, tmp_path):
    """Mode 0400 opens the keys; an empty one, one that others read and none at all say so."""
    secret = (installation.configuration.instance / "passphrase").read_bytes()
    elsewhere = tmp_path / "secret"
    settings = replace(installation.configuration, passphrase_file=elsewhere)
    for mode, content, code in ((0o400, secret, ""), (0o444, secret, "exposed"), (0o400, b"\n", "missing")):
        elsewhere.unlink(missing_ok=True)
        elsewhere.write_bytes(content)
        elsewhere.chmod(mode)
        if not code:
            assert settings.passphrase() == secret
        else:
            with pytest.raises(KeysUnavailable) as refused:
                settings.passphrase()
            assert refused.value.code == f"passphrase-{code}"
    elsewhere.unlink()
    with pytest.raises(KeysUnavailable, match="secret"):
        settings.passphrase(create=True)  # another's file is never made
    assert not elsewhere.exists()


def test_an_expired_authority_is_found_and_can_be_replaced(installation):
    class Ahead:
        def now(self):
            return datetime.now(UTC) + timedelta(days=366 * 26)

    opened = as_it_stands(installation)
    office = SigningOffice.open(
        opened.configuration.keys, opened.configuration.passphrase(), clock=Ahead(), even_unusable=True
    )
    ahead = replace(opened, toolkit=replace(opened.toolkit, clock=Ahead(), credentials=office))
    found = [remark.words for remark in examine(ahead) if remark.subject == "keys"]
    assert any("issuing: it expired on" in words and "./run keys rotate issuing" in words for words in found)
    office.rotate("issuing")
    office.rotate("timestamp")
    assert "keys" not in problems(ahead)
    assert max(state.valid_until for state in office.check()) <= office.check()[0].valid_until


def test_a_revoked_key_is_found(installation):
    revoke_certificate(installation.toolkit, APPLICATION, "seal", RevocationReason.KEY_COMPROMISED)
    assert "seal: it was revoked on" in problems(as_it_stands(installation))["keys"]


def test_the_roots_key_beside_the_others_is_worth_a_note(installation):
    def notes():
        found = examine(installation)
        return [one.words for one in found if one.subject == "keys" and one.state is State.NOTE]

    assert any("keys/root" in words for words in notes())
    shutil.rmtree(installation.configuration.keys / "root")
    assert notes() == []


@needs_tool("openssl")
@pytest.mark.parametrize("behaviour", ["garbage", "nonce", "slow"])
def test_timestamp_authorities_that_fail_are_found(installation, responder, behaviour):
    def opened_with(*authorities):
        keys, passphrase = installation.configuration.keys, installation.configuration.passphrase()
        office = SigningOffice.open(keys, passphrase, timestamp_authorities=authorities)
        return replace(installation, toolkit=replace(installation.toolkit, credentials=office))

    responder.behaviour = behaviour
    bad = HttpTimestampAuthority("bad.example", responder.url, (responder.ca,), timeout=0.5)
    assert "nothing can be sent" in problems(opened_with(bad))["timestamps"]
    local = installation.toolkit.credentials._authorities(installation.toolkit.credentials._keys.now())
    remarks = [one for one in examine(opened_with(bad, *local)) if one.subject == "timestamps"]
    assert [one.state for one in remarks] == [State.NOTE, State.NOTE]  # slow, but another one answers
    assert "bad.example" in remarks[0].words


@pytest.fixture(scope="module")
def responder(tmp_path_factory):
    with running_responder(tmp_path_factory.mktemp("responder")) as running:
        yield running
