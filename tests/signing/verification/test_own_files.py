"""What the verifier says of files that our own office signed."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.domain.errors import InvalidInput
from app.domain.verification import FileReport, Integrity, Trust, Verdict
from app.signing.office import SigningOffice
from app.signing.verification import verify_pdf
from tests.signing.verification.conftest import Judge
from tests.signing.verification.signed_chain import PASSPHRASE, SignedChain, sign


def test_archived_file_is_green(chain: SignedChain, judge: Judge) -> None:
    report = judge(chain.archived)
    assert (report.verdict, report.integrity) == (Verdict.GREEN, Integrity.INTACT), report.reasons
    assert report.trust is Trust.TRUSTED
    assert report.signed_by == "3 of 3 fields"
    assert [each.level for each in report.signatures] == ["B-LTA", "B-LTA", "B-LTA", ""]
    assert {each.indication for each in report.signatures} == {"TOTAL-PASSED"}
    assert [each.signer for each in report.signatures[1:3]] == ["Maria Santos", "Erin Lark"]
    assert any("own server" in reason for reason in report.reasons)


def test_report_tells_who_held_the_keys_and_whose_clock_it_was(chain: SignedChain, judge: Judge) -> None:
    signatures = judge(chain.archived).signatures
    assert [each.kind for each in signatures] == ["seal", "signature", "signature", "document_timestamp"]
    held = ["organisation", "signer_client", "server_one_time", "organisation"]
    assert [each.key_held_by for each in signatures] == held
    assert {each.timestamp_authority for each in signatures} == {"local clock"}
    for each in signatures:
        assert datetime.fromisoformat(each.timestamped_at) <= datetime.now(UTC)


def test_levels_are_measured_at_every_stage(chain: SignedChain, judge: Judge) -> None:
    assert [each.level for each in judge(chain.sealed).signatures] == ["B-T"]
    assert [each.level for each in judge(chain.complete).signatures] == ["B-T", "B-T", "B-T"]


def test_initials_of_a_signature_are_no_change_to_the_seal(chain: SignedChain, judge: Judge) -> None:
    seal = judge(chain.first).signatures[0]
    assert seal.integrity is Integrity.INTACT
    assert "The signature of Maria Santos was added." in seal.changes
    assert "The initials of Maria Santos on clauses credentials, take-home were filled in." in seal.changes


def test_report_says_where_each_signed_part_ends(chain: SignedChain, judge: Judge) -> None:
    ends = [each.covered_to for each in judge(chain.archived).signatures]
    stages = [chain.sealed, chain.first, chain.complete, chain.archived]
    assert ends == [len(stage) for stage in stages]
    assert all(chain.archived[:end] == stage for end, stage in zip(ends, stages, strict=True))


@pytest.mark.parametrize("days", [400, 2000, 7300])
def test_still_green_years_later(days: int, chain: SignedChain, judge: Judge) -> None:
    report = judge(chain.archived, datetime.now(UTC) + timedelta(days=days))
    assert report.verdict is Verdict.GREEN, report.reasons


def test_unarchived_file_is_not_trusted_for_ever(chain: SignedChain, judge: Judge) -> None:
    report = judge(chain.complete, datetime.now(UTC) + timedelta(days=12_000))
    assert (report.integrity, report.trust) == (Integrity.INTACT, Trust.UNTRUSTED)


def test_integrity_does_not_depend_on_trust(chain: SignedChain) -> None:
    def ask(roots: list[bytes], own: bytes | None) -> FileReport:
        return verify_pdf(chain.archived, "x", trust_roots=roots, own_root=own)

    nobody, given, own = ask([], None), ask([chain.root], None), ask([], chain.root)
    assert {each.integrity for each in (nobody, given, own)} == {Integrity.INTACT}
    assert (nobody.verdict, nobody.trust) == (Verdict.AMBER, Trust.NOT_EVALUATED)
    assert given.verdict is own.verdict is Verdict.GREEN
    assert [each.key_held_by for each in nobody.signatures] == [each.key_held_by for each in own.signatures]


def test_trust_is_given_as_pem_too(chain: SignedChain) -> None:
    pem = x509.load_der_x509_certificate(chain.root).public_bytes(Encoding.PEM)
    assert verify_pdf(chain.archived, "x", trust_roots=[pem], own_root=None).verdict is Verdict.GREEN


def test_rubbish_as_trusted_root_is_refused(chain: SignedChain) -> None:
    with pytest.raises(InvalidInput):
        verify_pdf(chain.archived, "x", trust_roots=[b"no certificate"], own_root=None)


def test_another_installation_does_not_trust_it(
    chain: SignedChain, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("other") / "keys"
    other = SigningOffice.create(directory, PASSPHRASE, "Larkfield Books Ltd", "GB", datetime.now(UTC))
    report = verify_pdf(chain.archived, "x", trust_roots=[], own_root=other.root_certificate())
    assert (report.verdict, report.integrity, report.trust) == (
        Verdict.AMBER,
        Integrity.INTACT,
        Trust.UNTRUSTED,
    )
    assert report.signatures[0].subindication == "NO_CERTIFICATE_CHAIN_FOUND"


def test_an_empty_field_is_never_green_even_with_a_timestamp(chain: SignedChain, judge: Judge) -> None:
    report = judge(chain.timestamped(chain.first))
    assert (report.verdict, report.signed_by) == (Verdict.AMBER, "2 of 3 fields")
    assert "Only 2 of 3 signature fields are signed." in report.reasons


def test_a_second_timestamp_keeps_it_green(chain: SignedChain, judge: Judge) -> None:
    renewed = judge(chain.timestamped(chain.archived))
    assert renewed.verdict is Verdict.GREEN
    assert [each.kind for each in renewed.signatures].count("document_timestamp") == 2


def test_signing_after_archiving_loses_green(chain: SignedChain, judge: Judge) -> None:
    early = chain.timestamped(chain.first)
    later = sign(chain.office, early, "client", "Erin Lark", "director")
    assert judge(later).verdict is Verdict.AMBER
    assert judge(chain.timestamped(later)).verdict is Verdict.GREEN


def test_paper_is_unsigned(chain: SignedChain, judge: Judge) -> None:
    report = judge(chain.paper)
    assert (report.verdict, report.integrity) == (Verdict.UNSIGNED, Integrity.UNSIGNED)
    assert report.signed_by == "0 of 3 fields"


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"\x00" * 4096, b"%PDF-1.7\n" + b"<<" * 20_000])
def test_no_pdf_is_unreadable(data: bytes, judge: Judge) -> None:
    report = judge(data)
    assert (report.verdict, report.integrity) == (Verdict.UNREADABLE, Integrity.UNREADABLE)


def test_nothing_is_fetched(chain: SignedChain, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    for stage in (chain.sealed, chain.archived):
        judge(stage)
    assert not asked


def test_report_survives_json(chain: SignedChain, judge: Judge) -> None:
    report = judge(chain.archived)
    assert FileReport.from_json(report.to_json()) == report
