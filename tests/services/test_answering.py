"""Answers of a draft: stored at once, checked, kept when hidden, and what they do to the review."""

from __future__ import annotations

import threading

import pytest

from app.domain.actor import Part
from app.domain.answers import LEFT_OUT, Answers
from app.domain.errors import InvalidInput, NotAllowed, WrongState
from app.domain.text_changes import ChangeKind
from app.domain.workflow import AgreementStatus
from app.services import drafting, gate, review
from app.services.answering import choose_position, give_answers, read_draft
from app.services.changes import void
from tests.web.office import LAWYER, add_liza, complete_draft, send_out, stored


@pytest.fixture
def draft(site, owner):
    return complete_draft(site, owner)


def give(site, owner, agreement_id, **answers):
    given = {key.replace("__", "."): value for key, value in answers.items()}
    return give_answers(site.kit, owner.as_actor(), agreement_id, given)


def edits(site) -> int:
    return site.events().count("agreement.edited")


def test_an_answer_is_stored_with_its_event_and_its_change_is_told(site, owner, draft):
    answered = give(site, owner, draft.id, termination__notice_days="45")
    assert stored(site, draft.id).answers.families["termination"]["notice_days"] == 45
    assert edits(site) == 1
    added = [change for change in answered.changes if change.kind is ChangeKind.ADDED]
    assert {change.family for change in added} <= {"", "termination"}
    assert any("45\u00a0days" in change.text for change in added)


def test_what_cannot_be_used_is_refused_and_the_rest_is_stored(site, owner, draft):
    answered = give(
        site, owner, draft.id, termination__notice_days="4000", parties__client_name="New Name Ltd"
    )
    assert answered.faults == {"termination.notice_days": "Enter 1 to 180 days."}
    families = stored(site, draft.id).answers.families
    assert families["parties"]["client_name"] == "New Name Ltd"
    assert families["termination"]["notice_days"] != 4000


def test_the_same_answer_again_leaves_no_event(site, owner, draft):
    give(site, owner, draft.id, termination__notice_days="45")
    before = stored(site, draft.id).revision
    give(site, owner, draft.id, termination__notice_days=" 45 ")
    assert edits(site) == 1
    assert stored(site, draft.id).revision == before


def test_a_default_that_is_sent_unchanged_is_no_answer(site, owner):
    person = add_liza(site, owner)
    fresh = drafting.start_for_person(site.kit, owner.as_actor(), "va-nda", person.id)
    question = read_draft(site.kit, fresh.id).questionnaire.find("parties.change_days")
    give(site, owner, fresh.id, parties__change_days=str(question.value))
    assert "change_days" not in stored(site, fresh.id).answers.families["parties"]
    assert edits(site) == 0


@pytest.mark.parametrize(
    "key", ["nothing.at_all", "positions.take-home", "signers.client", "deal.nothing", ""]
)
def test_unknown_questions_are_refused(site, owner, draft, key):
    with pytest.raises(InvalidInput) as refused:
        give_answers(site.kit, owner.as_actor(), draft.id, {key: "x"})
    assert refused.value.code == "question-unknown"


def test_hidden_answers_survive_and_take_no_new_ones(site, owner, draft):
    give(site, owner, draft.id, parties__client_registered="yes")
    give(site, owner, draft.id, parties__client_registration="Companies House 01234567")
    give(site, owner, draft.id, parties__client_registered="no")
    give(site, owner, draft.id, parties__client_registration="smuggled in")
    answered = give(site, owner, draft.id, parties__client_registered="yes")
    question = answered.questionnaire.find("parties.client_registration")
    assert question.answer == "Companies House 01234567"
    assert any("01234567" in change.text for change in answered.changes)


def test_an_emptied_answer_returns_to_its_default_or_opens(site, owner, draft):
    answered = give(site, owner, draft.id, termination__notice_days="", parties__client_name="")
    families = stored(site, draft.id).answers.families
    assert "notice_days" not in families.get("termination", {})
    assert answered.questionnaire.find("parties.client_name").needs_answer


def test_changed_text_drops_approval_and_another_address_does_not(site, owner, draft):
    digest = drafting.assess(site.kit, draft.id).draft_digest
    review.approve_text(site.kit, LAWYER, draft.id, digest)
    give(site, owner, draft.id, signers__assistant__email="other@santos.example")
    assert stored(site, draft.id).approval is not None
    assert drafting.assess(site.kit, draft.id).review.passes
    answered = give(site, owner, draft.id, termination__notice_days="45")
    assert answered.dropped_review
    assert stored(site, draft.id).approval is None
    assert stored(site, draft.id).status is AgreementStatus.DRAFT


def test_an_accepted_gap_stays_until_a_clause_answers_it(site, owner, draft):
    choose_position(site.kit, owner.as_actor(), draft.id, "secure-transfer", LEFT_OUT)
    left_out = choose_position(site.kit, owner.as_actor(), draft.id, "marking", LEFT_OUT)
    assert "S1" in left_out.assessment.coverage.gaps
    gate.accept_gap(site.kit, owner.as_actor(), draft.id, "S1", "Nothing is handed over on paper.")
    give(site, owner, draft.id, termination__notice_days="45")
    assert stored(site, draft.id).accepted_gaps == {"S1": "Nothing is handed over on paper."}
    choose_position(site.kit, owner.as_actor(), draft.id, "marking", "standard")
    assert stored(site, draft.id).accepted_gaps == {}


@pytest.mark.parametrize(
    ("family", "position"), [("parties", LEFT_OUT), ("parties", "lax"), ("nothing", "strict")]
)
def test_positions_that_are_not_offered_are_refused(site, owner, draft, family, position):
    with pytest.raises(InvalidInput) as refused:
        choose_position(site.kit, owner.as_actor(), draft.id, family, position)
    assert refused.value.code == "position-unknown"


def test_answers_of_two_tabs_at_once_are_both_kept(site, owner, draft):
    def answer(key: str, value: str) -> None:
        give_answers(site.kit, owner.as_actor(), draft.id, {key: value})

    pairs = [("parties.client_name", "Two Tabs Ltd"), ("parties.assistant_name", "Liza Two Tabs")]
    threads = [threading.Thread(target=answer, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    parties = stored(site, draft.id).answers.families["parties"]
    assert (parties["client_name"], parties["assistant_name"]) == ("Two Tabs Ltd", "Liza Two Tabs")


def test_what_is_out_takes_no_answers_and_a_voided_one_does(site, owner):
    envelope = send_out(site, owner)
    with pytest.raises(WrongState):
        give(site, owner, envelope.agreement_id, termination__notice_days="45")
    void(site.kit, owner.as_actor(), envelope.id, "Wrong dates.")
    assert stored(site, envelope.agreement_id).current_envelope == envelope.id
    give(site, owner, envelope.agreement_id, termination__notice_days="45")
    assert stored(site, envelope.agreement_id).current_envelope == ""


def test_staff_answers_and_a_lawyer_does_not(site, owner, staff, draft):
    give(site, staff, draft.id, termination__notice_days="45")
    with pytest.raises(NotAllowed):
        give_answers(site.kit, LAWYER, draft.id, {"termination.notice_days": "50"})


def test_a_draft_begins_with_what_is_known(site, owner):
    person = add_liza(site, owner)
    answers: Answers = drafting.start_for_person(site.kit, owner.as_actor(), "va-nda", person.id).answers
    assert answers.facts["assistant_country"] == "PH"
    assert answers.facts["assistant_kind"] == "individual"
    assert answers.families["parties"]["assistant_name"] == "Liza Santos"
    assert answers.families["parties"]["assistant_address"] == "14 Mango Road, Cebu City"
    assert answers.signers["assistant"].email == "liza@santos.example"
    assert answers.signers["client"].name == owner.name


def test_what_staff_drafts_the_owner_signs(site, owner, staff):
    person = add_liza(site, owner)
    answers = drafting.start_for_person(site.kit, staff.as_actor(), "va-nda", person.id).answers
    assert answers.signers["client"].email == owner.email
    assert staff.part is Part.STAFF
