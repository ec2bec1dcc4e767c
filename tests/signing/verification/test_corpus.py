"""The corpus of genuine and attacked PDFs of others, where it lies beside the repository.

COUNTERSIGN_PDF_CORPUS names its folder; otherwise `../shared/pdf_corpus` is looked for.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from app.domain.verification import FileReport, Integrity, Verdict
from app.signing.verification import verify_files

BESIDE = Path(__file__).resolve().parents[4] / "shared" / "pdf_corpus"
CORPUS = Path(os.environ.get("COUNTERSIGN_PDF_CORPUS", BESIDE))
NOT_BROKEN = (Integrity.INTACT, Integrity.PERMITTED_CHANGES)
FEWEST_INTACT = 27  # of 28; the 28th is locked with a password

pytestmark = pytest.mark.skipif(
    not (CORPUS / "manifest.tsv").is_file(), reason="the corpus of PDFs is not beside the repository"
)


@pytest.fixture(scope="module")
def judged() -> dict[str, list[FileReport]]:
    with (CORPUS / "manifest.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    reports = verify_files([CORPUS / row["file"] for row in rows], trust_roots=[], own_root=None)
    grouped: dict[str, list[FileReport]] = {}
    for row, report in zip(rows, reports, strict=True):
        grouped.setdefault(row["expect"], []).append(report)
    return grouped


def test_no_manipulated_file_passes(judged: dict[str, list[FileReport]]) -> None:
    passed = [report.file for report in judged["not_intact"] if report.integrity in NOT_BROKEN]
    assert not passed


def test_genuine_files_are_intact(judged: dict[str, list[FileReport]]) -> None:
    intact = [report for report in judged["intact"] if report.integrity in NOT_BROKEN]
    assert len(intact) >= FEWEST_INTACT


def test_changed_files_are_readable(judged: dict[str, list[FileReport]]) -> None:
    assert not [report.file for report in judged["changed"] if report.verdict is Verdict.UNREADABLE]


def test_no_stranger_is_green_and_everyone_gets_a_reason(judged: dict[str, list[FileReport]]) -> None:
    for report in (report for reports in judged.values() for report in reports):
        assert report.verdict is not Verdict.GREEN
        assert report.reasons
        assert "Traceback" not in " ".join(report.reasons)


def test_nothing_had_to_be_stopped(judged: dict[str, list[FileReport]]) -> None:
    reasons = {reason for reports in judged.values() for report in reports for reason in report.reasons}
    assert not [reason for reason in reasons if "stopped" in reason or "could not be finished" in reason]
