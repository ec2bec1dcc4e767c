"""The gate before sending: findings, sign-offs, override, stale text, twice at once, who may."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pypdfium2
import pytest

from app.domain.actor import Actor, Part
from app.domain.errors import AppError, InvalidInput, NotAllowed, WrongState
from app.domain.review import Decision
from app.domain.workflow import AgreementStatus, SignerStatus
from app.services import drafting, gate, review, sending
from app.services.answering import give_answers
from app.services.invitations import remind
from app.services.sending import SendingForm
from app.services.signer_view import read_frozen_text
from tests.web.office import (
    LAWYER,
    complete_draft,
    overridden_draft,
    sample_answers,
    send_out,
    sign_as,
    sign_off_all,
    stored,
)


def send(site, actor: Actor, agreement_id: str, **options):
    return sending.send(site.kit, actor, agreement_id, SendingForm(**options))


def envelopes_of(site, agreement_id):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.envelopes.of_agreement(agreement_id)


def messages_of(site, agreement_id):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.messages.of_agreement(agreement_id)


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(document[number].get_textpage().get_text_range() for number in range(len(document)))


def test_error_findings_are_refused_by_name(site, owner):
    draft = complete_draft(site, owner)
    gate.override_review(site.kit, owner.as_actor(), draft.id, "In a hurry.")
    given = give_answers(site.kit, owner.as_actor(), draft.id, {"parties.client_name": ""})
    assert given.agreement.override_reason == "", "a change of text drops the decision"
    with pytest.raises(InvalidInput) as refused:
        send(site, owner.as_actor(), draft.id)
    assert refused.value.code == "findings"
    assert "Client" in refused.value.message
    assert envelopes_of(site, draft.id) == []


def test_without_sign_off_or_override_nothing_is_sent(site, owner):
    draft = complete_draft(site, owner)
    with pytest.raises(WrongState) as refused:
        send(site, owner.as_actor(), draft.id)
    assert refused.value.code == "review-missing"
    assert "take-home" in refused.value.message
    assert stored(site, draft.id).status is AgreementStatus.DRAFT


def test_signed_off_clauses_open_the_gate_and_the_paper_carries_no_note(site, owner):
    draft = complete_draft(site, owner)
    sign_off_all(site.kit, draft.id)
    envelope = send(site, owner.as_actor(), draft.id)
    assert stored(site, draft.id).status is AgreementStatus.OUT
    assert "Not reviewed by a lawyer" not in words_of(site.kit.files.get(envelope.original_digest))
    assert [signer.status for signer in envelope.signers] == [SignerStatus.INVITED, SignerStatus.WAITING]
    assert read_frozen_text(site.kit, envelope).digest == envelope.text_digest


def test_a_refused_clause_closes_the_gate_again(site, owner):
    draft = complete_draft(site, owner)
    sign_off_all(site.kit, draft.id)
    clause = next(drafting.assess(site.kit, draft.id).text.clauses())
    refusal = review.DecisionForm(Decision.REFUSED, comment="Too broad.")
    review.sign_off_clauses(site.kit, LAWYER, [(clause.clause_id, clause.digest)], refusal)
    with pytest.raises(WrongState, match=clause.clause_id):
        send(site, owner.as_actor(), draft.id)


def test_an_override_is_printed_and_kept_with_its_reason(site, owner):
    envelope = send_out(site, owner)
    assert "Not reviewed by a lawyer" in words_of(site.kit.files.get(envelope.original_digest))
    with site.kit.unit_of_work(read_only=True) as unit:
        leaves = unit.audit.of_agreement(envelope.agreement_id)
        sent = next(leaf for leaf in leaves if leaf.name == "agreement.sent")
        opened = {value.field: value.value for value in unit.audit.opened([sent.sequence])[sent.sequence]}
    assert sent.details["overridden"] is True
    assert opened["override_reason"] == "The assistant starts tomorrow."
    assert "starts tomorrow" not in str(sent.to_columns()), "the log itself keeps only a commitment"


@pytest.mark.parametrize("reason", ["", "   \n ", "x" * 1001])
def test_an_override_needs_a_reason_of_some_length(site, owner, reason):
    draft = complete_draft(site, owner)
    with pytest.raises(InvalidInput):
        gate.override_review(site.kit, owner.as_actor(), draft.id, reason)
    assert stored(site, draft.id).override_reason == ""


def test_a_text_that_changed_since_it_was_read_is_not_sent(site, owner):
    draft = complete_draft(site, owner)
    read = drafting.assess(site.kit, draft.id).draft_digest
    give_answers(site.kit, owner.as_actor(), draft.id, {"termination.notice_days": "60"})
    gate.override_review(site.kit, owner.as_actor(), draft.id, "In a hurry.")
    with pytest.raises(WrongState) as refused:
        send(site, owner.as_actor(), draft.id, text_digest=read)
    assert refused.value.code == "text-changed"
    present = drafting.assess(site.kit, draft.id).draft_digest
    assert send(site, owner.as_actor(), draft.id, text_digest=present).agreement_id == draft.id


def test_sent_twice_at_once_there_is_one_envelope(site, owner):
    draft = overridden_draft(site, owner)
    outcomes: list[object] = []
    start = threading.Barrier(2)

    def press() -> None:
        start.wait()
        try:
            outcomes.append(send(site, owner.as_actor(), draft.id).id)
        except AppError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (envelope,) = envelopes_of(site, draft.id)
    assert envelope.id in outcomes
    assert set(outcomes) - {envelope.id} <= {"stale-revision", "wrong-state"}
    assert len(outcomes) == 2
    assert len(set(outcomes)) == 2
    assert len([one for one in messages_of(site, draft.id) if one.signer_id]) == 1, "one invitation"


def test_staff_and_lawyers_draft_or_judge_but_do_not_send(site, owner, staff):
    draft = overridden_draft(site, owner)
    for actor in (staff.as_actor(), LAWYER):
        with pytest.raises(NotAllowed):
            send(site, actor, draft.id)
        with pytest.raises(NotAllowed):
            gate.override_review(site.kit, actor, draft.id, "I may.")
    assert envelopes_of(site, draft.id) == []


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_the_last_day_lies_ahead_and_within_a_year(site, owner, days):
    draft = overridden_draft(site, owner)
    with pytest.raises(InvalidInput) as refused:
        send(site, owner.as_actor(), draft.id, expires_at=site.kit.clock.now() + timedelta(days=days))
    assert refused.value.code == "expiry-invalid"


def test_a_long_message_is_refused(site, owner):
    draft = overridden_draft(site, owner)
    with pytest.raises(InvalidInput) as refused:
        send(site, owner.as_actor(), draft.id, message="x" * 2001)
    assert refused.value.code == "message-long"


class RealMailer:
    """Says of itself that it reaches other people; nothing may be handed to it here."""

    is_trial = False

    def hand_over(self, message, attachments) -> None:
        raise AssertionError("no mail may go out with a link to this computer")


@pytest.fixture
def loopback(site):
    """The site with a real mail server, and still at a loopback address."""
    site.kit = replace(site.kit, mailer=RealMailer(), public_url="http://127.0.0.1:8000")
    return site


def test_nobody_else_gets_a_link_to_this_computer(loopback, owner):
    draft = overridden_draft(loopback, owner)
    with pytest.raises(InvalidInput) as refused:
        send(loopback, owner.as_actor(), draft.id)
    assert refused.value.code == "address-loopback"
    assert "PUBLIC_URL" in refused.value.remedy
    assert stored(loopback, draft.id).status is AgreementStatus.DRAFT


def test_in_person_it_goes_out_without_any_mail(loopback, owner):
    draft = overridden_draft(loopback, owner)
    envelope = send(loopback, owner.as_actor(), draft.id, in_person=True)
    signed = sign_as(loopback.kit, envelope, envelope.signers[0])
    assert signed.signers[1].status is SignerStatus.INVITED
    assert messages_of(loopback, draft.id) == []
    with pytest.raises(InvalidInput, match="leads to this computer only"):
        remind(loopback.kit, owner.as_actor(), envelope.id)


def test_https_reaches_everybody(loopback, owner):
    loopback.kit = replace(loopback.kit, public_url="https://sign.example.com")
    envelope = send(loopback, owner.as_actor(), overridden_draft(loopback, owner).id)
    assert len(messages_of(loopback, envelope.agreement_id)) == 1


def test_sending_pins_the_clauses_and_a_second_sending_is_refused(site, owner):
    envelope = send_out(site, owner)
    pinned = stored(site, envelope.agreement_id).clause_versions
    assert pinned["take-home.strict"] == site.kit.library.library().clauses["take-home.strict"].digest
    with pytest.raises(WrongState):
        send(site, owner.as_actor(), envelope.agreement_id)


def test_a_lawyer_cannot_draft(site, owner):
    with pytest.raises(NotAllowed):
        drafting.start_draft(site.kit, Actor(Part.LAWYER, "l"), "va-nda", sample_answers())
