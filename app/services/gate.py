"""The gate before sending, from the owner's side: a lawyer is asked, or the owner decides alone."""

from __future__ import annotations

from dataclasses import replace

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.clause import COVERAGE_CODES
from app.domain.errors import InvalidInput
from app.domain.workflow import Action
from app.services.correspondence import notice_message
from app.services.delivery import queue_message
from app.toolkit import Toolkit

LONGEST_REASON = 1000


def request_review(kit: Toolkit, actor: Actor, agreement_id: str) -> Agreement:
    """Ask the lawyers for a decision on this agreement; each of them gets a mail.

    Raises InvalidInput `no-lawyer` while nobody could decide.
    """
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        changed, event = agreement.take(Action.REQUEST_REVIEW, actor, kit.clock.now())
        lawyers = [one for one in unit.accounts.list() if one.part is Part.LAWYER and one.active]
        if not lawyers:
            raise InvalidInput(
                "no-lawyer",
                "There is no lawyer in this workspace whom you could ask.",
                "Invite one under your account, Members; or send without a review and write why.",
            )
        lines = [f"{actor.name} asks you to review \u201c{agreement.title}\u201d ({agreement.number})."]
        for lawyer in lawyers:
            queue_message(
                kit,
                unit,
                notice_message(
                    kit, lawyer, f"Please review {agreement.number}", lines, agreement_id=agreement.id
                ),
            )
        return unit.agreements.save(changed, event)


def withdraw_review(kit: Toolkit, actor: Actor, agreement_id: str) -> Agreement:
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        changed, event = agreement.take(Action.WITHDRAW_REVIEW, actor, kit.clock.now())
        return unit.agreements.save(changed, event)


def override_review(kit: Toolkit, actor: Actor, agreement_id: str, reason: str) -> Agreement:
    """Send without a lawyer's decision: needs a reason, is audited and printed on the paper."""
    words = _reason(
        reason,
        "Sending without a lawyer\u2019s review needs a reason.",
        "Write one sentence: why is this agreement sent unreviewed?",
    )
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        changed, event = agreement.take(
            Action.OVERRIDE_REVIEW, actor, kit.clock.now(), personal={"reason": words}
        )
        return unit.agreements.save(replace(changed, override_reason=words), event)


def accept_gap(kit: Toolkit, actor: Actor, agreement_id: str, code: str, reason: str) -> Agreement:
    """Accept that a risk or standard is not covered, with the owner's reason."""
    if code not in COVERAGE_CODES:
        raise InvalidInput(
            "code-unknown", f"\u201c{code}\u201d is no risk or standard.", "Use R1 to R10 or S1 to S10."
        )
    words = _reason(reason, f"Leaving {code} uncovered needs a reason.", "Write one sentence.")
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        changed, event = agreement.take(
            Action.ACCEPT_GAP, actor, kit.clock.now(), details={"code": code}, personal={"reason": words}
        )
        gaps = {**agreement.accepted_gaps, code: words}
        return unit.agreements.save(replace(changed, accepted_gaps=gaps), event)


def _reason(text: str, message: str, remedy: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise InvalidInput("reason-missing", message, remedy)
    if len(words) > LONGEST_REASON:
        raise InvalidInput(
            "reason-long",
            f"The reason has {len(words)} characters.",
            f"Shorten it to {LONGEST_REASON}.",
        )
    return words
