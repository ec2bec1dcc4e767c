"""Answering: every answer of a draft is checked and stored at once, and the text follows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.agreement_text import AgreementText
from app.domain.answer_checks import check_answer
from app.domain.answers import LEFT_OUT, Answers, SignerAnswer
from app.domain.clause import Answer
from app.domain.contract_template import ContractTemplate, Library
from app.domain.envelope import Envelope
from app.domain.errors import InvalidInput, WrongState
from app.domain.questionnaire import SIGNERS, Question, Questionnaire, derive_questionnaire
from app.domain.text_changes import ChangedPassage, changed_passages
from app.domain.workflow import Action, AgreementStatus, EnvelopeStatus, next_step
from app.services.assessment import Assessment, assess_agreement, assess_text, find_template
from app.toolkit import Toolkit, UnitOfWork

FACTS = "deal"
TRIES = 5  # two tabs at once: the slower one answers again on what the faster one stored
ALIVE = (EnvelopeStatus.OUT, EnvelopeStatus.PAUSED, EnvelopeStatus.COMPLETED)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands. before: the text before the last answer; changes: what that answer changed.

    faults: question key -> what is wrong with what was given (nothing of it was stored).
    dropped_review: a lawyer's approval, or the owner's decision, fell with the change of text.
    """

    agreement: Agreement
    contract_template: ContractTemplate
    questionnaire: Questionnaire
    assessment: Assessment
    before: AgreementText | None = None
    changes: tuple[ChangedPassage, ...] = ()
    faults: Mapping[str, str] = field(default_factory=dict)
    dropped_review: bool = False


def read_draft(kit: Toolkit, agreement_id: str) -> Draft:
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        return _as_draft(kit, unit, library, unit.agreements.get(agreement_id))


def give_answers(kit: Toolkit, actor: Actor, agreement_id: str, given: Mapping[str, object]) -> Draft:
    """Store the answers that can be used, question key -> what a form gave; None or "" takes one back.

    What cannot be used is in `faults`. Raises InvalidInput `question-unknown` for a key that is
    not asked now, WrongState once the agreement has been sent.
    """
    faults: dict[str, str] = {}

    def take_in(library: Library, template: ContractTemplate, answers: Answers) -> Answers:
        faults.clear()
        asked = {
            question.key: question
            for question in derive_questionnaire(library, template, answers).questions()
        }
        for key, raw in given.items():
            if key not in asked:
                raise InvalidInput("question-unknown", f"There is no question {key}.", "Reload the page.")
            try:
                answers = _with_answer(answers, asked[key], raw, library)
            except InvalidInput as error:
                faults[key] = error.remedy
        return answers

    return replace(_change(kit, actor, agreement_id, take_in), faults=dict(faults))


def choose_position(kit: Toolkit, actor: Actor, agreement_id: str, family: str, position: str) -> Draft:
    """Take another position of a clause family, or LEFT_OUT. Raises InvalidInput for one there is not."""

    def take_in(library: Library, template: ContractTemplate, answers: Answers) -> Answers:
        choices = derive_questionnaire(library, template, answers).choices
        choice = next((one for one in choices if one.family == family), None)
        allowed = [str(one) for one in choice.available] if choice else []
        if choice is not None and choice.optional and not choice.forced:
            allowed.append(LEFT_OUT)
        if position not in allowed:
            raise InvalidInput(
                "position-unknown", "This position of the clause is not offered.", "Reload the page."
            )
        return replace(answers, positions={**answers.positions, family: position})

    return _change(kit, actor, agreement_id, take_in)


def change_answers(kit: Toolkit, actor: Actor, agreement_id: str, answers: Answers) -> Agreement:
    """Store other answers as a whole. A change of text drops an approval and an override."""
    return _change(kit, actor, agreement_id, lambda _library, _template, _old: answers).agreement


def _change(
    kit: Toolkit,
    actor: Actor,
    agreement_id: str,
    take_in: Callable[[Library, ContractTemplate, Answers], Answers],
) -> Draft:
    """Change the answers of the stored agreement. The text is assembled while no transaction is open."""
    for attempt in range(1, TRIES + 1):
        library = kit.library.library()
        with kit.unit_of_work(read_only=True) as unit:
            agreement = unit.agreements.get(agreement_id)
        next_step(agreement.status, Action.EDIT, actor)
        template = find_template(library, agreement.contract_template)
        answers = take_in(library, template, agreement.answers)
        old = assess_text(library, template.id, agreement.answers, number=agreement.number)
        new = assess_text(library, template.id, answers, number=agreement.number)
        kept = {code: why for code, why in agreement.accepted_gaps.items() if code in new.coverage.gaps}
        try:
            with kit.unit_of_work() as unit:
                saved = _save(kit, unit, actor, agreement, replace(
                    agreement, answers=answers, text_digest=new.digest, accepted_gaps=kept
                ), new.clause_versions)  # fmt: skip
                draft = _as_draft(kit, unit, library, saved)
        except WrongState as error:
            if error.code != "stale-revision" or attempt == TRIES:
                raise
            continue
        return replace(
            draft,
            before=old.text,
            changes=_compare(old.text, new.text) if old.digest != new.digest else (),
            dropped_review=_is_reviewed(agreement) and not _is_reviewed(saved),
        )
    raise AssertionError("the last try returns or raises")


def _compare(before: AgreementText, after: AgreementText) -> tuple[ChangedPassage, ...]:
    """The changed passages; clauses and schedules that are the same in both are not looked at."""
    return changed_passages(_without_same(before, after), _without_same(after, before))


def _without_same(text: AgreementText, other: AgreementText) -> AgreementText:
    clauses = {clause.family: clause for clause in other.clauses()}
    schedules = {schedule.anchor: schedule for schedule in other.schedules}
    sections = (
        replace(section, clauses=tuple(one for one in section.clauses if one != clauses.get(one.family)))
        for section in text.sections
    )
    return replace(
        text,
        sections=tuple(sections),
        schedules=tuple(one for one in text.schedules if one != schedules.get(one.anchor)),
    )


def _save(
    kit: Toolkit,
    unit: UnitOfWork,
    actor: Actor,
    old: Agreement,
    new: Agreement,
    clause_versions: Mapping[str, str],
) -> Agreement:
    """Store what changed; nothing and no event where nothing did."""
    if new == old:
        return old
    new = replace(new, clause_versions=clause_versions)
    if new.current_envelope and not is_alive(unit.envelopes.get(new.current_envelope)):
        # What was declined, expired or voided is past: from here on it is a draft like any other.
        new = replace(new, current_envelope="")
    if new.text_digest != old.text_digest:
        # Where a link goes is no part of the text: an approval survives that, but nothing else.
        new = replace(new, approval=None, override_reason="")
    changed, event = new.take(Action.EDIT, actor, kit.clock.now(), digest=new.text_digest)
    return unit.agreements.save(changed, event)


def is_alive(envelope: Envelope) -> bool:
    return envelope.status in ALIVE


def _is_reviewed(agreement: Agreement) -> bool:
    in_review = agreement.status is AgreementStatus.IN_REVIEW
    return in_review or agreement.approval is not None or bool(agreement.override_reason)


def _as_draft(kit: Toolkit, unit: UnitOfWork, library: Library, agreement: Agreement) -> Draft:
    template = find_template(library, agreement.contract_template)
    return Draft(
        agreement,
        template,
        derive_questionnaire(library, template, agreement.answers),
        assess_agreement(unit, library, agreement, kit.clock.now()),
    )


def _with_answer(answers: Answers, question: Question, raw: object, library: Library) -> Answers:
    """The answers with this one. A hidden question takes none, so that a form cannot fill it unseen."""
    if not question.visible:
        return answers
    if is_empty(question, raw):
        return _put(answers, question.key, None)
    value = check_answer(question.parameter, raw, library)
    if question.answer is None and value == question.value:
        return answers  # a form sends the usual answer along; other facts may recommend another one
    return _put(answers, question.key, value)


def is_empty(question: Question, raw: object) -> bool:
    """Whether this is no answer. An empty list is one where the question accepts an empty list."""
    if raw is None or raw == "" or (isinstance(raw, str) and not raw.strip()):
        return True
    return raw == [] and question.parameter.min_items > 0


def _put(answers: Answers, key: str, value: Answer | None) -> Answers:
    family, _, name = key.partition(".")
    if family == SIGNERS:
        return _put_signer(answers, name, str(value or ""))
    if family == FACTS:
        return replace(answers, facts=_changed(answers.facts, name, value))
    families = {**answers.families, family: _changed(answers.families.get(family, {}), name, value)}
    return replace(answers, families={one: values for one, values in families.items() if values})


def _put_signer(answers: Answers, name: str, value: str) -> Answers:
    role, _, field_name = name.partition(".")
    held = answers.signers.get(role, SignerAnswer("", "", ""))
    values = {"name": held.name, "email": held.email, "capacity": held.capacity, field_name: value}
    return replace(answers, signers={**answers.signers, role: SignerAnswer(**values)})


def _changed(values: Mapping[str, Answer], name: str, value: Answer | None) -> dict[str, Answer]:
    changed = {key: held for key, held in values.items() if key != name}
    if value is not None:
        changed[name] = value
    return changed
