"""Whole verification of files with many signatures, beside plain pyHanko on the same files.

Each contender has a process of its own; they take turns, so that a busy moment of the machine
meets both. Plain pyHanko compares every signature with every later state, as we do, but judges
trust without long-term validation and no form, level or padding: the smaller job.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.bench.measuring import Row
from app.bench.samples import MOMENT, SMALLER, read_sample
from app.clock import SystemClock
from app.config import ROOT, Configuration
from app.domain.agreement_text import AgreementText, signature_field
from app.domain.signature import Appearance, CredentialSubject, KeyHeldBy, SignatureRequest
from app.rendering.pages import count_pages
from app.rendering.pdf import render_pdf
from app.signing.office import SigningOffice

ROUNDS = 2
CONTENDER = Path(__file__).with_name("verification_contender.py")
# (clauses, signatures with the seal): twelve pages with 4, 10 and 20 signatures, a hundred with 4
PAPERS = ((14, 4), (9, 10), (6, 20), (130, 4))
TARGET_AT, TARGET = 20, "0.5 x"


@dataclass(frozen=True, slots=True)
class Measured:
    milliseconds: float
    megabytes: float


def bench_verification(configuration: Configuration) -> list[Row]:
    """One row for each paper. Takes some two minutes, most of it plain pyHanko's."""
    text = read_sample(configuration, SMALLER).assemble()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        office = SigningOffice.create(
            place / "keys", b"a passphrase of the bench only", "Bench Ltd", "GB", SystemClock().now()
        )
        (place / "root.der").write_bytes(office.root_certificate())
        return [_row(office, _with_places(text, *paper), place) for paper in PAPERS]


def _row(office: SigningOffice, text: AgreementText, place: Path) -> Row:
    pdf = _signed_by_all(office, text)
    (place / "file.pdf").write_bytes(pdf)
    ours, plain = _compare(place / "root.der", place / "file.pdf")
    count = len(text.signature_blocks) + 1
    return Row(
        f"Verification of {count_pages(pdf)} pages, {count} signatures and a document timestamp "
        f"(peak {ours.megabytes:.0f} MB; pyHanko {plain.megabytes:.0f} MB)",
        ours.milliseconds,
        "plain pyHanko, no long-term validation",
        plain.milliseconds,
        TARGET if count == TARGET_AT else "",
    )


def _with_places(text: AgreementText, clauses: int, signatures: int) -> AgreementText:
    """The sample with so many clauses (repeated where it has fewer) and places for signatures."""
    held = tuple(itertools.islice(itertools.cycle(text.clauses()), clauses))
    block = text.signature_blocks[0]
    blocks = tuple(
        replace(block, role=f"signer-{number}", name=f"Signer {number}") for number in range(1, signatures)
    )
    section = replace(text.sections[0], clauses=held)
    return replace(
        text, sections=(section,), schedules=(), key_terms=(), initials=(), signature_blocks=blocks
    )


def _signed_by_all(office: SigningOffice, text: AgreementText) -> bytes:
    """Sealed, signed by everybody with a key of their own, archived."""
    pdf = office.certify(render_pdf(text, created_at=MOMENT)).file
    for block in text.signature_blocks:
        now = SystemClock().now()
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        held = KeyHeldBy.DEMO_PROCESS
        subject = CredentialSubject(block.name, "for herself", "a@example.com", "PH", ("bench",), held)
        appearance = Appearance(block.name, "for herself", now, held, "bench", "not asked for")
        request = SignatureRequest(signature_field(block.role), appearance, (), "I sign")
        prepared = office.prepare(pdf, request, office.issue(public, subject, now + timedelta(days=400)))
        value = key.sign(prepared.signed_attributes, ec.ECDSA(hashes.SHA256()))
        pdf = office.finish(prepared, value).file
    return office.archive(pdf).file


def _compare(root: Path, pdf: Path) -> tuple[Measured, Measured]:
    """Ours and plain pyHanko's, in turns: a first run each that does not count, then ROUNDS."""
    with _start("ours", root, pdf) as ours, _start("plain", root, pdf) as plain:
        for process in (ours, plain):
            _run(process)
        times = [(_run(ours), _run(plain)) for _ in range(ROUNDS)]
        return (
            Measured(statistics.median(mine for mine, _ in times), _end(ours)),
            Measured(statistics.median(theirs for _, theirs in times), _end(plain)),
        )


def _start(contender: str, root: Path, pdf: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  # our own interpreter and script, no shell
        [sys.executable, str(CONTENDER), contender, str(root), str(pdf)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", os.defpath)},
    )


def _run(process: subprocess.Popen[str]) -> float:
    """Milliseconds of one verification. Raises RuntimeError where the process ended."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("once\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("a contender of the bench ended: it did not find the file good")
    return float(answer)


def _end(process: subprocess.Popen[str]) -> float:
    """Peak megabytes of the process, which ends."""
    answer, _ = process.communicate()
    return float(answer)
