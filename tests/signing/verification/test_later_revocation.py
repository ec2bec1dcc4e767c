"""What became of a sealed file after one of its certificates was revoked: it depends on when, and why."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.keys import RevocationReason, TrustMaterial
from app.domain.verification import FileReport, Trust, Verdict
from app.signing.office import SigningOffice
from app.signing.verification import VerifierProcess
from tests.signing.people import PASSPHRASE

LOST = RevocationReason.KEY_COMPROMISED


@dataclass
class MovedClock:
    """The clock of whoever revokes; signing goes by the real one."""

    hours: int

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self.hours)


@dataclass(frozen=True)
class Case:
    """One file, and the trust after a revocation at another hour."""

    keys: Path
    file: bytes

    def after(self, scratch: Path, name: str, reason: RevocationReason, hours: int) -> FileReport:
        folder = scratch / "keys"
        shutil.copytree(self.keys, folder)
        desk = SigningOffice.open(folder, PASSPHRASE, clock=MovedClock(hours), even_unusable=True)
        desk.revoke(desk.find_certificate(name), reason)
        return judge(self.file, desk.trust())


def judge(file: bytes, trust: TrustMaterial, hours: int = 48) -> FileReport:
    own, *former = trust.roots
    at = datetime.now(UTC) + timedelta(hours=hours)
    besides = replace(trust, roots=tuple(former))
    with VerifierProcess(trust_roots=(), own_root=own, at=at, besides=besides) as verifier:
        return verifier.judge([("file.pdf", file)])[0]


@pytest.fixture(scope="module")
def case(keys: Path, archived: bytes) -> Case:
    return Case(keys, archived)


@pytest.mark.parametrize("name", ["seal", "issuing"])
def test_what_was_signed_before_the_revocation_stays_green_and_says_so(
    case: Case, tmp_path: Path, name: str
) -> None:
    report = case.after(tmp_path, name, LOST, hours=1)
    assert report.verdict is Verdict.GREEN
    assert any("was revoked on" in reason and "after it had signed" in reason for reason in report.reasons)


@pytest.mark.parametrize("name", ["seal", "issuing"])
def test_what_nothing_proves_to_be_older_is_not_trusted(case: Case, tmp_path: Path, name: str) -> None:
    report = case.after(tmp_path, name, LOST, hours=-1)
    assert report.verdict is Verdict.AMBER
    assert report.trust is Trust.UNTRUSTED
    assert "A signer's certificate was revoked." in report.reasons
    hit = {one.field for one in report.signatures if one.subindication == "REVOKED_NO_POE"}
    everyone = {"seal", "signature-assistant", "signature-client"}
    assert hit == ({"seal"} if name == "seal" else everyone)
    assert report.integrity == "intact"


@pytest.mark.parametrize(
    ("reason", "hours", "verdict"),
    [
        (RevocationReason.SUPERSEDED, 1, Verdict.GREEN),
        (RevocationReason.CESSATION, 1, Verdict.GREEN),
        (RevocationReason.SUPERSEDED, -1, Verdict.AMBER),
        (LOST, 1, Verdict.AMBER),
        (RevocationReason.UNSPECIFIED, 1, Verdict.AMBER),
    ],
)
def test_timestamps_stay_good_only_while_their_key_was_safe(
    case: Case, tmp_path: Path, reason: RevocationReason, hours: int, verdict: Verdict
) -> None:
    """RFC 3161, 4.1."""
    assert case.after(tmp_path, "timestamp", reason, hours).verdict is verdict


def test_leaf_and_authority_both_revoked_later_change_nothing(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    shutil.copytree(case.keys, folder)
    desk = SigningOffice.open(folder, PASSPHRASE, clock=MovedClock(1))
    for name in ("seal", "issuing"):
        desk.revoke(desk.find_certificate(name), LOST)
    assert judge(case.file, desk.trust()).verdict is Verdict.GREEN


def test_a_revocation_is_not_known_before_its_day(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    shutil.copytree(case.keys, folder)
    desk = SigningOffice.open(folder, PASSPHRASE, clock=MovedClock(24))
    desk.revoke(desk.find_certificate("timestamp"), LOST)
    assert judge(case.file, desk.trust(), hours=2).verdict is Verdict.GREEN
    assert judge(case.file, desk.trust(), hours=48).verdict is Verdict.AMBER


def test_a_list_that_another_authority_signed_says_nothing(case: Case, tmp_path: Path) -> None:
    """Same names, another root: a stranger cannot revoke for us."""
    other = SigningOffice.create(
        tmp_path / "keys", PASSPHRASE, "Larkfield Bookkeeping Ltd", "GB", datetime.now(UTC)
    )
    ours = SigningOffice.open(case.keys, PASSPHRASE).trust()
    other.revoke(other.find_certificate("seal"), LOST)
    mixed = replace(ours, revocation_lists=other.trust().revocation_lists)
    assert judge(case.file, mixed).verdict is Verdict.GREEN
