"""The limited process: answers for every file, whatever the file costs or does."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
import time
import zlib
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput
from app.domain.verification import FileReport, Verdict
from app.signing.verification import VerifierProcess, verify_files
from app.signing.verification.limits import LARGEST_FILE, START_SECONDS
from tests.signing.verification.signed_chain import SignedChain

ROOT = Path(__file__).resolve().parents[3]


def ask_fork(tmp_path: Path, behaviour: str, seconds: float = 5) -> str:
    """What the process answers for a file whose judging behaves like this; a process of its own."""
    script = f"""
        import time
        from datetime import UTC, datetime
        from app.signing.verification import child
        from app.signing.verification.trust import TrustList
        def misbehave(*ignored):
            {behaviour}
        child.verify_any, child.FILE_SECONDS, child.CPU_SECONDS = misbehave, {seconds}, 1
        print(child._in_fork(b"data", "file.pdf", TrustList(None, ()), datetime.now(UTC)).decode())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "SCRATCH": str(tmp_path)},
    )
    return done.stdout


def test_pdf_and_rubbish_in_one_run(chain: SignedChain, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(chain.archived)
    reports = verify_files(
        [path, ("rubbish", b"\x00" * 100), tmp_path / "missing.pdf", ("again", chain.archived)],
        trust_roots=[],
        own_root=chain.root,
    )
    verdicts = [Verdict.GREEN, Verdict.UNREADABLE, Verdict.UNREADABLE, Verdict.GREEN]
    assert [report.verdict for report in reports] == verdicts
    assert [report.file for report in reports] == [
        str(path),
        "rubbish",
        str(tmp_path / "missing.pdf"),
        "again",
    ]


def test_from_several_threads(chain: SignedChain) -> None:
    found: list[FileReport] = []

    def ask() -> None:
        found.extend(verify_files([("x", chain.archived)], trust_roots=[], own_root=chain.root))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [report.verdict for report in found] == [Verdict.GREEN] * 3


def test_too_large_a_file_is_not_read() -> None:
    (report,) = verify_files([("big", b"%PDF-" + b"0" * LARGEST_FILE)], trust_roots=[], own_root=None)
    assert report.verdict is Verdict.UNREADABLE
    assert report.reasons == ("The file is larger than 50 MB and was not checked.",)


def test_rubbish_as_trusted_root_is_refused_before_anything_runs() -> None:
    with pytest.raises(InvalidInput):
        verify_files([], trust_roots=[b"rubbish"], own_root=None)


@pytest.mark.parametrize(
    ("behaviour", "seconds"), [("time.sleep(60)", 0.5), ("while True: pass", 20)], ids=["sleeps", "computes"]
)
def test_slow_file_is_stopped(behaviour: str, seconds: float, tmp_path: Path) -> None:
    answer = ask_fork(tmp_path, behaviour, seconds)
    assert '"unreadable"' in answer
    assert "took too long" in answer


@pytest.mark.parametrize(
    "behaviour",
    [
        "return bytearray(2 * 1024**3)",
        "raise RuntimeError('hostile')",
        "__import__('os').abort()",
        "__import__('os')._exit(0)",
        "return misbehave()",
    ],
    ids=["memory", "exception", "abort", "exit", "recursion"],
)
def test_dying_file_is_unreadable(behaviour: str, tmp_path: Path) -> None:
    assert '"unreadable"' in ask_fork(tmp_path, behaviour)


def test_no_file_can_be_written(tmp_path: Path) -> None:
    ask_fork(tmp_path, "open(__import__('os').environ['SCRATCH'] + '/left', 'w').write('x' * 100)")
    left = tmp_path / "left"
    assert not left.exists() or left.stat().st_size == 0


def bomb() -> bytes:
    """An object stream, where the catalog should be, that unpacks to more than the process may have."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1 << 24)) for _ in range(36)) + packer.flush()
    head = b"%PDF-1.7\n"
    stream = b"5 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    body = head + stream + packed + b"\nendstream\nendobj\n"
    places = ((0, 0, 0), (2, 5, 0), (1, len(head), 0))  # free, in stream 5, at an offset
    entries = b"".join(bytes([kind]) + at.to_bytes(3, "big") + bytes([more]) for kind, at, more in places)
    table = b"6 0 obj\n<</Type/XRef/W[1 3 1]/Size 7/Index[0 2 5 1]/Root 1 0 R/Length 15>>\nstream\n"
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + table + entries + end


def deep() -> bytes:
    """Arrays in arrays, deeper than any stack."""
    body = b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\n"
    table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<</Size 2/Root 1 0 R>>\n"
    return body + table + b"startxref\n%d\n%%%%EOF\n" % len(body)


def test_bombs_are_answered_in_time(chain: SignedChain) -> None:
    """Real files through the real process: too much memory, too deep; then it still serves."""
    files = [("bomb", bomb()), ("deep", deep()), ("good", chain.archived)]
    with VerifierProcess(trust_roots=[], own_root=chain.root) as verifier:
        verifier.start()
        for file in files:
            started = time.monotonic()
            (report,) = verifier.judge([file])
            wanted = Verdict.GREEN if file[0] == "good" else Verdict.UNREADABLE
            assert report.verdict is wanted, file[0]
            assert time.monotonic() - started < 10 + START_SECONDS * (file[0] == "bomb"), file[0]
