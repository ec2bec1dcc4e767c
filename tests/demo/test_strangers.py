"""What other people's tools say of the demo's signed file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests import judges
from tests.tools import needs_tool

SIGNERS = {
    "seal": "Larkfield Bookkeeping Ltd",
    "signature-assistant": "Liza Santos",
    "signature-client": "Nora Whitlow",
}


@needs_tool("pdfsig", "certutil")
def test_pdfsig_calls_every_signature_valid_under_its_own_name(demo):
    judgements = judges.pdfsig(demo.read("signed.pdf"), demo.root_pem)
    assert {judgement.field for judgement in judgements} == set(SIGNERS)
    for judgement in judgements:
        assert judgement.good, judgement
        assert "Signature is Valid" in judgement.says
        assert "ETSI.CAdES.detached" in judgement.says
        assert SIGNERS[judgement.field] in judgement.says


@needs_tool("openssl")
def test_openssl_verifies_each_signature_and_each_timestamp(demo):
    file = demo.read("signed.pdf")
    signatures = judges.openssl_cms(file, demo.root_pem)
    assert {judgement.field for judgement in signatures if judgement.good} == set(SIGNERS), signatures
    timestamps = judges.openssl_ts(file, demo.root_pem)
    assert len(timestamps) == len(SIGNERS) + 1, "one for each signature, and the document timestamp"
    assert all(judgement.good for judgement in timestamps), timestamps


@needs_tool("qpdf")
@pytest.mark.parametrize("name", ["agreement.pdf", "signed.pdf", "certificate_of_completion.pdf"])
def test_qpdf_finds_nothing(demo, name):
    assert judges.qpdf_check(demo.read(name)) == ""


@needs_tool("mutool")
def test_mutool_finds_every_digest_right(demo):
    assert len(judges.mutool_verify(demo.read("signed.pdf"))) == len(SIGNERS)


@pytest.mark.parametrize("days", [0, 3, 400, 2000])
def test_pyhanko_validates_for_the_long_term_offline(demo, days):
    at = datetime.now(UTC) + timedelta(days=days)
    judgements = judges.pyhanko_ltv(demo.read("signed.pdf"), demo.root_pem, at)
    assert {judgement.field for judgement in judgements} >= set(SIGNERS)
    assert all(judgement.good for judgement in judgements), judgements


@needs_tool("pdfsig", "certutil")
def test_the_certificate_of_completion_is_sealed_too(demo):
    judgements = judges.pdfsig(demo.read("certificate_of_completion.pdf"), demo.root_pem)
    assert [judgement.field for judgement in judgements] == ["seal"]
    assert judgements[0].good, judgements
