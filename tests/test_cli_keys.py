"""The terminal commands for keys, as a person types them, on a real installation."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509

from app.cli import main
from app.config import read_configuration
from app.installation import open_installation


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    open_installation(
        read_configuration({}, instance=folder), organisation="Larkfield", country="GB"
    ).close()
    return folder


@pytest.fixture
def instance(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    target = tmp_path / "instance"
    shutil.copytree(made, target, copy_function=shutil.copy2)
    for name in ("KEY_PASSPHRASE", "KEY_PASSPHRASE_FILE", "DATABASE_URL", "PUBLIC_URL", "TIMESTAMP_URLS"):
        monkeypatch.delenv(f"COUNTERSIGN_{name}", raising=False)
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    monkeypatch.setenv("COUNTERSIGN_INSTANCE", str(target))
    return target


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def listed() -> dict[str, dict[str, object]]:
    ran = run("keys", "list", "--json")
    assert ran.exit_code == 0, ran.output
    return {row["name"]: row for row in json.loads(ran.stdout)}


def test_rotate_revoke_and_list(instance: Path) -> None:
    assert set(listed()) == {"root", "issuing", "seal", "timestamp"}
    ran = run("keys", "rotate", "seal")
    assert ran.exit_code == 0, ran.output
    assert "seal-2 replaces seal" in ran.output
    serial = str(listed()["seal"]["serial"])
    ran = run("keys", "revoke", serial, "--reason", "superseded")
    assert ran.exit_code == 0, ran.output
    rows = listed()
    assert (rows["seal"]["state"], rows["seal-2"]["state"]) == ("revoked", "current")
    assert rows["seal-2"]["usable"] is True
    assert "NOT USABLE: it was revoked" in run("keys", "list").output
    ran = run("audit", "verify", "--json")
    assert json.loads(ran.stdout)["problems"] == []
    assert run("doctor").exit_code == 0


def test_the_folder_of_the_roots_key_is_named_when_it_is_away(instance: Path, tmp_path: Path) -> None:
    shutil.move(instance / "keys" / "root", tmp_path / "stick")
    ran = run("keys", "rotate", "issuing")
    assert ran.exit_code == 1
    assert "--root-key" in ran.output
    ran = run("keys", "rotate", "issuing", "--root-key", str(tmp_path / "stick"))
    assert ran.exit_code == 0, ran.output
    assert listed()["seal-2"]["issuer"] == "issuing-2"


def test_authorities_are_exported_with_their_digests(instance: Path, tmp_path: Path) -> None:
    run("keys", "rotate", "issuing")
    target = tmp_path / "ca.pem"
    ran = run("keys", "export-ca", str(target))
    assert ran.exit_code == 0, ran.output
    held = x509.load_pem_x509_certificates(target.read_bytes())
    assert len(held) == 3
    shown = ran.output.replace(":", "").lower()
    rows = listed()
    assert all(str(rows[name]["sha256"]) in shown for name in ("root", "issuing", "issuing-2"))
    again = run("keys", "export-ca", str(target))
    assert again.exit_code == 1
    assert "new file" in again.output


def test_doctor_ends_with_1_where_the_keys_do_not_open(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COUNTERSIGN_KEY_PASSPHRASE", "quite another passphrase")
    ran = run("doctor")
    assert ran.exit_code == 1
    assert "PROBLEM  keys: The key" in ran.output
    assert "audit log" in ran.output  # the rest was looked at
    assert run("keys", "list").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("keys", "revoke", "00ff", "--reason", "superseded"), "no one-time certificate"),
        (("keys", "revoke", "root", "--reason", "key-compromised"), "cannot be revoked"),
        (("keys", "revoke", "seal"), "--reason"),
        (("keys", "rotate", "log"), "log"),
    ],
)
def test_what_cannot_be_done_is_said(instance: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = run(*arguments)
    assert ran.exit_code != 0
    assert said in ran.output
