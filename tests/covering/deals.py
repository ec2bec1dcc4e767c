"""A row of the array as a deal: the answers that an owner who chose so would have given."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

from app.domain.answers import Answers
from app.domain.deal import open_deal
from tests.covering.choices import ANSWERS, FULL, SPARE, Choices, answers_to_facts
from tests.covering.values import answer_questions, answer_signers


def answers_of(choices: Choices, row: Mapping[str, str], seed: str) -> Answers:
    """Every question is answered that has neither a usual nor a recommended answer, or simply every one."""
    template, chance = choices.template(row), random.Random(seed)
    families = {slot.family for slot in template.slots()}
    ticked = answers_to_facts(template, row)
    bare = replace(
        ticked,
        positions={family: level for family, level in row.items() if family in families},
        signers=answer_signers(template),
    )
    deal = open_deal(choices.library, template, bare)
    mode = row[ANSWERS]
    given = answer_questions(
        deal.selection.clauses, deal.guidance, chance, every=mode in (FULL, SPARE), most=mode == FULL
    )
    for family, values in ticked.families.items():
        asked = deal.selection.by_family[family].parameters if deal.selection.has(family) else {}
        given.setdefault(family, {}).update({name: one for name, one in values.items() if name in asked})
    return replace(bare, families=given)
