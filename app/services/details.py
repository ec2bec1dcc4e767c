"""Details that only the other party knows: asked by a link before the text is frozen.

They enter the answers of the agreement like the owner's own; the lint and the lawyers see them
before anything is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.domain.access_link import AccessLink, LinkPurpose
from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.answer_checks import check_answer
from app.domain.answers import Answers, SignerAnswer
from app.domain.clause import Answer, Parameter, ParameterType, Role
from app.domain.contract_template import ContractTemplate, Library, SignerRole
from app.domain.deal import PARTIES_FAMILY
from app.domain.errors import AppError, InvalidInput, WrongState
from app.domain.questionnaire import SIGNERS, Question, derive_questionnaire
from app.domain.workflow import Action, AgreementStatus
from app.services.assessment import assess_text, find_template
from app.services.correspondence import details_message
from app.services.delivery import queue_message
from app.services.links import LinkUnusable, usable_link, use_link
from app.services.settings import Business, business_of
from app.toolkit import Toolkit, UnitOfWork

BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
SIMPLE = frozenset(ParameterType) - {ParameterType.TABLE, ParameterType.LIST}


@dataclass(frozen=True, slots=True)
class DetailsForm:
    """What is asked of whom. `questions`: only such as one field of a form can answer."""

    business: Business
    person: SignerAnswer
    questions: tuple[Question, ...]


class DetailsRefused(AppError):
    """Some answers cannot be used. `problems`: question key -> what is allowed."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(
            "details-invalid", "Some answers cannot be used yet.", "See the fields marked below."
        )
        self.problems = problems


def request_details(kit: Toolkit, actor: Actor, agreement_id: str, role: str) -> None:
    """Queue a mail that asks the signer of `role` for the details; earlier links stop working.

    Raises InvalidInput for a role that is not on the Assistant's side or has no address yet,
    WrongState once the agreement was sent.
    """
    now = kit.clock.now()
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        asked = _assistant_role(find_template(library, agreement.contract_template))
        person = agreement.answers.signers.get(role)
        if role != asked.id or person is None or not person.email or not person.name:
            raise InvalidInput(
                "details-of-nobody",
                "Details can be asked only of the other party's signer, by e-mail.",
                "Enter the signer's name and e-mail address first.",
            )
        same, event = agreement.take(Action.REQUEST_DETAILS, actor, now, details={"role": role})
        unit.agreements.save(same, event)
        unit.access_links.revoke(LinkPurpose.GIVE_DETAILS, agreement_id, now)
        business = business_of(unit)
        queue_message(
            kit,
            unit,
            details_message(
                kit,
                person.name,
                person.email,
                sender=business.sender,
                organisation=business.name,
                agreement_id=agreement_id,
                number=agreement.number,
            ),
        )


def see_details(kit: Toolkit, token: str) -> DetailsForm:
    """What the page behind a link asks. Changes nothing. Raises LinkUnusable."""
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        agreement, _ = _behind(unit, token, kit)
        business = business_of(unit)
    role = _assistant_role(find_template(library, agreement.contract_template))
    return DetailsForm(business, agreement.answers.signers[role.id], asked_questions(library, agreement))


def give_details(
    kit: Toolkit, token: str, given: Mapping[str, str], *, ip: str, user_agent: str
) -> Agreement:
    """Store the answers and use the link up. Unknown keys are ignored, left-out ones stay as they were.

    Raises DetailsRefused with a problem for each answer that cannot be used, LinkUnusable.
    """
    now = kit.clock.now()
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        agreement, link = _behind(unit, token, kit)
    role = _assistant_role(find_template(library, agreement.contract_template))
    values = _checked(library, asked_questions(library, agreement), given)
    answers = _with_values(agreement.answers, role.id, values)
    # Assembled while no transaction is open; a save in between is refused by its revision.
    new = assess_text(library, agreement.contract_template, answers, number=agreement.number)
    person = agreement.answers.signers[role.id]
    actor = Actor(Part.SIGNER, f"details:{link.id}", person.name, person.email, ip, user_agent)
    changed, event = agreement.take(
        Action.GIVE_DETAILS, actor, now, digest=new.digest, details={"answers": len(values)}
    )
    if new.digest != agreement.text_digest:
        kept = {code: why for code, why in agreement.accepted_gaps.items() if code in new.coverage.gaps}
        changed = replace(changed, approval=None, override_reason="", accepted_gaps=kept)
    with kit.unit_of_work() as unit:
        _, present = _behind(unit, token, kit)
        use_link(unit, present, now)
        answered = replace(changed, answers=answers, text_digest=new.digest)
        return unit.agreements.save(replace(answered, clause_versions=new.clause_versions), event)


def asked_questions(library: Library, agreement: Agreement) -> tuple[Question, ...]:
    """The Assistant's own questions of the family `parties`, and in what capacity the signer signs."""
    template = find_template(library, agreement.contract_template)
    capacity = f"{SIGNERS}.{_assistant_role(template).id}.capacity"
    mine = f"{PARTIES_FAMILY}.assistant_"
    return tuple(
        question
        for question in derive_questionnaire(library, template, agreement.answers).questions()
        if (question.key.startswith(mine) or question.key == capacity) and question.parameter.type in SIMPLE
    )


def _behind(unit: UnitOfWork, token: str, kit: Toolkit) -> tuple[Agreement, AccessLink]:
    link = usable_link(unit, token, (LinkPurpose.GIVE_DETAILS,), kit.clock.now())
    agreement = unit.agreements.get(link.subject)
    if agreement.status not in BEFORE_SENDING:
        raise LinkUnusable(
            "details-too-late", "These details are no longer needed.", "Write to the sender about changes."
        )
    return agreement, link


def _assistant_role(template: ContractTemplate) -> SignerRole:
    for role in template.signer_roles:
        if role.side is Role.ASSISTANT:
            return role
    raise WrongState("no-assistant", "Nobody signs for the other party.", "Choose another contract template.")


def _checked(
    library: Library, questions: tuple[Question, ...], given: Mapping[str, str]
) -> dict[str, Answer | None]:
    values: dict[str, Answer | None] = {}
    problems: dict[str, str] = {}
    for question in questions:
        if question.key not in given:
            continue
        raw = given[question.key].strip()
        try:
            values[question.key] = _value(question.parameter, raw, library)
        except InvalidInput as error:
            problems[question.key] = error.remedy
    if problems:
        raise DetailsRefused(problems)
    return values


def _value(parameter: Parameter, raw: str, library: Library) -> Answer | None:
    """None for a field left empty: the question stays open, or keeps its default."""
    return check_answer(parameter, raw, library) if raw else None


def _with_values(answers: Answers, role: str, values: Mapping[str, Answer | None]) -> Answers:
    parties = dict(answers.families.get(PARTIES_FAMILY, {}))
    signers = dict(answers.signers)
    for key, value in values.items():
        name = key.rpartition(".")[2]
        if not key.startswith(f"{SIGNERS}."):
            if value is None:
                parties.pop(name, None)
            else:
                parties[name] = value
        elif isinstance(value, str):
            signers[role] = replace(signers[role], capacity=value)
    return replace(answers, families={**answers.families, PARTIES_FAMILY: parties}, signers=signers)
