"""Review: a lawyer decides on clause versions and on whole texts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.domain.account import Account
from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement, TextApproval
from app.domain.audit import AuditEvent
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from app.domain.review import EVERYWHERE, Decision, SignOff
from app.domain.workflow import Action, AgreementStatus
from app.services.assessment import assess_agreement, assess_answers
from app.services.correspondence import notice_message
from app.services.delivery import queue_message
from app.services.demonstration import is_demonstration
from app.toolkit import Toolkit, UnitOfWork

LONGEST_COMMENT = 4000
READY_TO_SEND = "It is ready to be sent for signature."
LONGEST_LIFE = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What a lawyer decides about one clause version.

    jurisdictions: codes of governing laws and countries, or "*". conditions: of an approval
    with conditions. comment: the reason of a refusal, or any remark. expires_at: None for no end.
    """

    decision: Decision
    jurisdictions: tuple[str, ...] = (EVERYWHERE,)
    contract_templates: tuple[str, ...] = (EVERYWHERE,)
    conditions: str = ""
    comment: str = ""
    expires_at: datetime | None = None
    bar_number: str = ""
    bar_jurisdiction: str = ""
    sample: bool = False


def sign_off_clauses(
    kit: Toolkit, actor: Actor, clauses: Sequence[tuple[str, str]], form: DecisionForm
) -> tuple[SignOff, ...]:
    """Record one decision on each (clause id, digest) pair.

    The digest is the one that the lawyer saw: raises WrongState if the clause changed since,
    NotFound for an unknown clause, NotAllowed for anybody but a lawyer, InvalidInput for a
    refusal or condition without words, an unknown law or template, or an end that is past.
    """
    _require_lawyer(actor)
    library = kit.library.library()
    now = kit.clock.now()
    _check(form, library, now)
    current = [
        _current_clause(library.clauses.get(clause_id), clause_id, digest) for clause_id, digest in clauses
    ]
    with kit.unit_of_work() as unit:
        in_review = unit.agreements.list(AgreementStatus.IN_REVIEW)
        waiting = [one for one in in_review if not _is_signed_off(unit, library, one, now)]
        honest = replace(form, sample=form.sample or is_demonstration(unit))
        decisions = tuple(_decide(actor, clause, honest, now) for clause in current)
        for sign_off in decisions:
            unit.sign_offs.add(sign_off, _decision_event(actor, sign_off))
        for agreement in waiting:
            if _is_signed_off(unit, library, agreement, now):
                lines = [f"{actor.name} signed off the last clause that was missing in", READY_TO_SEND]
                _tell_owners(kit, unit, agreement, "Every clause is signed off:", lines)
    return decisions


def _is_signed_off(unit: UnitOfWork, library: Library, agreement: Agreement, now: datetime) -> bool:
    """Whether every clause of it has a valid sign-off."""
    return assess_agreement(unit, library, agreement, now).review.passes


def approve_text(
    kit: Toolkit,
    actor: Actor,
    agreement_id: str,
    text_digest: str,
    comment: str = "",
    *,
    sample: bool = False,
) -> Agreement:
    """Approve the whole text of one agreement, by the digest that the lawyer read."""
    words = _shortened(comment)
    now = kit.clock.now()
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        _require_same_text(library, agreement, text_digest)
        personal = {"comment": words} if words else None
        changed, event = agreement.take(Action.APPROVE, actor, now, digest=text_digest, personal=personal)
        sample = sample or is_demonstration(unit)
        approval = TextApproval(actor.id, actor.name, text_digest, now, words, sample)
        saved = unit.agreements.save(replace(changed, approval=approval, text_digest=text_digest), event)
        lines = [f"{actor.name} approved the whole text of"]
        lines += [f"{actor.name} writes: {words}"] if words else []
        _tell_owners(kit, unit, saved, f"{actor.name} approved", lines)
        return saved


def send_back(kit: Toolkit, actor: Actor, agreement_id: str, text_digest: str, comment: str) -> Agreement:
    """Send the text back to the office: it is a draft again, without an approval.

    Raises InvalidInput without words, WrongState if the text changed since it was read.
    """
    words = _shortened(comment)
    if not words:
        raise InvalidInput(
            "comment-missing", "Sending the text back needs words.", "Say what must change."
        )
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        _require_same_text(library, agreement, text_digest)
        changed, event = agreement.take(
            Action.SEND_BACK, actor, kit.clock.now(), digest=text_digest, personal={"comment": words}
        )
        saved = unit.agreements.save(replace(changed, approval=None), event)
        lines = [f"{actor.name} sent back the text of", f"{actor.name} writes: {words}"]
        _tell_owners(kit, unit, saved, f"{actor.name} sent back", lines)
        return saved


def _tell_owners(
    kit: Toolkit, unit: UnitOfWork, agreement: Agreement, subject: str, lines: list[str]
) -> None:
    named = f"{lines[0]} \u201c{agreement.title}\u201d ({agreement.number})."
    for owner in _owners(unit.accounts.list()):
        message = notice_message(
            kit, owner, f"{subject} {agreement.number}", [named, *lines[1:]], agreement_id=agreement.id
        )
        queue_message(kit, unit, message)


def _owners(accounts: Iterable[Account]) -> list[Account]:
    return [account for account in accounts if account.part is Part.OWNER and account.active]


def _require_same_text(library: Library, agreement: Agreement, text_digest: str) -> None:
    text, _, _ = assess_answers(
        library, agreement.contract_template, agreement.answers, number=agreement.number
    )
    if text.digest != text_digest:
        raise WrongState(
            "text-changed",
            "The text was changed after you opened it.",
            "Read the present text and decide again.",
        )


def _require_lawyer(actor: Actor) -> None:
    if actor.part is not Part.LAWYER:
        raise NotAllowed(
            "not-a-lawyer", "Only a lawyer signs off a clause.", "Invite a lawyer to the review."
        )


def _check(form: DecisionForm, library: Library, now: datetime) -> None:
    words = _shortened(form.conditions) + _shortened(form.comment)
    if form.decision is not Decision.APPROVED and not words:
        raise InvalidInput(
            "comment-missing",
            "A refusal or a condition needs words.",
            "Say what must change, or under which condition the clause may be used.",
        )
    if form.decision is Decision.REFUSED:
        return
    _require_known(form.jurisdictions, library.jurisdictions, "jurisdiction", "law or country")
    _require_known(form.contract_templates, library.contract_templates, "template", "contract template")
    if form.expires_at is not None and not now < form.expires_at <= now + LONGEST_LIFE:
        raise InvalidInput(
            "expiry-invalid",
            "The last day of a sign-off lies in the future, at most ten years ahead.",
            "Enter a later day, or leave it empty for a sign-off without an end.",
        )


def _require_known(codes: Sequence[str], known: Iterable[str], name: str, word: str) -> None:
    if not codes:
        raise InvalidInput(
            f"{name}-missing", f"A sign-off names at least one {word}.", f"Choose each {word} it holds for."
        )
    unknown = [code for code in codes if code != EVERYWHERE and code not in set(known)]
    if unknown:
        raise InvalidInput(
            f"{name}-unknown", f"There is no {word} \u201c{unknown[0]}\u201d.", "Choose from the list."
        )


def _shortened(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if len(words) > LONGEST_COMMENT:
        raise InvalidInput(
            "comment-long",
            f"The comment has {len(words)} characters.",
            f"Shorten it to {LONGEST_COMMENT}, or send the rest in a letter.",
        )
    return words


def _current_clause(clause: Clause | None, clause_id: str, digest: str) -> Clause:
    if clause is None:
        raise NotFound(
            "clause-not-found", f"There is no clause \u201c{clause_id}\u201d.", "Open the list of clauses."
        )
    if clause.digest != digest:
        raise WrongState(
            "clause-changed",
            f"The clause {clause_id} was changed after you opened it.",
            "Read the present wording and decide again.",
        )
    return clause


def _decide(actor: Actor, clause: Clause, form: DecisionForm, now: datetime) -> SignOff:
    refused = form.decision is Decision.REFUSED
    return SignOff(
        id=uuid.uuid4().hex,
        clause_id=clause.id,
        clause_version=clause.version,
        clause_digest=clause.digest,
        lawyer_id=actor.id,
        lawyer_name=actor.name,
        bar_number=form.bar_number,
        bar_jurisdiction=form.bar_jurisdiction,
        decision=form.decision,
        # A refusal holds everywhere and until the same lawyer decides otherwise.
        jurisdictions=(EVERYWHERE,) if refused else form.jurisdictions,
        contract_templates=(EVERYWHERE,) if refused else form.contract_templates,
        conditions=_shortened(form.conditions),
        comment=_shortened(form.comment),
        decided_at=now,
        expires_at=None if refused else form.expires_at,
        sample=form.sample,
    )


def _decision_event(actor: Actor, sign_off: SignOff) -> AuditEvent:
    return AuditEvent(
        name="clause.signed_off" if sign_off.decision is not Decision.REFUSED else "clause.refused",
        actor=actor,
        subject=sign_off.clause_id,
        digest=sign_off.clause_digest,
        details={
            "sign_off": sign_off.id,
            "version": sign_off.clause_version,
            "decision": str(sign_off.decision),
            "jurisdictions": " ".join(sign_off.jurisdictions),
            "contract_templates": " ".join(sign_off.contract_templates),
            "expires_at": sign_off.expires_at.isoformat() if sign_off.expires_at else "",
            "sample": sign_off.sample,
        },
    )
