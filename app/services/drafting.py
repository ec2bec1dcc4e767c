"""Drafting: start an agreement, change its answers, ask for review, take a decision upon oneself."""

from __future__ import annotations

import uuid
from dataclasses import replace

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.clause import COVERAGE_CODES
from app.domain.errors import InvalidInput
from app.domain.workflow import Action, AgreementStatus
from app.services.assessment import Assessment, assess_agreement, assess_answers, find_template
from app.toolkit import Toolkit

DEFAULT_PREFIX = "CS"


def start_draft(kit: Toolkit, actor: Actor, template_id: str, answers: Answers) -> Agreement:
    """A new agreement in DRAFT with a number of its own. Raises NotFound for an unknown template."""
    now = kit.clock.now()
    library = kit.library.library()
    template = find_template(library, template_id)
    text, _, _ = assess_answers(library, template_id, answers)
    with kit.unit_of_work() as unit:
        number = unit.agreements.next_number(unit.settings.get("number_prefix", DEFAULT_PREFIX), now.year)
        agreement = Agreement(
            id=uuid.uuid4().hex,
            number=number,
            title=template.title,
            contract_template=template.id,
            contract_template_version=template.version,
            answers=answers,
            status=AgreementStatus.DRAFT,
            created_at=now,
            updated_at=now,
            text_digest=replace(text, number=number).digest,
        )
        unit.agreements.add(
            agreement,
            AuditEvent(
                name="agreement.drafted",
                actor=actor,
                agreement_id=agreement.id,
                digest=agreement.text_digest,
                details={"contract_template": template.id, "version": template.version},
            ),
        )
    return agreement


def change_answers(kit: Toolkit, actor: Actor, agreement_id: str, answers: Answers) -> Agreement:
    """Store the answers. A change of text drops an approval and an override of the review."""
    now = kit.clock.now()
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        text, _, _ = assess_answers(library, agreement.contract_template, answers, number=agreement.number)
        changed, event = agreement.take(Action.EDIT, actor, now, digest=text.digest)
        if text.digest != agreement.text_digest:
            changed = replace(changed, approval=None, override_reason="", accepted_gaps={})
        return unit.agreements.save(replace(changed, answers=answers, text_digest=text.digest), event)


def assess(kit: Toolkit, agreement_id: str) -> Assessment:
    """How a stored agreement stands now."""
    library = kit.library.library()
    with kit.unit_of_work() as unit:
        return assess_agreement(unit, library, unit.agreements.get(agreement_id), kit.clock.now())


def request_review(kit: Toolkit, actor: Actor, agreement_id: str) -> Agreement:
    """Ask the lawyers for a decision on this agreement."""
    with kit.unit_of_work() as unit:
        changed, event = unit.agreements.get(agreement_id).take(Action.REQUEST_REVIEW, actor, kit.clock.now())
        return unit.agreements.save(changed, event)


def override_review(kit: Toolkit, actor: Actor, agreement_id: str, reason: str) -> Agreement:
    """Send without a lawyer's decision: needs a reason, is audited and printed on the paper."""
    reason = reason.strip()
    if not reason:
        raise InvalidInput(
            "reason-missing",
            "Sending without a lawyer\u2019s review needs a reason.",
            "Write one sentence: why is this agreement sent unreviewed?",
        )
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        changed, event = agreement.take(
            Action.OVERRIDE_REVIEW, actor, kit.clock.now(), personal={"reason": reason}
        )
        return unit.agreements.save(replace(changed, override_reason=reason), event)


def accept_gap(kit: Toolkit, actor: Actor, agreement_id: str, code: str, reason: str) -> Agreement:
    """Accept that a risk or standard is not covered, with the owner's reason."""
    if code not in COVERAGE_CODES:
        raise InvalidInput(
            "code-unknown", f"\u201c{code}\u201d is no risk or standard.", "Use R1 to R10 or S1 to S10."
        )
    if not reason.strip():
        raise InvalidInput(
            "reason-missing", f"Leaving {code} uncovered needs a reason.", "Write one sentence."
        )
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        changed, event = agreement.take(
            Action.ACCEPT_GAP,
            actor,
            kit.clock.now(),
            details={"code": code},
            personal={"reason": reason.strip()},
        )
        gaps = {**agreement.accepted_gaps, code: reason.strip()}
        return unit.agreements.save(replace(changed, accepted_gaps=gaps), event)
