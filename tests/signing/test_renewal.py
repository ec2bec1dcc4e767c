"""Proof that goes on: a newer document timestamp before the one in the file ages."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.errors import SigningFailed
from app.domain.signature import Level
from app.domain.verification import FileReport
from app.signing.office import SigningOffice
from app.signing.timestamp_client import HttpTimestampAuthority
from app.signing.verification import VerifierProcess
from tests.signing.paper import agreement
from tests.signing.people import PASSPHRASE
from tests.signing.responder import running_responder
from tests.tools import needs_tool

YEAR = 365


class Ahead:
    def __init__(self, days: float) -> None:
        self.days = days

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self.days)


def judged(office: SigningOffice, days: float, *files: bytes) -> list[FileReport]:
    """What the verifier of this installation says so many days from now."""
    trust = office.trust()
    besides = replace(trust, roots=trust.roots[1:])
    at = datetime.now(UTC) + timedelta(days=days)
    with VerifierProcess(trust_roots=(), own_root=trust.roots[0], at=at, besides=besides) as verifier:
        return verifier.judge([("file.pdf", file) for file in files])


def test_a_renewed_file_outlives_the_authorities_that_made_it(
    keys: Path, archived: bytes, tmp_path: Path
) -> None:
    """Everything but the root ends after 25 years; renewed in the 24th, the file is green in the 29th."""
    folder = tmp_path / "keys"
    shutil.copytree(keys, folder)
    office = SigningOffice.open(folder, PASSPHRASE, clock=Ahead(24 * YEAR))
    ends = office.proof_ends(archived)
    assert 24 * YEAR < (ends - datetime.now(UTC)).days < 26 * YEAR
    office.rotate("timestamp")
    renewed = office.archive(archived)
    assert renewed.level is Level.B_LTA
    assert renewed.file.startswith(archived)
    assert office.proof_ends(renewed.file) > ends
    for years, expected in ((24.5, ["green", "green"]), (29, ["amber", "green"])):
        reports = judged(office, years * YEAR, archived, renewed.file)
        assert [report.verdict for report in reports] == expected, [report.reasons for report in reports]
    twice = office.archive(renewed.file).file
    assert judged(office, 29 * YEAR, twice)[0].verdict == "green"
    changed = renewed.file[:-200] + bytes([renewed.file[-200] ^ 1]) + renewed.file[-199:]
    assert judged(office, 24.5 * YEAR, changed)[0].verdict != "green"


def test_a_file_that_was_never_archived_has_no_end(office: SigningOffice, certified: bytes) -> None:
    with pytest.raises(SigningFailed, match="no document timestamp"):
        office.proof_ends(certified)


@needs_tool("openssl")
def test_an_external_stamp_stays_green_when_its_list_is_past_its_date(keys: Path, tmp_path: Path) -> None:
    """Authorities renew their lists every few days. The one in the file speaks for its day; that is said."""
    with running_responder(tmp_path) as responder:
        external = HttpTimestampAuthority("external", responder.url, (responder.ca,), timeout=5)
        office = SigningOffice.open(keys, PASSPHRASE, timestamp_authorities=(external,))
        paper = agreement(signers=(), initials=(), clauses=1, seal_box=True)
        file = office.seal_document(paper).file
    fresh, later, ended = (judged(office, days, file)[0] for days in (1, 60, 1100))
    assert (fresh.verdict, later.verdict, ended.verdict) == ("green", "green", "amber")
    assert not any("not known here" in reason for reason in fresh.reasons)
    assert any("not known here" in reason for reason in later.reasons)
