"""Stored files come back as they were or not at all."""

import os
import threading

import pytest
from obstore.store import LocalStore, MemoryStore

from app.domain.digest import sha256_hex
from app.domain.errors import InvalidInput, NotFound, StorageFailed
from app.persistence.files import StoredFiles, open_local_files


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "files"


@pytest.fixture(params=["local", "memory"])
def files(request, folder):
    return open_local_files(folder) if request.param == "local" else StoredFiles(MemoryStore())


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", os.urandom(3_000_000)], ids=["empty", "small", "large"])
def test_a_file_comes_back_by_its_digest(files, data):
    digest = files.put(data)
    assert digest == sha256_hex(data)
    assert files.put(data) == digest
    assert files.get(digest) == data
    assert type(files.get(digest)) is bytes
    assert files.has(digest)


def test_what_was_never_stored_is_not_found(files):
    assert not files.has("0" * 64)
    with pytest.raises(NotFound):
        files.get("0" * 64)


@pytest.mark.parametrize(
    "digest",
    ["", "..", "../" * 20 + "etc/passwd", "/etc/passwd", "a" * 63, "a" * 65, "A" * 64, "a" * 64 + "\n",
     "a" * 63 + "/", "%2e%2e/" + "a" * 57, "C:\\" + "a" * 61, "\0" * 64, "a" * 62 + "\u0661\u0662"],
)
def test_what_is_no_digest_is_refused(files, digest):
    for read in (files.get, files.has):
        with pytest.raises(InvalidInput):
            read(digest)


def stored_path(folder, digest):
    return folder / digest[:2] / digest[2:4] / digest


def test_a_file_lies_under_its_digest_in_a_private_folder(folder):
    digest = open_local_files(folder).put(b"data")
    assert stored_path(folder, digest).read_bytes() == b"data"
    assert [path for path in folder.rglob("*") if path.is_file()] == [stored_path(folder, digest)]
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("damage", [b"", b"dat", b"date", b"data\n"])
def test_altered_bytes_are_never_handed_out(folder, damage):
    files = open_local_files(folder)
    digest = files.put(b"data")
    stored_path(folder, digest).write_bytes(damage)
    with pytest.raises(StorageFailed) as caught:
        files.get(digest)
    assert caught.value.code == "file-damaged"
    # A put of the right bytes heals what a power cut left behind.
    assert files.put(b"data") == digest
    assert files.get(digest) == b"data"


def test_a_put_is_on_the_disk_when_it_returns(folder, monkeypatch):
    synced = []
    really = os.fsync

    def watched(descriptor):
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    files = open_local_files(folder)
    for _ in range(2):  # the second may come while the first is not synced yet
        synced.clear()
        path = stored_path(folder, files.put(b"data"))
        folders = [path.parent, path.parent.parent, folder, folder.parent]
        assert synced == [str(place) for place in (path, *folders)]


def test_a_store_that_does_not_take_it_is_retryable(folder):
    files = open_local_files(folder)
    digest = sha256_hex(b"data")
    (folder / digest[:2]).write_text("in the way")
    for action in (lambda: files.put(b"data"), lambda: files.get(digest)):
        with pytest.raises(StorageFailed) as caught:
            action()
        assert caught.value.retryable
        assert "\n" not in caught.value.message


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageFailed):
        open_local_files(tmp_path / "file" / "files")


def test_many_threads_may_store_the_same_file(folder):
    files = StoredFiles(LocalStore(folder, mkdir=True), folder)
    results = []
    data = os.urandom(200_000)
    threads = [threading.Thread(target=lambda: results.append(files.put(data))) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results == [sha256_hex(data)] * 8
    assert files.get(results[0]) == data
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
