"""Review: a lawyer decides on clause versions and on whole texts."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement, TextApproval
from app.domain.audit import AuditEvent
from app.domain.clause import Clause
from app.domain.errors import InvalidInput, NotAllowed, NotFound, WrongState
from app.domain.review import EVERYWHERE, Decision, SignOff
from app.domain.workflow import Action
from app.services.assessment import assess_answers
from app.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What a lawyer decides about one clause version."""

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
    NotFound for an unknown clause, NotAllowed for anybody but a lawyer.
    """
    _require_lawyer(actor)
    if form.decision is not Decision.APPROVED and not (form.conditions or form.comment).strip():
        raise InvalidInput(
            "comment-missing",
            "A refusal or a condition needs words.",
            "Say what must change, or under which condition the clause may be used.",
        )
    now = kit.clock.now()
    known = kit.library.library().clauses
    decisions = tuple(
        _decide(actor, _current_clause(known.get(clause_id), clause_id, digest), form, now)
        for clause_id, digest in clauses
    )
    with kit.unit_of_work() as unit:
        for sign_off in decisions:
            unit.sign_offs.add(sign_off, _decision_event(actor, sign_off))
    return decisions


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
    now = kit.clock.now()
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        text, _, _ = assess_answers(
            library, agreement.contract_template, agreement.answers, number=agreement.number
        )
        if text.digest != text_digest:
            raise WrongState(
                "text-changed",
                "The text was changed after you opened it.",
                "Read the present text and decide again.",
            )
        changed, event = agreement.take(Action.APPROVE, actor, now, digest=text_digest)
        approval = TextApproval(actor.id, actor.name, text_digest, now, comment, sample)
        return unit.agreements.save(replace(changed, approval=approval, text_digest=text_digest), event)


def _require_lawyer(actor: Actor) -> None:
    if actor.part is not Part.LAWYER:
        raise NotAllowed(
            "not-a-lawyer", "Only a lawyer signs off a clause.", "Invite a lawyer to the review."
        )


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
        jurisdictions=form.jurisdictions,
        contract_templates=form.contract_templates,
        conditions=form.conditions.strip(),
        comment=form.comment.strip(),
        decided_at=now,
        expires_at=form.expires_at,
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
