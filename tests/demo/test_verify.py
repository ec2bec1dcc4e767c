"""What our own verifier says of the demo's file, whole, damaged and cut short."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys

import pytest

from app.signing.verification import verify_files, verify_pdf

FLIPS = 24
NEVER = {"intact", "permitted_changes"}


def judge(demo, data: bytes):
    return verify_pdf(data, "file", trust_roots=[demo.root_pem], own_root=demo.root_pem)


def test_the_signed_file_is_green(demo):
    report = judge(demo, demo.read("signed.pdf")).to_json()
    assert (report["verdict"], report["integrity"], report["trust"]) == ("green", "intact", "trusted")
    assert report["signed_by"].startswith("3 of 3")
    by_field = {signature["field"]: signature for signature in report["signatures"]}
    for field, signer, holder in (
        ("seal", "Larkfield Bookkeeping Ltd", "organisation"),
        ("signature-assistant", "Liza Santos", "demo_process"),
        ("signature-client", "Nora Whitlow", "demo_process"),
    ):
        assert signer in by_field[field]["signer"]
        assert by_field[field]["key_held_by"] == holder
        assert by_field[field]["level"] == "B-LTA"
        assert by_field[field]["timestamp_authority"] == "local clock"
        assert by_field[field]["indication"] == "TOTAL-PASSED"


def test_without_our_root_it_is_intact_and_not_trusted(demo):
    report = verify_pdf(demo.read("signed.pdf"), "file", trust_roots=[], own_root=None)
    assert (report.verdict, report.integrity) == ("amber", "intact")


def test_every_earlier_revision_is_never_green(demo):
    file = demo.read("signed.pdf")
    ends = [match.end() for match in re.finditer(rb"%%EOF\r?\n?", file)]
    assert len(ends) >= 5, "paper, seal, two signatures, validation data, document timestamp"
    for end in ends[:-1]:
        assert judge(demo, file[:end]).verdict != "green", end


def test_sampled_flipped_bytes_are_never_intact(demo):
    file = demo.read("signed.pdf")
    for position in random.Random(20261122).sample(range(len(file)), FLIPS):
        damaged = bytearray(file)
        damaged[position] ^= 0x01
        report = judge(demo, bytes(damaged))
        assert report.integrity not in NEVER, (position, report)
        assert report.verdict in ("red", "unreadable"), (position, report)


@pytest.mark.parametrize("tail", [b"x", b"\n%evil\n", b"%%EOF\n", b"\0" * 9, b"\n", b" "], ids=repr)
def test_bytes_appended_are_never_intact(demo, tail):
    report = judge(demo, demo.read("signed.pdf") + tail)
    assert report.integrity not in NEVER
    assert report.verdict != "green"


def test_the_record_is_green_and_a_changed_one_is_not(demo):
    root = demo.root_pem
    data = demo.read("record.zip")
    assert verify_files([("record.zip", data)], trust_roots=[root], own_root=None)[0].verdict == "green"
    changed = rewrite(demo, "agreement.json", b"{}")
    assert verify_files([("record.zip", changed)], trust_roots=[root], own_root=None)[0].verdict != "green"


def rewrite(demo, name: str, content: bytes) -> bytes:
    import zipfile
    from io import BytesIO

    out = BytesIO()
    with demo.record() as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            target.writestr(info.filename, content if info.filename == name else source.read(info))
    return out.getvalue()


def test_the_command_line_says_the_same(demo, tmp_path):
    (tmp_path / "root.pem").write_bytes(demo.root_pem)
    command = [
        sys.executable,
        "-m",
        "app.cli",
        "verify",
        str(demo.out / "signed.pdf"),
        "--json",
        "--trust",
        str(tmp_path / "root.pem"),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)[0]
    assert report["verdict"] == "green"
    assert {signature["level"] for signature in report["signatures"][:3]} == {"B-LTA"}


def test_a_file_that_is_no_pdf_gets_an_answer_and_exit_1(tmp_path):
    (tmp_path / "note.pdf").write_bytes(b"%PDF-1.7 nothing else")
    ran = subprocess.run(
        [sys.executable, "-m", "app.cli", "verify", str(tmp_path / "note.pdf")],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 1
    assert "Traceback" not in ran.stdout + ran.stderr
