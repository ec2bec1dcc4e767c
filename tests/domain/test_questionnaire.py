"""Questions follow the selection; answers of hidden branches survive; coverage and changes."""

from __future__ import annotations

import dataclasses
import json

import pytest

from app.domain.answers import Answers
from app.domain.assembly import assemble
from app.domain.clause import Position
from app.domain.coverage import CoverageState, compute_coverage
from app.domain.questionnaire import QuestionState, derive_questionnaire
from app.domain.text_changes import ChangeKind, changed_passages
from tests.domain.small_library import (
    COMPLETE_SIGNERS,
    all_types,
    complete_answers,
    make_clause,
    make_library,
    make_template,
    parties,
    small_agreement,
)

BRANCH = """
[params.own]
type = "yesno"
default = false
label = "Own device"
ask = "Own?"

[params.hours]
type = "integer"
unit = "hours"
min = 1
max = 72
default = 24
label = "Hours"
ask = "Hours?"
when = "own"

[conditions]
own = "own"
"""
BODY = "# T\n\n(a) One.\n\n(b) After {{hours}}. {when=own}\n"


def branching(position: str = "standard"):  # type: ignore[no-untyped-def]
    return make_clause("training", BODY, tables=BRANCH, position=position)


def questionnaire(answers: Answers, *families: str, **changes: object):  # type: ignore[no-untyped-def]
    plain = make_clause("training", "# Plain\n\nText.\n", position="strict")
    template = make_template(*(families or ("parties", "training")), **changes)
    library = make_library(parties(), branching(), plain, template=template)
    return derive_questionnaire(library, template, answers)


def test_groups_follow_the_template_and_take_each_question_once() -> None:
    groups = (
        ("Who", ("parties.client_name", "parties", "signers.client")),
        ("What", ("training", "deal.governing_law")),
        ("Deal", ("deal",)),
    )
    found = questionnaire(Answers(), question_groups=groups)
    assert [group.title for group in found.groups] == ["Who", "What", "Deal", "Signers"]
    keys = [question.key for question in found.questions()]
    assert keys[:5] == [
        "parties.client_name",
        "parties.assistant_name",
        "signers.client.name",
        "signers.client.email",
        "signers.client.capacity",
    ]
    assert keys[5:8] == ["training.own", "training.hours", "deal.governing_law"]
    assert len(keys) == len(set(keys))
    assert "Further details" in [group.title for group in questionnaire(Answers()).groups]


def test_states_and_clause_of_a_question() -> None:
    found = questionnaire(complete_answers(training={"own": True, "hours": 99}))
    hours = found.find("training.hours")
    assert hours is not None
    assert (hours.state, hours.problem) == (QuestionState.INVALID, "Enter 1 to 72 hours.")
    assert hours.clause_id == "training.standard"
    own = found.find("training.own")
    assert own is not None
    assert own.state is QuestionState.ANSWERED
    empty = questionnaire(Answers())
    states = {question.key: question.state for question in empty.questions()}
    assert states["training.own"] is QuestionState.DEFAULT
    assert states["training.hours"] is QuestionState.HIDDEN
    assert states["parties.client_name"] is QuestionState.OPEN
    assert states["signers.client.email"] is QuestionState.OPEN
    assert states["deal.currency"] is QuestionState.DEFAULT
    required = {question.key for question in empty.questions() if question.required}
    assert required == {key for key, state in states.items() if state is QuestionState.OPEN}
    assert empty.open_count == sum(state is QuestionState.OPEN for state in states.values())


def test_answers_of_hidden_branches_come_back() -> None:
    answers = complete_answers(training={"own": False, "hours": 5})
    hidden = questionnaire(answers).find("training.hours")
    assert hidden is not None
    assert (hidden.visible, hidden.answer, hidden.needs_answer) == (False, 5, False)
    away = dataclasses.replace(answers, positions={"training": "strict"})
    assert questionnaire(away).find("training.hours") is None
    back = questionnaire(complete_answers(training={"own": True, "hours": 5})).find("training.hours")
    assert back is not None
    assert (back.state, back.value) == (QuestionState.ANSWERED, 5)


def test_position_choices() -> None:
    found = questionnaire(Answers(positions={"training": "none"}), "parties", "training?")
    parties_choice, training = found.choices
    assert parties_choice.chosen is Position.STANDARD
    assert (training.chosen, training.optional) == (None, True)
    assert training.available == (Position.STRICT, Position.STANDARD)


def test_coverage_names_clauses_gaps_and_broken_promises() -> None:
    first = make_clause("training", "# A\n\nText.\n", addresses=["R1", "S1"])
    second = dataclasses.replace(all_types(), family="audit", id="audit.standard", addresses=("R1", "R2"))
    offer = make_clause("training", "# S\n\nText.\n", position="strict", addresses=["S10"])
    template = make_template("training", "audit", promised_coverage=("R1", "S10"))
    library = make_library(first, second, offer, template=template)
    coverage = compute_coverage(library, template, assemble(library, template, complete_answers()))
    assert [entry.code for entry in coverage.entries] == [
        *(f"R{n}" for n in range(1, 11)),
        *(f"S{n}" for n in range(1, 11)),
    ]
    covered = coverage.entry("R1")
    assert [(row.number, row.clause_id, row.complete) for row in covered.clauses] == [
        ("1", "training.standard", True),
        ("2", "audit.standard", False),
    ]
    assert (covered.state, coverage.entry("R2").state) == (CoverageState.COVERED, CoverageState.WAITING)
    assert coverage.broken_promises == ("S10",)
    assert coverage.entry("S10").offers == ("training.strict",)
    assert set(coverage.gaps) == {entry.code for entry in coverage.entries} - {"R1", "R2", "S1"}
    data = json.loads(json.dumps(coverage.to_json()))
    assert data["entries"][0]["clauses"][1]["clause_id"] == "audit.standard"
    assert len(coverage.risks) == len(coverage.standards) == 10


@pytest.mark.parametrize("own", [True, False])
def test_changes_name_the_passages_and_not_the_new_numbers(own: bool) -> None:
    other = make_clause("audit", "# A\n\nSee {ref:training}.\n", requires=["training"])
    before = small_agreement(branching(), other, answers=complete_answers(training={"own": own}))
    after = small_agreement(
        parties(), branching(), other, answers=complete_answers(training={"own": not own})
    )
    changes = [(change.family, change.kind, change.place) for change in changed_passages(before, after)]
    moved = (
        ("training", ChangeKind.REMOVED, "clause 1(b)")
        if own
        else ("training", ChangeKind.ADDED, "clause 2(b)")
    )
    kept = [change for change in changes if change[0] == "training" and "(b)" in change[2]]
    assert kept == [moved]
    assert ("parties", ChangeKind.ADDED, "clause 1") in changes
    assert not [change for change in changes if change[0] == "audit"]
    assert changed_passages(after, after) == ()
    assert COMPLETE_SIGNERS
