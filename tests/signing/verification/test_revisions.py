"""Comparing revisions: the faster usage map equals pyHanko's, and the whole stays fast."""

from __future__ import annotations

import io
import time

import pytest
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from app.domain.verification import Verdict
from app.signing.verification.usages import UsageIndex
from tests.signing.paper import agreement
from tests.signing.verification import attacks
from tests.signing.verification.conftest import Judge
from tests.signing.verification.signed_chain import SignedChain, sign


def assert_same_usages(pdf: bytes) -> None:
    reader = PdfFileReader(io.BytesIO(pdf))
    index = UsageIndex(reader)
    for revision in range(reader.total_revisions):
        theirs, ours = HistoricalResolver(reader, revision), HistoricalResolver(reader, revision)
        theirs._load_reverse_xref_cache()
        index.load(ours)
        assert ours._indirect_object_access_cache.whole() == theirs._indirect_object_access_cache


def assert_same_answers(pdf: bytes) -> None:
    """Asked one by one, as the difference analysis does, and about objects that nothing uses."""
    reader = PdfFileReader(io.BytesIO(pdf))
    index = UsageIndex(reader)
    for revision in (*range(reader.total_revisions), 0):
        theirs, ours = HistoricalResolver(reader, revision), HistoricalResolver(reader, revision)
        theirs._load_reverse_xref_cache()
        index.load(ours)
        for number in range(0, 400, 7):
            reference = Reference(number, 0, reader)
            assert ours._get_usages_of_ref(reference) == theirs._get_usages_of_ref(reference)


def test_each_object_is_used_where_pyhanko_says(chain: SignedChain) -> None:
    assert_same_answers(chain.archived)
    assert_same_answers(attacks.other_page_content(chain.archived))


def test_usages_are_those_that_pyhanko_finds(chain: SignedChain) -> None:
    assert_same_usages(chain.archived)


@pytest.mark.parametrize(
    "attack",
    [attacks.other_page_content, attacks.new_text_field, attacks.shared_signature, attacks.removed_page],
    ids=lambda attack: attack.__name__,
)
def test_usages_are_the_same_in_attacked_files(attack: attacks.Attack, chain: SignedChain) -> None:
    assert_same_usages(attack(chain.archived))


def test_four_signatures_on_a_long_agreement_take_well_under_three_seconds(
    chain: SignedChain, judge: Judge
) -> None:
    roles = ("one", "two", "three")
    pdf = chain.office.certify(agreement(signers=roles, initials=(), clauses=24)).file
    for role in roles:
        pdf = sign(chain.office, pdf, role, f"Signer {role}", "for herself")
    pdf = chain.office.archive(pdf).file
    started = time.process_time()
    assert judge(pdf).verdict is Verdict.GREEN
    assert time.process_time() - started < 3
