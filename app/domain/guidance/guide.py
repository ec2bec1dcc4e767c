"""The one entry: everything that the facts of a deal recommend and force."""

from __future__ import annotations

from app.domain.answers import Answers
from app.domain.clause import Answer
from app.domain.contract_template import ContractTemplate, Library
from app.domain.guidance.advice import FamilyAdvice, Guidance, Recommendation
from app.domain.guidance.amount_rules import recommend_amounts
from app.domain.guidance.answer_rules import recommend_answers
from app.domain.guidance.dispute_rules import advise_disputes, recommend_disputes
from app.domain.guidance.fact_rules import recommend_facts
from app.domain.guidance.forcing import forced_families
from app.domain.guidance.known import Known


def guide(library: Library, contract_template: ContractTemplate, answers: Answers) -> Guidance:
    """Pure; asks nothing, changes nothing. An answer that was given is never overruled."""
    known = _with_facts(library, contract_template, answers)
    found: dict[str, Recommendation] = dict(known.recommended)
    for key, recommendation in (
        *recommend_disputes(known),
        *recommend_answers(known),
        *recommend_amounts(known),
    ):
        found.setdefault(key, recommendation)
    offered = {slot.family for slot in contract_template.slots()}
    forced = {family: FamilyAdvice("", because, forced=True) for family, because in forced_families(known)}
    advised = dict(advise_disputes(known)) | forced
    return Guidance(
        answers=found,
        families={family: advice for family, advice in advised.items() if family in offered},
        homeless={family: advice for family, advice in forced.items() if family not in offered},
    )


def effective_fact(
    library: Library, contract_template: ContractTemplate, answers: Answers, name: str
) -> Answer | None:
    """One fact of the deal as it holds: fixed, answered, recommended or by default; None while open."""
    return _with_facts(library, contract_template, answers).fact(name)


def _with_facts(library: Library, contract_template: ContractTemplate, answers: Answers) -> Known:
    known = Known(library, contract_template, answers)
    return known.with_recommended(dict(recommend_facts(known)))
