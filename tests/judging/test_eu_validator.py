"""What the European Commission's validator (EU DSS) says, offline and under its own policy.

The warnings are listed: it warns of what it cannot know, and a new one would be news.
- It walks both the form and the structure tree, and knows a filled field only on the first way.
  PDF/UA demands the second, so the seal's later form fillings are "undefined" to it. Its verdict
  does not depend on it, and for the signatures, whose lock names what was locked, it has no such doubt.
- A fresh installation has no public address, so its certificates name none for issuers and lists.
"""

from __future__ import annotations

import pytest

from tests.demo.finished import Demo
from tests.judging.conftest import Files
from tests.judging.java_judges import Opinion, dss, needs_dss
from tests.signing.verification import attacks

LTA = "PAdES-BASELINE-LTA"
SIGNERS = (1, 2, 5, 10)
OF_DEMO = {
    "signed": ["seal", "signature-assistant", "signature-client"],
    "certificate_of_completion": ["seal"],
}
NO_ADDRESS = {"The authority info access is not present!", "The revocation info access is not present!"}
OF_TAGGED_FORMS = {
    "Document contains changes restricted by /DocMDP dictionary!",
    "The document contains undefined object modifications after the signature revision!",
}

pytestmark = needs_dss()


@pytest.fixture(scope="module")
def opinions(files: Files, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Opinion]:
    """One run of DSS over everything. It trusts the roots of both installations, and of the authority
    that one file has its times from."""
    two = files.chain(2)
    flipped = bytearray(two.archived)
    flipped[len(two.fresh) // 2] ^= 1
    asked = {f"archived-{count}": files.chain(count).archived for count in SIGNERS}
    asked |= {"certificate": files.certificate(), "signed": two.signed, "flipped": bytes(flipped)}
    asked |= {"other-page": attacks.other_page_content(two.archived)}
    asked |= {f"demo-{name}": demo.read(f"{name}.pdf") for name in OF_DEMO}
    external, external_root = files.timestamped_by_another(tmp_path_factory.mktemp("external"))
    asked |= {"external": external.archived}
    roots = [files.root_pem, demo.root_pem, external_root]
    return dss(asked, roots, tmp_path_factory.mktemp("dss"))


def assert_archived(opinion: Opinion, fields: list[str]) -> None:
    assert opinion.passed() == fields
    assert {one.level for one in opinion.signatures} == {LTA}
    assert not [one.errors for one in opinion.signatures if one.errors]
    kinds = [one.name for one in opinion.timestamps if one.indication == "PASSED"]
    assert sorted(kinds) == ["DOCUMENT_TIMESTAMP", *["SIGNATURE_TIMESTAMP"] * len(fields)]


@pytest.mark.parametrize("count", SIGNERS)
def test_every_signature_is_totally_passed_at_level_lta(
    count: int, files: Files, opinions: dict[str, Opinion]
) -> None:
    assert_archived(opinions[f"archived-{count}"], files.chain(count).fields())


def test_the_certificate_of_completion_is_too(opinions: dict[str, Opinion]) -> None:
    assert_archived(opinions["certificate"], ["seal"])


def test_a_file_with_the_times_of_another_authority_is_too(opinions: dict[str, Opinion]) -> None:
    assert_archived(opinions["external"], ["seal", "signature-signer-1"])


@pytest.mark.parametrize("name", OF_DEMO)
def test_the_files_of_the_demo_are_too(name: str, opinions: dict[str, Opinion]) -> None:
    assert_archived(opinions[f"demo-{name}"], OF_DEMO[name])


@pytest.mark.parametrize("count", SIGNERS)
def test_it_warns_of_nothing_else(count: int, opinions: dict[str, Opinion]) -> None:
    seal, *signatures = opinions[f"archived-{count}"].signatures
    assert set(seal.warnings) - NO_ADDRESS <= OF_TAGGED_FORMS
    for one in signatures:
        assert set(one.warnings) <= NO_ADDRESS, one


def test_before_the_archive_it_misses_revocation_data_and_nothing_else(opinions: dict[str, Opinion]) -> None:
    for one in opinions["signed"].signatures:
        assert (one.indication, one.level) == ("INDETERMINATE", "PAdES-BASELINE-T")
        assert "No revocation data found for the certificate!" in one.errors


def test_the_judge_says_no_to_a_flipped_bit(opinions: dict[str, Opinion]) -> None:
    assert {one.indication for one in opinions["flipped"].signatures} == {"TOTAL-FAILED"}


def test_the_judge_notices_another_page(opinions: dict[str, Opinion]) -> None:
    """An update after the last timestamp is a warning to it; our verifier calls such a file broken."""
    for one in opinions["other-page"].signatures:
        assert set(one.warnings) - NO_ADDRESS
