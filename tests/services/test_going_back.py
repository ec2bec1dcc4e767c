"""Going back: answers survive a branch that is hidden or a clause that is left out, in any order of steps."""

from __future__ import annotations

import random

import pytest

from app.domain.answers import LEFT_OUT
from app.domain.questionnaire import QuestionState
from app.services.answering import choose_position, give_answers, read_draft
from tests.web.office import complete_draft

STEPS = 14
# A question that hides others, and one of those with an answer of its own.
BRANCHES = (
    ("parties.client_registered", "parties.client_registration", "Register no. {}"),
    ("parties.assistant_registered", "parties.assistant_registration", "Trade register {}"),
    ("termination.fixed_end", "termination.end_date", "2028-03-{:02d}"),
)
FAMILIES = ("credentials", "audit", "backups", "need-to-know")


@pytest.mark.parametrize("seed", [1, 2])
def test_answers_survive_hidden_branches_and_clauses_that_were_left_out(site, owner, seed):
    chance = random.Random(seed)
    actor, draft_id = owner.as_actor(), complete_draft(site, owner).id
    give_answers(site.kit, actor, draft_id, dict.fromkeys((switch for switch, _, _ in BRANCHES), "yes"))
    told = {}
    for step in range(1, STEPS):
        if chance.random() < 0.6:
            switch, key, words = chance.choice(BRANCHES)
            shown = chance.random() < 0.5
            given = {switch: "yes" if shown else "no"}
            give_answers(site.kit, actor, draft_id, given)
            give_answers(site.kit, actor, draft_id, {key: words.format(step)})
            if shown:  # a hidden question takes no answer
                told[key] = words.format(step)
        else:
            family = chance.choice(FAMILIES)
            now = read_draft(site.kit, draft_id).questionnaire
            choice = next(one for one in now.choices if one.family == family)
            positions = [str(one) for one in choice.available] + [LEFT_OUT] * choice.optional
            for question in now.questions():
                if question.key.startswith(family + ".") and question.state is QuestionState.ANSWERED:
                    told[question.key] = question.answer
            choose_position(site.kit, actor, draft_id, family, chance.choice(positions))
    give_answers(site.kit, actor, draft_id, dict.fromkeys((switch for switch, _, _ in BRANCHES), "yes"))
    for family in FAMILIES:
        choose_position(site.kit, actor, draft_id, family, "strict")
    questions = {one.key: one for one in read_draft(site.kit, draft_id).questionnaire.questions()}
    assert told
    for key, answer in told.items():
        if key in questions:  # asked by the strict position too
            assert (questions[key].answer, questions[key].visible) == (answer, True)
    kept = read_draft(site.kit, draft_id).agreement.answers.families
    for key, answer in told.items():
        family, _, name = key.partition(".")
        assert kept[family][name] == answer
