"""Where a question stands in the draft's pages, and where a finding leads."""

from __future__ import annotations

from flask import url_for

from app.domain.questionnaire import Question, QuestionGroup
from app.services.answering import Draft


def visible(group: QuestionGroup) -> tuple[Question, ...]:
    """What the group asks now, what has a usual answer included."""
    return tuple(question for question in group.questions if question.visible)


def steps_of(draft: Draft) -> tuple[QuestionGroup, ...]:
    """The groups that ask anything now; a step is its place in this list, from 1."""
    return tuple(group for group in draft.questionnaire.groups if visible(group))


def field_id(key: str) -> str:
    """The id of the field of a question."""
    return "q-" + key.replace(".", "-")


def step_of(draft: Draft, key: str) -> int:
    """The step that asks a question, or 0."""
    for number, group in enumerate(steps_of(draft), start=1):
        if any(question.key == key for question in visible(group)):
            return number
    return 0


def locate(draft: Draft, subject: str) -> str:
    """The address that settles a finding: its question, or the passage of its clause; "" for neither."""
    agreement_id = draft.agreement.id
    for key in (subject, f"{subject}.name", f"{subject}.email"):
        step = step_of(draft, key)
        if step:
            return url_for("owner_drafts.show", agreement_id=agreement_id, step=step, _anchor=field_id(key))
    family = subject.partition(".")[0]
    if any(choice.family == family for choice in draft.questionnaire.choices):
        return url_for("owner_positions.show", agreement_id=agreement_id, family=family)
    return ""
