"""Records: complete, unaltered, and no better than the PDFs in them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.verification import FileReport, Integrity, Trust, Verdict
from app.signing.verification import verify_files
from app.signing.verification.record import verify_record
from app.signing.verification.trust import load_trust_list
from tests.signing.paper import agreement
from tests.signing.verification.signed_chain import SignedChain


@pytest.fixture(scope="module")
def files(chain: SignedChain) -> dict[str, bytes]:
    pem = x509.load_der_x509_certificate(chain.root).public_bytes(Encoding.PEM)
    paper = agreement(signers=(), initials=(), clauses=1, seal_box=True)
    return {
        "signed.pdf": chain.archived,
        "certificate_of_completion.pdf": chain.office.seal_document(paper).file,
        "agreement.json": b"{}",
        "audit.jsonl": b"{}\n",
        "root.pem": pem,
        "README.txt": b"How to check this record.\n",
    }


def packed(files: Mapping[str, bytes], manifest: object = None) -> bytes:
    if manifest is None:
        manifest = {"files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}}
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return output.getvalue()


def ask(data: bytes, own_root: bytes | None) -> FileReport:
    return verify_record(data, "record.zip", load_trust_list([], own_root), datetime.now(UTC))


def test_good_record_is_green(files: dict[str, bytes], chain: SignedChain) -> None:
    (report,) = verify_files([("record.zip", packed(files))], trust_roots=[], own_root=chain.root)
    assert report.verdict is Verdict.GREEN, report.reasons
    assert report.signed_by == "3 of 3 fields"
    assert any(each.field.startswith("certificate_of_completion.pdf: ") for each in report.signatures)
    assert "All 6 files are the ones that the record's own list names." in report.reasons


def test_digests_may_be_objects(files: dict[str, bytes], chain: SignedChain) -> None:
    listed = {
        name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in files.items()
    }
    assert ask(packed(files, {"files": listed}), chain.root).verdict is Verdict.GREEN


def test_certificates_inside_a_record_give_no_trust(files: dict[str, bytes]) -> None:
    report = ask(packed(files), None)
    assert (report.verdict, report.integrity, report.trust) == (
        Verdict.AMBER,
        Integrity.INTACT,
        Trust.NOT_EVALUATED,
    )


@pytest.mark.parametrize("name", ["agreement.json", "signed.pdf", "README.txt"])
def test_altered_file_is_red(name: str, files: dict[str, bytes], chain: SignedChain) -> None:
    manifest = {"files": {each: hashlib.sha256(data).hexdigest() for each, data in files.items()}}
    altered = {**files, name: files[name] + b"\n"}
    report = ask(packed(altered, manifest), chain.root)
    assert (report.verdict, report.integrity) == (Verdict.RED, Integrity.BROKEN)
    assert f"{name} is not the file that was put into the record." in report.reasons


def test_missing_and_added_files_are_red(files: dict[str, bytes], chain: SignedChain) -> None:
    manifest = {"files": {each: hashlib.sha256(data).hexdigest() for each, data in files.items()}}
    less = {name: data for name, data in files.items() if name != "audit.jsonl"}
    assert ask(packed(less, manifest), chain.root).verdict is Verdict.RED
    assert ask(packed({**files, "more.txt": b""}, manifest), chain.root).verdict is Verdict.RED
    without = {name: data for name, data in files.items() if name != "certificate_of_completion.pdf"}
    assert ask(packed(without), chain.root).verdict is Verdict.RED


def test_a_record_is_as_good_as_its_worst_pdf(files: dict[str, bytes], chain: SignedChain) -> None:
    assert ask(packed({**files, "signed.pdf": chain.complete}), chain.root).verdict is Verdict.AMBER
    assert ask(packed({**files, "signed.pdf": chain.paper}), chain.root).verdict is Verdict.UNSIGNED
    assert ask(packed({**files, "signed.pdf": chain.archived + b"x"}), chain.root).verdict is Verdict.RED


@pytest.mark.parametrize("manifest", [[], {}, {"files": 1}, {"files": {"a": 1}}, {"files": {"a": {}}}, "x"])
def test_unusable_list_is_unreadable(manifest: object, files: dict[str, bytes]) -> None:
    assert ask(packed(files, manifest), None).verdict is Verdict.UNREADABLE


def test_bombs_and_doubles_are_unreadable(files: dict[str, bytes]) -> None:
    bomb = packed({**files, "zeros": bytes(20 * 1024 * 1024)})
    assert ask(bomb, None).verdict is Verdict.UNREADABLE
    many = packed({f"{number}": b"" for number in range(500)})
    assert ask(many, None).verdict is Verdict.UNREADABLE
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        archive.writestr("signed.pdf", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("signed.pdf", b"2")
    assert ask(output.getvalue(), None).verdict is Verdict.UNREADABLE


def contents(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_damaged_zip_is_never_green_with_other_contents(files: dict[str, bytes], chain: SignedChain) -> None:
    data = packed(files)
    for cut in (10, len(data) // 2, len(data) - 5):
        assert ask(data[:cut], None).verdict is Verdict.UNREADABLE
    for place in range(40, len(data), len(data) // 25):
        changed = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
        if ask(changed, chain.root).verdict is Verdict.GREEN:  # a date of the ZIP itself, say
            assert contents(changed) == contents(data)
