"""After the sending: order, reminders, copies, addresses, withdrawals, and mail that is told honestly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.config import ROOT
from app.domain.access_link import LinkPurpose
from app.domain.actor import Part
from app.domain.envelope import CopyRecipient
from app.domain.errors import DeliveryFailed, InvalidInput, NotAllowed, WrongState
from app.domain.message import DeliveryState
from app.domain.reminder import ReminderPlan, read_days
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.rendering.pages import count_pages
from app.services import ceremony, changes, gate, review, sending
from app.services.addresses import correct_address
from app.services.answering import give_answers
from app.services.delivery import DELIVERY_TRIES
from app.services.dossier import read_dossier
from app.services.drafting import assess
from app.services.identity import signer_actor
from app.services.invitations import remind
from app.services.links import LinkUnusable, open_link
from app.services.reminders import planned_reminders, remind_as_planned, stop_reminders
from app.services.sample import make_sample
from app.services.sending_form import SendingForm
from tests.services.test_sending import messages_of, words_of
from tests.web.office import LAWYER, complete_draft, later, send_out, sign_as, sign_off_all, stored

PLAN = ReminderPlan((2, 5), (1,))


def envelope_of(site, envelope):
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.envelopes.get(envelope.id)


def subjects(site, envelope) -> list[str]:
    return [one.subject for one in messages_of(site, envelope.agreement_id)]


def events_of(site, envelope) -> list[str]:
    with site.kit.unit_of_work(read_only=True) as unit:
        return [leaf.name for leaf in unit.audit.of_agreement(envelope.agreement_id)]


def token_in(site, message) -> str:
    """The link as it lies in the outbox."""
    (path,) = site.outbox.rglob(f"*{message.id}*.eml")
    text = path.read_bytes().decode(errors="replace").replace("=\r\n", "").replace("=\n", "")
    return text.split("/s/", 1)[1].split()[0].strip('"<>')


def identify_first(site, envelope):
    signer = envelope.signers[0]
    actor = signer_actor(signer, "127.0.0.1", "test")
    ceremony.identify(site.kit, actor, envelope.id, signer.id, ("a test",))
    return actor


# --- signing order -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("turns", "asked"),
    [
        ({}, ["assistant"]),
        ({"assistant": 1, "client": 1}, ["assistant", "client"]),
        ({"assistant": 2, "client": 1}, ["client"]),
    ],
    ids=["as the template has it", "all at once", "the client first"],
)
def test_the_owner_chooses_who_is_asked_when(site, owner, turns, asked):
    envelope = send_out(site, owner, turns=turns)
    invited = sorted(one.role for one in envelope.signers if one.status is SignerStatus.INVITED)
    assert invited == asked
    assert len(messages_of(site, envelope.agreement_id)) == len(asked)
    if asked == ["client"]:  # against the template's order it can be signed to the end
        for signer in envelope.signers:
            envelope = sign_as(site.kit, envelope, signer)
        assert envelope.status is EnvelopeStatus.COMPLETED


@pytest.mark.parametrize(
    "turns", [{"assistant": 1}, {"assistant": 0, "client": 1}, {"assistant": 1, "client": 1, "witness": 2}]
)
def test_an_order_with_holes_is_refused(site, owner, turns):
    with pytest.raises(InvalidInput) as refused:
        send_out(site, owner, turns=turns)
    assert refused.value.code == "order-invalid"


# --- messages and copies -------------------------------------------------------------------


def test_each_signer_reads_their_own_message(site, owner):
    words = {"assistant": "Dear Liza, for you alone.", "client": "For me."}
    envelope = send_out(
        site, owner, message="To all.", signer_messages=words, turns={"assistant": 1, "client": 1}
    )
    texts = {one.to_address: one.text for one in messages_of(site, envelope.agreement_id)}
    mail = texts[next(one.email for one in envelope.signers if one.role == "assistant")]
    assert "To all." in mail
    assert "for you alone" in mail
    assert "For me." not in mail


def test_who_gets_a_copy_gets_the_sealed_files_and_stands_on_the_certificate(site, owner):
    dana = CopyRecipient("Dana Reyes", "dana@reyes.example")
    envelope = send_out(site, owner, copy_recipients=(dana,))
    (invitation,) = messages_of(site, envelope.agreement_id)
    assert "a copy also goes to Dana Reyes (dana@reyes.example)" in invitation.text
    for signer in envelope.signers:
        envelope = sign_as(site.kit, envelope, signer)
    assert not [one for one in messages_of(site, envelope.agreement_id) if one.to_address == dana.email]
    site.run_jobs()
    envelope = envelope_of(site, envelope)
    (copy,) = [one for one in messages_of(site, envelope.agreement_id) if one.to_address == dana.email]
    assert [one.digest for one in copy.attachments] == [envelope.sealed_digest, envelope.completion_digest]
    assert copy.state is DeliveryState.HANDED_OVER
    certificate = site.kit.files.get(envelope.completion_digest)
    assert count_pages(certificate)
    assert "Dana Reyes, dana@reyes.example" in " ".join(words_of(certificate).split())


@pytest.mark.parametrize(
    ("name", "email"),
    [("", "dana@reyes.example"), ("Dana", "no address"), ("Nora", "nora@larkfield.example")],
    ids=["no name", "no address", "a signer"],
)
def test_a_copy_needs_a_person_of_its_own(site, owner, name, email):
    with pytest.raises(InvalidInput):
        send_out(site, owner, copy_recipients=(CopyRecipient(name, email),))


# --- reminders -----------------------------------------------------------------------------


def test_reminders_go_out_as_planned_to_who_has_not_signed(site, owner):
    envelope = send_out(site, owner, reminders=PLAN)
    site.run_jobs()
    now = site.kit.clock.now()
    planned = planned_reminders(envelope, now)
    assert [round((one.at - now) / timedelta(days=1)) for one in planned] == [2, 5, 29]
    later(site, days=2, minutes=1)
    site.run_jobs()
    assert [one.startswith("Reminder: ") for one in subjects(site, envelope)] == [False, True]
    envelope = sign_as(site.kit, envelope_of(site, envelope), envelope.signers[0])
    later(site, days=1)
    site.run_jobs()
    assert len(subjects(site, envelope)) == 3, "the second signer's days count from the second invitation"
    later(site, days=2)
    site.run_jobs()
    reminded = [one for one in messages_of(site, envelope.agreement_id) if "Reminder" in one.subject]
    assert [one.to_address for one in reminded] == [signer.email for signer in envelope.signers]


def test_a_worker_that_was_off_sends_one_reminder_and_none_twice(site, owner):
    envelope = send_out(site, owner, reminders=PLAN)
    later(site, days=6)
    site.run_jobs()
    assert sum("Reminder" in one for one in subjects(site, envelope)) == 1
    due_at = (envelope.signers[0].invited_at + timedelta(days=2)).isoformat()
    again = {"envelope_id": envelope.id, "signer_id": envelope.signers[0].id, "due_at": due_at}
    remind_as_planned(site.kit, again)
    assert sum("Reminder" in one for one in subjects(site, envelope)) == 1


def test_stopped_reminders_stay_away_and_only_the_owner_stops_them(site, owner, staff):
    envelope = send_out(site, owner, reminders=PLAN)
    with pytest.raises(NotAllowed):
        stop_reminders(site.kit, staff.as_actor(), envelope.id)
    stopped = stop_reminders(site.kit, owner.as_actor(), envelope.id)
    assert planned_reminders(stopped, site.kit.clock.now()) == ()
    assert "envelope.reminders_stopped" in events_of(site, envelope)
    later(site, days=6)
    site.run_jobs()
    assert not any("Reminder" in one for one in subjects(site, envelope))
    with pytest.raises(WrongState):
        stop_reminders(site.kit, owner.as_actor(), envelope.id)


def test_no_reminder_while_a_change_is_asked_for_and_the_plan_moves_with_the_end(site, owner):
    envelope = send_out(site, owner, reminders=ReminderPlan((2,), (1,)))
    actor = identify_first(site, envelope)
    asked = changes.request_change(site.kit, actor, envelope.id, envelope.signers[0].id, "", "Please.")
    later(site, days=3)
    site.run_jobs()
    assert not any("Reminder" in one for one in subjects(site, envelope))
    resumed = changes.answer_change(site.kit, owner.as_actor(), asked.id, "No.")
    (planned,) = planned_reminders(resumed, site.kit.clock.now())
    assert planned.at == resumed.expires_at - timedelta(days=1)
    site.clock.ahead += planned.at - site.kit.clock.now() + timedelta(minutes=1)
    site.run_jobs()
    assert sum("Reminder" in one for one in subjects(site, envelope)) == 1


def test_in_person_nobody_is_mailed_at_all(site, owner):
    envelope = send_out(site, owner, in_person=True, reminders=PLAN)
    sign_as(site.kit, envelope, envelope.signers[0])
    assert messages_of(site, envelope.agreement_id) == []
    assert envelope_of(site, envelope).reminders.is_empty


@pytest.mark.parametrize(
    ("text", "days"), [("", ()), ("5, 2", (2, 5)), ("2 2;3", (2, 3)), ("365", (365,))]
)
def test_days_are_read(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["0", "-1", "366", "two", "1.5", "1 2 3 4 5 6 7 8 9 10 11", "²"])
def test_what_are_no_days_is_refused(text):
    with pytest.raises(InvalidInput):
        read_days(text)


# --- addresses -----------------------------------------------------------------------------


def test_a_corrected_address_revokes_the_old_link_and_gets_a_new_mail(site, owner):
    envelope = send_out(site, owner)
    site.run_jobs()
    (first,) = messages_of(site, envelope.agreement_id)
    old = token_in(site, first)
    assert open_link(site.kit, old, LinkPurpose.SIGN).subject == envelope.signers[0].id
    signer = envelope.signers[0]
    correct_address(site.kit, owner.as_actor(), envelope.id, signer.id, "liza.new@santos.example")
    site.run_jobs()
    with pytest.raises(LinkUnusable):
        open_link(site.kit, old, LinkPurpose.SIGN)
    _, second = messages_of(site, envelope.agreement_id)
    assert second.to_address == "liza.new@santos.example"
    assert open_link(site.kit, token_in(site, second), LinkPurpose.SIGN).subject == signer.id
    kept = stored(site, envelope.agreement_id).answers.signers[signer.role].email
    assert kept == "liza.new@santos.example", "the next sending begins with it"
    assert events_of(site, envelope).count("signer.address_corrected") == 1


def test_a_mail_still_waiting_for_the_wrong_address_never_leaves(site, owner):
    envelope = send_out(site, owner)
    signer = envelope.signers[0]
    correct_address(site.kit, owner.as_actor(), envelope.id, signer.id, "liza.new@santos.example")
    site.run_jobs()
    wrong, right = messages_of(site, envelope.agreement_id)
    assert (wrong.state, right.state) == (DeliveryState.WITHDRAWN, DeliveryState.HANDED_OVER)
    assert wrong.handed_over_at is None
    assert len(list(site.outbox.rglob("*.eml"))) == 1
    assert "message.withdrawn" in events_of(site, envelope)


def test_once_identified_an_address_stays(site, owner, staff):
    envelope = send_out(site, owner)
    first, second = envelope.signers
    with pytest.raises(NotAllowed):
        correct_address(site.kit, staff.as_actor(), envelope.id, first.id, "x@y.example")
    for wrong in ("", "no address", first.email):
        with pytest.raises(InvalidInput):
            correct_address(site.kit, owner.as_actor(), envelope.id, first.id, wrong)
    identify_first(site, envelope)
    with pytest.raises(WrongState):
        correct_address(site.kit, owner.as_actor(), envelope.id, first.id, "x@y.example")
    waiting = correct_address(site.kit, owner.as_actor(), envelope.id, second.id, "new@larkfield.example")
    assert waiting.signer(second.id).status is SignerStatus.WAITING
    assert len(messages_of(site, envelope.agreement_id)) == 1, "who waits is asked when it is their turn"
    changes.void(site.kit, owner.as_actor(), envelope.id, "Over.")
    with pytest.raises(WrongState):
        correct_address(site.kit, owner.as_actor(), envelope.id, second.id, "z@y.example")


def test_a_mail_is_sent_again_to_one_signer(site, owner):
    envelope = send_out(site, owner, turns={"assistant": 1, "client": 1})
    first, second = envelope.signers
    remind(site.kit, owner.as_actor(), envelope.id, first.id)
    assert [one.to_address for one in messages_of(site, envelope.agreement_id)][2:] == [first.email]
    sign_as(site.kit, envelope_of(site, envelope), first)
    with pytest.raises(WrongState):
        remind(site.kit, owner.as_actor(), envelope.id, first.id)


# --- mail told honestly --------------------------------------------------------------------


class Refusing:
    is_trial = False

    def __init__(self, *, retryable: bool) -> None:
        self.retryable = retryable

    def hand_over(self, message, attachments) -> None:
        raise DeliveryFailed("mail-refused", "The mail server is away.", "Wait.", retryable=self.retryable)


def test_mail_that_is_given_up_is_said_to_have_failed(site, owner):
    envelope = send_out(site, owner)
    site.kit = replace(site.kit, mailer=Refusing(retryable=True))
    site.run_jobs()
    (mail,) = messages_of(site, envelope.agreement_id)
    assert (mail.state, mail.tries) == (DeliveryState.DELAYED, 1)
    for _ in range(DELIVERY_TRIES - 1):
        later(site, hours=3)
        site.run_jobs()
    (mail,) = messages_of(site, envelope.agreement_id)
    assert (mail.state, mail.tries) == (DeliveryState.FAILED, DELIVERY_TRIES)
    assert mail.handed_over_at is None
    assert events_of(site, envelope).count("signer.mail_failed") == DELIVERY_TRIES
    assert "signer.mail_handed_over" not in events_of(site, envelope)


# --- withdrawing and revising --------------------------------------------------------------


def test_who_was_asked_is_told_of_the_withdrawal_and_the_next_mail_says_what_it_replaces(site, owner):
    envelope = send_out(site, owner)
    actor = identify_first(site, envelope)
    asked = changes.request_change(site.kit, actor, envelope.id, envelope.signers[0].id, "", "Shorter?")
    changes.void(site.kit, owner.as_actor(), envelope.id, "I make it shorter.")
    told = messages_of(site, envelope.agreement_id)[-1]
    assert told.subject.startswith("Withdrawn: ")
    assert told.to_address == envelope.signers[0].email
    assert "I make it shorter." in told.text
    with site.kit.unit_of_work(read_only=True) as unit:
        answered = unit.change_requests.get(asked.id)
    assert answered.answer == "I make it shorter."
    gate.override_review(site.kit, owner.as_actor(), envelope.agreement_id, "Again.")
    sending.send(site.kit, owner.as_actor(), envelope.agreement_id, SendingForm())
    anew = messages_of(site, envelope.agreement_id)[-1]
    assert "It replaces the version that was sent to you on" in anew.text
    assert "replaces" not in told.text
    site.run_jobs()
    states = [one.state for one in messages_of(site, envelope.agreement_id) if one.subject == anew.subject]
    assert states == [DeliveryState.WITHDRAWN, DeliveryState.HANDED_OVER], "the dead link never left"


# --- review and sample ---------------------------------------------------------------------


def test_the_owner_hears_when_the_last_clause_is_signed_off(site, owner):
    site.make(Part.LAWYER)
    draft = complete_draft(site, owner)
    gate.request_review(site.kit, owner.as_actor(), draft.id)
    clauses = [(one.clause_id, one.digest) for one in assess(site.kit, draft.id).text.clauses()]
    form = review.DecisionForm(review.Decision.APPROVED)
    review.sign_off_clauses(site.kit, LAWYER, clauses[:-1], form)
    assert len(messages_of(site, draft.id)) == 1, "the request to the lawyer"
    review.sign_off_clauses(site.kit, LAWYER, clauses[-1:], form)
    told = messages_of(site, draft.id)[1:]
    assert [one.to_address for one in told] == [owner.email]
    assert "Every clause is signed off" in told[0].subject
    review.sign_off_clauses(site.kit, LAWYER, clauses[-1:], form)
    assert len(messages_of(site, draft.id)) == 2, "said once"
    decisions = read_dossier(site.kit, owner.as_actor(), draft.id).decisions
    assert [len(one.clause_ids) for one in decisions] == [1, 1, len(clauses) - 1]


def test_sign_offs_made_after_the_sending_are_not_this_agreements_story(site, owner):
    envelope = send_out(site, owner)
    site.clock.ahead += timedelta(minutes=1)
    sign_off_all(site.kit, complete_draft(site, owner).id)
    assert read_dossier(site.kit, owner.as_actor(), envelope.agreement_id).decisions == ()


def test_a_sample_leaves_this_computer_in_no_way(site, owner):
    answers = ROOT / "contract_templates" / "va-nda" / "sample_answers.toml"
    sample = make_sample(site.kit, owner.as_actor(), answers)
    open_ones = {"deal.client_country": "GB", "deal.governing_law": "GB", "parties.client_address": "Leeds"}
    give_answers(site.kit, owner.as_actor(), sample.id, open_ones)
    gate.override_review(site.kit, owner.as_actor(), sample.id, "To try it.")
    trial = site.kit
    site.kit = replace(site.kit, mailer=Refusing(retryable=True), public_url="https://sign.example.com")
    for in_person in (False, True):
        with pytest.raises(InvalidInput) as refused:
            sending.send(site.kit, owner.as_actor(), sample.id, SendingForm(in_person=in_person))
        assert refused.value.code == "sample-not-sent"
    envelope = sending.send(trial, owner.as_actor(), sample.id, SendingForm())
    assert "SAMPLE-" in words_of(trial.files.get(envelope.original_digest))
