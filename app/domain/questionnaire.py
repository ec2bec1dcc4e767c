"""The questionnaire: derived from the contract template and the clauses selected so far.

It is made anew after every answer. What a branch asks disappears with the branch; its
answers stay in `Answers` and are there again when the branch returns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.answer_checks import check_answer
from app.domain.answers import Answers
from app.domain.clause import Answer, Clause, Parameter, ParameterType, Position, Role
from app.domain.contract_template import ContractTemplate, FamilySlot, Library, SignerRole
from app.domain.deal import DEAL, Deal, effective_value, open_deal
from app.domain.errors import InvalidInput
from app.domain.selection import is_included, usable_positions
from app.domain.typography import print_heading, print_role_words

SIGNERS = "signers"
OTHER_QUESTIONS = "Further details"


class QuestionState(StrEnum):
    ANSWERED = "answered"
    DEFAULT = "default"  # nothing was answered; the default holds
    RECOMMENDED = "recommended"  # nothing was answered; what the facts recommend holds
    OPEN = "open"
    INVALID = "invalid"
    HIDDEN = "hidden"  # an answer elsewhere makes it pointless


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it stands now.

    key: "family.param", "deal.fact" or "signers.role.field".
    answer: what was answered, None where nothing was; `value` is the answer or the default.
    required: a person must answer, because it is visible and has neither default nor recommendation.
    foremost: shown openly; the others have a usual answer and are opened on demand.
    clause_id: the clause that asks it, "" for facts and signers.
    problem: what is wrong with the answer and what is allowed, "" where nothing is.
    because: why an answer is recommended, one sentence, "" where none is.
    """

    key: str
    parameter: Parameter
    answer: Answer | None
    value: Answer | None
    visible: bool
    required: bool
    state: QuestionState
    clause_id: str = ""
    problem: str = ""
    because: str = ""
    foremost: bool = True

    @property
    def needs_answer(self) -> bool:
        return self.state in (QuestionState.OPEN, QuestionState.INVALID)


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    title: str
    questions: tuple[Question, ...]

    @property
    def open_count(self) -> int:
        return sum(question.needs_answer for question in self.questions)


@dataclass(frozen=True, slots=True)
class PositionChoice:
    """Which positions of a family can be chosen. `chosen` is None where the family is left out.

    because: why a position, or the family as such, is recommended; forced: it cannot be left out.
    """

    family: str
    title: str
    chosen: Position | None
    default: Position
    available: tuple[Position, ...]
    optional: bool
    because: str = ""
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Questionnaire:
    groups: tuple[QuestionGroup, ...]
    choices: tuple[PositionChoice, ...]

    def questions(self) -> Iterator[Question]:
        for group in self.groups:
            yield from group.questions

    def find(self, key: str) -> Question | None:
        return next((question for question in self.questions() if question.key == key), None)

    @property
    def open_count(self) -> int:
        return sum(group.open_count for group in self.groups)


def derive_questionnaire(
    library: Library, contract_template: ContractTemplate, answers: Answers
) -> Questionnaire:
    """All questions of the selected clauses in the template's groups, hidden ones included."""
    return read_questionnaire(open_deal(library, contract_template, answers))


def read_questionnaire(deal: Deal) -> Questionnaire:
    """The same of a deal that is already open."""
    contract_template = deal.contract_template
    waiting = {question.key: question for question in _all_questions(deal)}
    groups = [
        QuestionGroup(
            print_heading(title, contract_template.role_words),
            tuple(question for item in items for question in _take(waiting, item)),
        )
        for title, items in contract_template.question_groups
    ]
    signers = tuple(_take(waiting, SIGNERS))
    groups.append(QuestionGroup(OTHER_QUESTIONS, tuple(waiting.values())))
    groups.append(QuestionGroup("Signers", signers))
    choices = tuple(_choice(deal.library, slot, deal) for slot in contract_template.slots())
    return Questionnaire(tuple(group for group in groups if group.questions), choices)


def signer_parameter(role: SignerRole, field: str) -> Parameter:
    """The question behind one field (name, email, capacity) of a signer."""
    kind = ParameterType.EMAIL if field == "email" else ParameterType.TEXT
    label, ask, example = _SIGNER_FIELDS[field]
    side = "your side" if role.side is Role.CLIENT else "the assistant's side"
    return Parameter(field, kind, label, ask.format(side=side), help=example, max_length=100)


_SIGNER_FIELDS = {
    "name": ("Signer's name", "Who signs for {side}? Give the full name.", ""),
    "email": ("Signer's e-mail address", "Where should the link for {side} be sent?", ""),
    "capacity": (
        "Signer's capacity",
        "In what capacity does the person sign for {side}?",
        "For example: director, owner, or for herself.",
    ),
}
SIGNER_FIELDS = tuple(_SIGNER_FIELDS)


def _all_questions(deal: Deal) -> Iterator[Question]:
    template, answers = deal.contract_template, deal.answers
    for name, fact in template.facts.items():
        yield _question(deal, DEAL + name, fact, answers.facts.get(name))
    for family, clause in deal.selection.by_family.items():
        given = answers.families.get(family, {})
        for name, parameter in clause.parameters.items():
            yield _question(deal, f"{family}.{name}", parameter, given.get(name), clause)
    for role in template.signer_roles:
        signer = answers.signers.get(role.id)
        for field in SIGNER_FIELDS:
            answer = getattr(signer, field) if signer else None
            yield _question(deal, f"{SIGNERS}.{role.id}.{field}", signer_parameter(role, field), answer)


def _question(
    deal: Deal, key: str, parameter: Parameter, answer: Answer | None, clause: Clause | None = None
) -> Question:
    visible = clause is None or deal.is_asked(clause, parameter)
    recommended = deal.guidance.answers.get(key)
    value = effective_value(parameter, answer, recommended)
    problem = "" if not _is_given(answer) else _problem(parameter, answer, deal.library)
    state = _state(visible, answer, value, problem)
    if state is QuestionState.DEFAULT and recommended is not None:
        state = QuestionState.RECOMMENDED
    required = visible and parameter.default is None and recommended is None
    first = key in deal.contract_template.asked_first
    return Question(
        key=key,
        parameter=parameter,
        answer=answer,
        value=value,
        visible=visible,
        required=required,
        state=state,
        clause_id=clause.id if clause else "",
        problem=problem,
        because=recommended.because if recommended is not None else "",
        foremost=visible and (required or first),
    )


def _state(visible: bool, answer: Answer | None, value: Answer | None, problem: str) -> QuestionState:
    if not visible:
        return QuestionState.HIDDEN
    if problem:
        return QuestionState.INVALID
    if _is_given(answer):
        return QuestionState.ANSWERED
    return QuestionState.OPEN if value is None else QuestionState.DEFAULT


def _is_given(answer: Answer | None) -> bool:
    return answer is not None and answer != ""


def _problem(parameter: Parameter, answer: Answer | None, library: Library) -> str:
    try:
        check_answer(parameter, answer, library)
    except InvalidInput as error:
        return error.remedy
    return ""


def _take(waiting: dict[str, Question], item: str) -> Sequence[Question]:
    """Remove and return the questions of a group item: a whole family, the deal, or one key."""
    keys = [key for key in waiting if key == item or key.startswith(item + ".")]
    return [waiting.pop(key) for key in keys]


def _choice(library: Library, slot: FamilySlot, deal: Deal) -> PositionChoice:
    included = is_included(slot, deal.answers, deal.guidance)
    clause = deal.selection.by_family.get(slot.family) if included else None
    offered = library.positions_of(slot.family)
    shown = clause or next(iter(offered), None)
    title = print_role_words(shown.title, deal.contract_template.role_words) if shown else slot.family
    # One that could never be sent is no choice; one that was chosen all the same stays to be seen.
    usable = usable_positions(library, deal.contract_template, slot.family)
    available = tuple(each.position for each in offered if each in usable or each is clause)
    chosen = clause.position if clause else None
    advice = deal.guidance.families.get(slot.family)
    return PositionChoice(
        family=slot.family,
        title=title,
        chosen=chosen,
        default=slot.position,
        available=available,
        optional=slot.optional,
        because=advice.because if advice else "",
        forced=advice.forced if advice else False,
    )
