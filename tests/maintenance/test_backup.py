"""Backup and restore of a real installation, while it is used, and of damaged archives."""

from __future__ import annotations

import io
import tarfile
import threading

import pytest

from app.config import read_configuration
from app.domain.actor import Actor, Part
from app.domain.errors import InvalidInput, StorageFailed, WrongState
from app.installation import open_installation
from app.maintenance.backup import back_up
from app.maintenance.doctor import State, examine
from app.maintenance.restoring import restore
from app.services.audit import verify_log
from app.services.settings import change_business, read_business

OWNER = Actor(Part.OWNER, "owner", "Nora Whitlow")


def quiet(_: str) -> None:
    """Nobody listens."""


@pytest.fixture
def archive(installation, tmp_path):
    path = tmp_path / "backup.tar"
    back_up(installation, path, quiet)
    installation.close()
    return path


def elsewhere(tmp_path):
    return read_configuration({}, instance=tmp_path / "elsewhere")


def test_what_is_restored_is_the_same_installation(installation, archive, tmp_path):
    target = elsewhere(tmp_path)
    assert restore(target, archive, quiet) is None
    assert not list(target.instance.glob(".restoring-*"))
    assert not list(target.instance.glob("*-wal"))
    opened = open_installation(target)
    try:
        kit = opened.toolkit
        assert kit.credentials.root_certificate() == installation.toolkit.credentials.root_certificate()
        with kit.unit_of_work(read_only=True) as unit:
            assert [account.email for account in unit.accounts.list()] == ["nora@larkfield.example"]
        assert verify_log(kit) == verify_log(installation.toolkit)
        assert target.web_secret() == installation.configuration.web_secret()
        assert not [remark for remark in examine(opened) if remark.state is State.PROBLEM]
        kit.credentials.timestamp(b"the keys open")
    finally:
        opened.close()


def test_only_its_owner_reads_a_backup(archive):
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_backup_is_never_overwritten(installation, tmp_path):
    path = tmp_path / "backup.tar"
    path.write_text("older")
    with pytest.raises(StorageFailed):
        back_up(installation, path, quiet)
    assert path.read_text() == "older"


def test_a_backup_under_load_is_whole(installation, tmp_path):
    stop = threading.Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            installation.toolkit.files.put(f"file {number}".encode())
            change_business(installation.toolkit, OWNER, {"address": f"{number} Tanner Row"})

    worker = threading.Thread(target=change)
    worker.start()
    try:
        back_up(installation, tmp_path / "busy.tar", quiet)
    finally:
        stop.set()
        worker.join()
    restore(elsewhere(tmp_path), tmp_path / "busy.tar", quiet)
    opened = open_installation(elsewhere(tmp_path))
    assert read_business(opened.toolkit).name
    assert verify_log(opened.toolkit)[1] == []
    opened.close()


def test_a_place_that_is_not_empty_is_refused_or_kept_aside(installation, archive):
    configuration = installation.configuration
    with pytest.raises(WrongState) as refused:
        restore(configuration, archive, quiet)
    assert refused.value.code == "instance-not-empty"
    database = configuration.instance / "countersign.sqlite"
    before = database.read_bytes()
    aside = restore(configuration, archive, quiet, force=True)
    assert aside is not None
    assert (aside / "countersign.sqlite").read_bytes() == before
    assert (aside / "keys" / "seal.key").exists()
    open_installation(configuration).close()


def test_an_installation_at_work_is_not_replaced(installation, tmp_path):
    path = tmp_path / "backup.tar"
    back_up(installation, path, quiet)
    with pytest.raises(WrongState) as refused:
        restore(installation.configuration, path, quiet, force=True)
    assert refused.value.code == "installation-in-use"


def rewrite(archive, change) -> None:
    """Write the archive anew, with `change(name, data)` for each member; None leaves it out."""
    with tarfile.open(archive) as opened:
        held = [(member.name, opened.extractfile(member).read()) for member in opened]
    with tarfile.open(archive, "w") as written:
        for name, data in held:
            changed = change(name, data)
            if changed is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(changed)
                written.addfile(entry, io.BytesIO(changed))


@pytest.mark.parametrize(
    "change",
    [
        lambda name, data: data + b"x" if name.startswith("files/") else data,
        lambda name, data: data.replace(b"nora@", b"mora@") if name == "database.sqlite" else data,
        lambda name, data: None if name.startswith("keys/seal") else data,
        lambda name, data: None if name == "manifest.json" else data,
        lambda name, data: b"{" if name == "manifest.json" else data,
        lambda name, data: None if name == "database.sqlite" else data,
    ],
    ids=["file changed", "row changed", "key missing", "no list", "list broken", "no database"],
)
def test_a_damaged_backup_changes_nothing(installation, archive, tmp_path, change):
    rewrite(archive, change)
    target = elsewhere(tmp_path)
    with pytest.raises(InvalidInput) as refused:
        restore(target, archive, quiet)
    assert refused.value.code == "backup-damaged"
    assert {path.name for path in target.instance.iterdir()} == {"in-use"}


@pytest.mark.parametrize("cut", [0, 600, 5000, -12000])
def test_half_a_backup_changes_nothing(installation, archive, tmp_path, cut):
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(InvalidInput):
        restore(elsewhere(tmp_path), archive, quiet)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../outside", tarfile.REGTYPE),
        ("/tmp/outside", tarfile.REGTYPE),
        ("files/../../outside", tarfile.REGTYPE),
        ("keys/../../outside.key", tarfile.REGTYPE),
        ("keys/seal.key", tarfile.SYMTYPE),
        ("web-secret", tarfile.LNKTYPE),
        ("keys/seal.key", tarfile.REGTYPE),
    ],
)
def test_a_hostile_archive_writes_nothing_outside(installation, archive, tmp_path, name, kind):
    with tarfile.open(archive, "a") as opened:
        entry = tarfile.TarInfo(name)
        entry.type = kind
        entry.linkname = "/etc/passwd"
        opened.addfile(entry, io.BytesIO(b""))
    with pytest.raises(InvalidInput) as refused:
        restore(elsewhere(tmp_path), archive, quiet)
    assert refused.value.code == "backup-damaged"
    assert not (tmp_path / "outside").exists()
