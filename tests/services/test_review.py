"""The services of the review: who decides, what a decision needs, and what a reader of a clause sees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.config import ROOT
from app.domain.account import Account
from app.domain.actor import Part
from app.domain.contract_template import Library
from app.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from app.domain.redline import Mark
from app.domain.review import Decision
from app.domain.workflow import AgreementStatus
from app.library.loading import load_library
from app.services import review
from app.services.assessment import assess_agreement
from app.services.clause_history import compare_versions, list_versions
from app.services.reading import read_clause
from app.services.reading_terms import find_term
from app.services.reading_tree import ReadingKind
from app.services.review_queue import read_agreement, read_decisions
from tests.journeys.review_site import agreement_in_review, clause_of, decide, take_in_earlier
from tests.web.conftest import Site

CLAUSE = "take-home.strict"
APPROVED = review.DecisionForm(decision=Decision.APPROVED)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(ROOT / "clauses", ROOT / "contract_templates")


@pytest.fixture
def lawyer(site: Site, owner: Account) -> Account:
    return site.make(Part.LAWYER)


def test_only_a_lawyer_decides(site: Site, owner: Account) -> None:
    clause = clause_of(site.kit, CLAUSE)
    agreement = agreement_in_review_of(site, owner)
    with pytest.raises(NotAllowed):
        review.sign_off_clauses(site.kit, owner.as_actor(), [(clause.id, clause.digest)], APPROVED)
    digest = read_agreement(site.kit, agreement).assessment.draft_digest
    with pytest.raises(NotAllowed):
        review.approve_text(site.kit, owner.as_actor(), agreement, digest)
    with pytest.raises(NotAllowed):
        review.send_back(site.kit, owner.as_actor(), agreement, digest, "No.")


def agreement_in_review_of(site: Site, owner: Account) -> str:
    with site.kit.unit_of_work(read_only=True) as unit:
        has_lawyer = any(one.part is Part.LAWYER for one in unit.accounts.list())
    if not has_lawyer:
        site.make(Part.LAWYER)
    return agreement_in_review(site.kit, owner.as_actor()).id


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (review.DecisionForm(Decision.REFUSED), "comment-missing"),
        (review.DecisionForm(Decision.REFUSED, comment=" \n "), "comment-missing"),
        (review.DecisionForm(Decision.APPROVED_WITH_CONDITIONS), "comment-missing"),
        (review.DecisionForm(Decision.APPROVED, jurisdictions=()), "jurisdiction-missing"),
        (review.DecisionForm(Decision.APPROVED, jurisdictions=("Ruritania",)), "jurisdiction-unknown"),
        (review.DecisionForm(Decision.APPROVED, contract_templates=()), "template-missing"),
        (review.DecisionForm(Decision.APPROVED, contract_templates=("none",)), "template-unknown"),
        (review.DecisionForm(Decision.APPROVED, comment="x" * 4001), "comment-long"),
    ],
)
def test_a_decision_that_says_too_little_is_not_recorded(
    site: Site, lawyer: Account, form: review.DecisionForm, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        review.sign_off_clauses(
            site.kit, lawyer.as_actor(), [(CLAUSE, clause_of(site.kit, CLAUSE).digest)], form
        )
    assert refused.value.code == code
    assert read_decisions(site.kit, lawyer.as_actor()) == []


def test_one_changed_clause_among_several_stops_all(site: Site, lawyer: Account) -> None:
    good = clause_of(site.kit, CLAUSE)
    with pytest.raises(WrongState):
        review.sign_off_clauses(
            site.kit, lawyer.as_actor(), [(good.id, good.digest), ("backups.strict", "0" * 64)], APPROVED
        )
    with pytest.raises(NotFound):
        review.sign_off_clauses(site.kit, lawyer.as_actor(), [("no.such", "0" * 64)], APPROVED)
    past = review.DecisionForm(Decision.APPROVED, expires_at=site.clock.now() - timedelta(seconds=1))
    with pytest.raises(InvalidInput):
        review.sign_off_clauses(site.kit, lawyer.as_actor(), [(good.id, good.digest)], past)
    assert read_decisions(site.kit, lawyer.as_actor()) == []


def test_sign_offs_of_every_clause_open_the_gate_and_one_refusal_shuts_it(
    site: Site, owner: Account, lawyer: Account
) -> None:
    agreement = agreement_in_review_of(site, owner)
    waiting = read_agreement(site.kit, agreement).waiting
    assert len(waiting) > 20
    for clause_id in waiting:
        decide(site.kit, lawyer.as_actor(), clause_id, Decision.APPROVED, jurisdictions=("GB", "PH"))
    assert read_agreement(site.kit, agreement).assessment.review.passes
    decide(site.kit, lawyer.as_actor(), CLAUSE, Decision.REFUSED, comment="Not any more.")
    assert read_agreement(site.kit, agreement).waiting == (CLAUSE,)


def test_an_approval_carries_the_text_until_it_is_sent_back(
    site: Site, owner: Account, lawyer: Account
) -> None:
    agreement = agreement_in_review_of(site, owner)
    digest = read_agreement(site.kit, agreement).assessment.draft_digest
    with pytest.raises(WrongState):
        review.approve_text(site.kit, lawyer.as_actor(), agreement, "0" * 64)
    review.approve_text(site.kit, lawyer.as_actor(), agreement, digest, "Fine.")
    with site.kit.unit_of_work(read_only=True) as unit:
        held = unit.agreements.get(agreement)
        assert assess_agreement(unit, site.kit.library.library(), held, site.clock.now()).review.passes
    back = review.send_back(site.kit, lawyer.as_actor(), agreement, digest, "Wait.")
    assert (back.status, back.approval) == (AgreementStatus.DRAFT, None)
    with pytest.raises(NotFound):
        read_agreement(site.kit, agreement)


def test_versions_are_compared_without_their_notes(site: Site) -> None:
    earlier = take_in_earlier(
        site.kit,
        CLAUSE,
        ("to removable storage", "to storage"),
        ("Purpose: keeps", "Reason: keeps"),
        ("max = 72", "max = 48"),
    )
    clause = clause_of(site.kit, CLAUSE)
    with site.kit.unit_of_work(read_only=True) as unit:
        versions = list_versions(unit, clause)
        found = compare_versions(unit, versions, earlier.digest, clause.digest)
    assert [(one.number, one.current) for one in versions] == [(clause.version, True), ("0.0.9", False)]
    assert (found.count.inserted, found.count.removed) == (1, 0)
    (settings,) = found.settings
    assert [piece.text for piece in settings if piece.mark is not Mark.SAME] == ["48", "72"]


# --- reading ---------------------------------------------------------------------------


def test_every_term_of_every_clause_leads_to_its_definition(library: Library) -> None:
    for clause in library.clauses.values():
        for term in read_clause(library, clause).terms:
            assert term.term in term.words, (clause.id, term)
            assert term.clause_id in library.clauses


def test_the_own_definition_of_a_clause_comes_first(library: Library) -> None:
    place = find_term(library, library.clauses[CLAUSE], "Stray Copies")
    assert place is not None
    assert (place.term, place.clause_id) == ("Stray Copy", CLAUSE)
    assert place.words.startswith("A \u201cStray Copy\u201d is a copy")
    assert find_term(library, library.clauses[CLAUSE], "Unknown Thing") is None


def test_a_clause_is_read_with_all_it_may_say(library: Library) -> None:
    reading = read_clause(library, library.clauses[CLAUSE])
    runs = [run for block in reading.blocks for run in block.runs]
    assert [block.number for block in reading.blocks] == ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)"]
    assert reading.blocks[0].children[2].number == "(iii)"
    assert reading.blocks[0].children[2].conditions[0].startswith("only if")
    assert "[48 hours]" in [run.text for run in runs if run.kind is ReadingKind.BLANK]
    assert "paragraph\u00a0(b)" in [run.text for run in runs if run.kind is ReadingKind.REFERENCE]
    assert {blank.name for blank in reading.blanks} == {"erase_hours", "inspection_notice"}
