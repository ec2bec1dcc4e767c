"""The limited process: answers for every file, whatever the file costs or does."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput
from app.domain.verification import FileReport, Verdict
from app.signing.verification import verify_files
from app.signing.verification.limits import LARGEST_FILE
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
