"""Rules on the answers of an agreement: missing, invalid and unknown ones, and the signers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.agreement_text import RunKind
from app.domain.answer_limits import allowed_answers, name_of
from app.domain.answers import LEFT_OUT
from app.domain.clause import Role
from app.domain.finding import Finding
from app.domain.lint.examination import Examination, Rule, error, warning
from app.domain.questionnaire import SIGNERS, Question, QuestionState
from app.domain.typography import print_heading

POSITIONS = "positions"


def answer_missing(seen: Examination) -> Iterator[Finding]:
    places = _open_places(seen)
    known: set[str] = set()
    for question in seen.questionnaire.questions():
        known.add(question.key)
        if question.key.startswith(SIGNERS + "."):
            continue
        if question.state is QuestionState.OPEN:
            message = f"{seen.label(question.parameter)} is not answered."
            where = places.get(question.key) or question.clause_id or question.key
            yield error("answer-missing", message, _ask(question), where=where, subject=question.key)
    for key, place in places.items():
        if key not in known:
            message = f"{place} waits for {key}, and the contract template does not ask for it."
            remedy = f"Add the fact to the contract template {seen.contract_template.id}."
            yield error("answer-missing", message, remedy, where=place, subject=key)


def answer_invalid(seen: Examination) -> Iterator[Finding]:
    for question in seen.questionnaire.questions():
        if question.state is QuestionState.INVALID:
            message = f"The answer to {seen.label(question.parameter)} cannot be used."
            where = question.clause_id or question.key
            yield error("answer-invalid", message, question.problem, where=where, subject=question.key)


def signer_missing(seen: Examination) -> Iterator[Finding]:
    for role in seen.contract_template.signer_roles:
        prefix = f"{SIGNERS}.{role.id}."
        missing = [
            question
            for question in seen.questionnaire.questions()
            if question.key.startswith(prefix) and question.state is QuestionState.OPEN
        ]
        if missing:
            what = ", ".join(question.key.removeprefix(prefix) for question in missing)
            label = print_heading(role.label, seen.contract_template.role_words)
            message = f"The signer for \u201c{label}\u201d is incomplete: {what}."
            remedy = "Enter the name, the e-mail address and the capacity of the person who signs."
            yield error("signer-missing", message, remedy, where=label, subject=SIGNERS + "." + role.id)


def signer_same_address(seen: Examination) -> Iterator[Finding]:
    """One mailbox for both sides: the links prove nothing about who signed."""
    sides: dict[str, set[Role]] = {}
    for role in seen.contract_template.signer_roles:
        signer = seen.answers.signers.get(role.id)
        if signer and signer.email:
            sides.setdefault(signer.email.strip().casefold(), set()).add(role.side)
    for address, found in sides.items():
        if len(found) > 1:
            message = f"Signers of both sides use the address {address}."
            remedy = "Give each signer an address that only this person reads."
            yield warning("signer-same-address", message, remedy, where=address, subject=SIGNERS)


def answer_unknown(seen: Examination) -> Iterator[Finding]:
    yield from _unknown_positions(seen)
    for name in seen.answers.facts:
        if name not in seen.contract_template.facts:
            yield _unknown(f"deal.{name}", "This contract template does not ask for that fact.")
    roles = {role.id for role in seen.contract_template.signer_roles}
    for role in seen.answers.signers:
        if role not in roles:
            yield _unknown(f"{SIGNERS}.{role}", "This contract template has no such signer.")
    for family, given in seen.answers.families.items():
        # Answers survive a change of position, so every position of the family counts.
        known = {name for clause in seen.library.positions_of(family) for name in clause.parameters}
        for name in given:
            if name not in known:
                yield _unknown(f"{family}.{name}", "No clause of the library asks this.")


def _unknown_positions(seen: Examination) -> Iterator[Finding]:
    slots = {slot.family for slot in seen.contract_template.slots()}
    for family, position in seen.answers.positions.items():
        if family not in slots:
            yield _unknown(f"{POSITIONS}.{family}", "This contract template has no such family.")
        elif position != LEFT_OUT and seen.library.clause(family, position) is None:
            yield _unknown(f"{POSITIONS}.{family}", f"The family has no position \u201c{position}\u201d.")


def _unknown(key: str, reason: str) -> Finding:
    message = f"There is no question {key}. {reason}"
    return error("answer-unknown", message, "Remove it.", where=key, subject=key)


def _open_places(seen: Examination) -> Mapping[str, str]:
    """Question key -> the first place in the text that waits for it."""
    places: dict[str, str] = {}
    for placed in seen.runs:
        for run in placed.runs:
            if run.kind is RunKind.OPEN:
                places.setdefault(run.target, placed.place)
    return places


def _ask(question: Question) -> str:
    asked = question.parameter.ask or name_of(question.parameter)
    return f"{asked} {allowed_answers(question.parameter)}"


RULES: tuple[Rule, ...] = (
    answer_missing,
    answer_invalid,
    answer_unknown,
    signer_missing,
    signer_same_address,
)
