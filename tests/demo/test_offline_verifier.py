"""verify.py of the record: needs nothing of ours, holds for a good record, sees each change in a bad one."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from app.services.record import FIXED_DATE
from app.signing import certificate as profiles
from app.signing.verification import OFFLINE_VERIFIER

Files = dict[str, bytes]
# As a stranger has it: isolated, no site hooks (so not this application), pyHanko's folder alone.
START = """
import runpy, sys
sys.path.append(sys.argv.pop(1))
sys.argv = sys.argv[1:]
try:
    import app
except ImportError:
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    sys.exit("the application can be imported here")
"""


def run(*arguments: object, cwd: object) -> subprocess.CompletedProcess[str]:
    packages = sysconfig.get_path("purelib")
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", START, packages, *map(str, arguments)],
        capture_output=True, text=True, cwd=cwd, timeout=120, env={},
    )  # fmt: skip


@pytest.fixture(scope="module")
def files(demo) -> Files:
    with demo.record() as record:
        return {name: record.read(name) for name in record.namelist()}


@pytest.fixture(scope="module")
def verifier() -> ModuleType:
    spec = importlib.util.spec_from_file_location("verify", OFFLINE_VERIFIER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def packed(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED_DATE), content)
    return out.getvalue()


def listed_anew(files: Files) -> Files:
    """As a forger does it: the list of digests fits again."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name != "manifest.json"
    }
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def test_the_record_carries_the_one_source_and_it_imports_nothing_of_ours(files):
    source = OFFLINE_VERIFIER.read_bytes()
    assert files["verify.py"] == source
    assert b"from app" not in source
    assert b"import app" not in source
    assert b"verify.py" in files["README.txt"]


def test_a_stranger_unpacks_and_runs_it(demo, files, tmp_path):
    with demo.record() as record:
        record.extractall(tmp_path)
    (tmp_path / "nss").mkdir()  # as README.txt says for pdfsig
    (tmp_path / "nss" / "cert9.db").write_bytes(b"x")
    done = run(tmp_path / "verify.py", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "THE RECORD HOLDS." in done.stdout
    assert "comes from the record itself" in done.stdout
    assert "checks less than the application's own verifier" in done.stdout
    for words in ("good: seal", "good: signature-assistant, Liza Santos", "good: signature-client"):
        assert words in done.stdout


def test_trust_that_was_given_another_way(demo, tmp_path):
    (tmp_path / "root.pem").write_bytes(demo.root_pem)
    stranger = profiles.issue_root(profiles.Holder("Somebody Else", "DE"), datetime.now(UTC)).certificate
    (tmp_path / "other.pem").write_bytes(stranger.public_bytes(Encoding.PEM))
    record = demo.out / "record.zip"
    good = run(OFFLINE_VERIFIER, record, "--trust", "root.pem", cwd=tmp_path)
    assert good.returncode == 0, good.stdout
    assert "comes from the record itself" not in good.stdout
    other = run(OFFLINE_VERIFIER, record, "--trust", "other.pem", cwd=tmp_path)
    assert other.returncode == 1
    assert "THE RECORD DOES NOT HOLD." in other.stdout
    assert "is not trusted in the long term" in other.stdout
    assert "checkpoint.tsr: its authority is not trusted." in other.stdout


def test_what_is_no_record_cannot_be_checked(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    (tmp_path / "b.zip").write_bytes(packed({"signed.pdf": b""}))
    for name in ("a.zip", "b.zip", "missing.zip"):
        done = run(OFFLINE_VERIFIER, name, cwd=tmp_path)
        assert done.returncode == 2
        assert done.stdout.startswith("CANNOT CHECK: ")


@pytest.mark.parametrize(
    "change",
    [
        lambda files: {**files, "signed.pdf": files["signed.pdf"] + b"\n"},
        lambda files: {name: data for name, data in files.items() if name != "audit.jsonl"},
        lambda files: {**files, "more.txt": b""},
        lambda files: listed_anew({name: data for name, data in files.items() if name != "audit.jsonl"}),
    ],
    ids=["changed", "missing", "added", "left out of the list too"],
)
def test_a_file_that_is_not_as_listed(change: Callable[[Files], Files], files, verifier):
    assert verifier.check_record(change(files), [])


def event_changed(change: Callable[[dict], None]) -> Callable[[Files], Files]:
    def changed(files: Files) -> Files:
        lines = [json.loads(line) for line in files["audit.jsonl"].splitlines()]
        change(next(each for each in lines if each.get("columns", {}).get("name") == "consent.given"))
        return {**files, "audit.jsonl": b"\n".join(json.dumps(line).encode() for line in lines)}

    return changed


def rehashed(event: dict) -> None:
    from app.domain.audit import AuditLeaf

    event["columns"]["at"] = "2020-01-01T00:00:00.000000Z"
    event["leaf_hash"] = AuditLeaf(**event["columns"]).leaf_hash


def other_person(event: dict) -> None:
    next(iter(event["personal"].values()))["value"] = "Somebody Else"


def line_moved(files: Files) -> Files:
    first, second, *rest = files["audit.jsonl"].splitlines()
    return {**files, "audit.jsonl": b"\n".join([second, first, *rest])}


def other_checkpoint(files: Files) -> Files:
    size = files["checkpoint.txt"].split(b"\n")[1]
    return {**files, "checkpoint.txt": files["checkpoint.txt"].replace(size, b"%d" % (int(size) + 1), 1)}


def other_log_key(files: Files) -> Files:
    return {**files, "ca/log_key.txt": b"A" * 43 + b"="}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (event_changed(lambda event: event["columns"].update(at="2020-01-01T00:00:00Z")), "it was changed"),
        (event_changed(rehashed), "does not contain it"),
        (event_changed(other_person), "is not what was logged"),
        (line_moved, "in the wrong place"),
        (other_checkpoint, "not signed with the key of the log"),
        (other_log_key, "names another key"),
        (lambda files: {**files, "signed.pdf": b"%PDF-1.7"}, "does not know signed.pdf"),
    ],
)
def test_a_changed_log_is_seen(change: Callable[[Files], Files], words: str, files, verifier):
    assert verifier.check_log(files) == []
    assert any(words in problem for problem in verifier.check_log(change(files)))



@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda pdf, ends: pdf[: ends[-2]], "no document timestamp stands at its end"),
        (lambda pdf, ends: pdf[: ends[1]], "nobody has signed the fields signature-client"),
        (lambda pdf, ends: pdf + b"\n% more\n", "something was added after its last timestamp"),
        (lambda pdf, ends: pdf.replace(b"for herself", b"for nobody!", 1), "does not hold"),
    ],
    ids=["without timestamp", "half signed", "added to", "changed"],
)
def test_a_changed_document_is_seen(change, words: str, files, verifier):
    import pyhanko.pdf_utils.reader as readers

    signed = files["signed.pdf"]
    signatures = readers.PdfFileReader(io.BytesIO(signed)).embedded_signatures
    ends = [int(each.byte_range[2]) + int(each.byte_range[3]) for each in signatures]
    changed = change(signed, ends)
    assert changed != signed
    roots = verifier.load_certificates(files["ca/root.pem"])
    problems = list(verifier.check_pdf("signed.pdf", {**files, "signed.pdf": changed}, roots))
    assert any(words in problem for problem in problems), problems


def test_a_forged_record_does_not_hold_as_a_whole(files, tmp_path):
    """All digests fit again, the log's story does not."""
    forged = listed_anew({**files, "signed.pdf": files["certificate_of_completion.pdf"]})
    (tmp_path / "record.zip").write_bytes(packed(forged))
    done = run(OFFLINE_VERIFIER, "record.zip", cwd=tmp_path)
    assert done.returncode == 1
    assert "its signatures are not those that the log knows" in done.stdout
    assert "The log does not know signed.pdf" in done.stdout
