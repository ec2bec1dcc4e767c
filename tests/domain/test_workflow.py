"""The whole transition table, legal and illegal, and the rules that hold over all of it."""

import re

import pytest

from app.domain.actor import Actor, Part
from app.domain.errors import NotAllowed, WrongState
from app.domain.workflow import (
    WORKFLOW,
    Action,
    AgreementStatus,
    EnvelopeStatus,
    SignerStatus,
    next_step,
)

STATUSES = [*AgreementStatus, *EnvelopeStatus, *SignerStatus]
EVERY_PAIR = [(status, action) for status in STATUSES for action in Action]


@pytest.mark.parametrize(("status", "action"), EVERY_PAIR, ids=lambda x: f"{type(x).__name__}.{x}")
def test_every_pair_is_either_in_the_table_or_refused(status, action):
    step = WORKFLOW.get((status, action))
    for part in Part:
        actor = Actor(part, "someone")
        if step is None:
            with pytest.raises(WrongState):
                next_step(status, action, actor)
        elif part in step.parts:
            assert next_step(status, action, actor) is step
        else:
            with pytest.raises(NotAllowed):
                next_step(status, action, actor)


def test_no_step_leaves_its_kind_of_status():
    assert all(type(step.status) is type(status) for (status, _), step in WORKFLOW.items())


def test_events_are_named_subject_verb():
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", step.event) for step in WORKFLOW.values())


def test_nobody_anonymous_may_do_anything():
    assert all(Part.ANYONE not in step.parts for step in WORKFLOW.values())


@pytest.mark.parametrize("status", [EnvelopeStatus.DECLINED, EnvelopeStatus.EXPIRED, EnvelopeStatus.VOIDED])
def test_a_dead_envelope_stays_dead(status):
    assert not [action for (at, action) in WORKFLOW if at is status]


def test_a_signed_signer_can_neither_decline_nor_sign_again():
    allowed = {action for (at, action) in WORKFLOW if at is SignerStatus.SIGNED}
    harmless = {Action.IDENTIFY, Action.FAIL_IDENTIFICATION, Action.REPORT_SENT, Action.REPORT_FAILED}
    harmless.add(Action.MAKE_ACCESS_CODE)  # who comes back for a copy may need another one
    assert allowed == harmless


def test_text_can_be_edited_only_before_sending():
    editable = {status for (status, action) in WORKFLOW if action is Action.EDIT}
    assert editable == {AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED}
    assert all(WORKFLOW[status, Action.EDIT].status is AgreementStatus.DRAFT for status in editable), (
        "an edit drops the approval"
    )


def test_only_a_lawyer_approves_and_only_the_owner_overrides():
    for (_, action), step in WORKFLOW.items():
        if action is Action.APPROVE:
            assert step.parts == {Part.LAWYER}
        if action in (Action.OVERRIDE_REVIEW, Action.SEND, Action.VOID):
            assert step.parts == {Part.OWNER}


def test_nothing_is_signed_while_paused_or_before_consent():
    assert (EnvelopeStatus.PAUSED, Action.COMPLETE) not in WORKFLOW
    assert {status for (status, action) in WORKFLOW if action is Action.SIGN} == {SignerStatus.CONSENTED}


def test_an_address_is_corrected_only_before_somebody_confirmed_who_they_are():
    correctable = {status for (status, action) in WORKFLOW if action is Action.CORRECT_ADDRESS}
    assert correctable == {AgreementStatus.OUT, SignerStatus.WAITING, SignerStatus.INVITED}
    steps = [step for (_, action), step in WORKFLOW.items() if action is Action.CORRECT_ADDRESS]
    assert all(step.parts == {Part.OWNER} for step in steps)


def test_reminders_are_stopped_by_the_owner_while_the_envelope_lives():
    stops = {status: step for (status, action), step in WORKFLOW.items() if action is Action.STOP_REMINDERS}
    assert set(stops) == {EnvelopeStatus.OUT, EnvelopeStatus.PAUSED}
    assert all(step.status is status and step.parts == {Part.OWNER} for status, step in stops.items())


def test_the_worker_reminds_only_while_the_envelope_is_out():
    reminds = {status: step for (status, action), step in WORKFLOW.items() if action is Action.REMIND}
    assert set(reminds) == {EnvelopeStatus.OUT}
    assert reminds[EnvelopeStatus.OUT].parts == {Part.OWNER, Part.APPLICATION}
