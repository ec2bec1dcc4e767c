"""The one table of statuses: what may happen, who may do it, and what it is called.

`(status, action) -> Step(status, event, parts)`. Nothing else sets a status. Happenings
that change nothing (viewed, downloaded) pass the same door, so that every event of an
agreement, an envelope or a signer stands here. The pictures of the three life cycles are
in README ("One agreement's path").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from app.domain.actor import Actor, Part
from app.domain.errors import NotAllowed, WrongState


class AgreementStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    OUT = "out"
    SIGNED = "signed"
    SEALED = "sealed"
    ENDED = "ended"


class EnvelopeStatus(StrEnum):
    OUT = "out"
    PAUSED = "paused"  # a change was asked for; the clock stands still
    COMPLETED = "completed"
    DECLINED = "declined"
    EXPIRED = "expired"
    VOIDED = "voided"


class SignerStatus(StrEnum):
    WAITING = "waiting"  # it is not their turn
    INVITED = "invited"
    IDENTIFIED = "identified"
    CONSENTED = "consented"
    SIGNED = "signed"
    DECLINED = "declined"
    REPLACED = "replaced"


Status: TypeAlias = AgreementStatus | EnvelopeStatus | SignerStatus


class Action(StrEnum):
    # agreement
    EDIT = "edit"
    REQUEST_REVIEW = "request_review"
    WITHDRAW_REVIEW = "withdraw_review"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    OVERRIDE_REVIEW = "override_review"
    ACCEPT_GAP = "accept_gap"
    REQUEST_DETAILS = "request_details"
    GIVE_DETAILS = "give_details"
    SEND = "send"
    RETURN_TO_DRAFT = "return_to_draft"
    FINISH_SIGNING = "finish_signing"
    SEAL = "seal"
    CERTIFY_COMPLETION = "certify_completion"
    RENEW_TIMESTAMP = "renew_timestamp"
    END = "end"
    DOWNLOAD = "download"
    # envelope
    VIEW = "view"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    EXPIRE = "expire"
    VOID = "void"
    REMIND = "remind"
    STOP_REMINDERS = "stop_reminders"
    PROPOSE_SIGNER = "propose_signer"
    # signer
    INVITE = "invite"
    REPORT_SENT = "report_sent"
    REPORT_FAILED = "report_failed"
    IDENTIFY = "identify"
    FAIL_IDENTIFICATION = "fail_identification"
    CONSENT = "consent"
    ISSUE_CREDENTIAL = "issue_credential"
    SIGN = "sign"
    DECLINE = "decline"
    REPLACE = "replace"
    START_IN_PERSON = "start_in_person"
    # agreement and signer: the answers and the envelope keep the same address
    CORRECT_ADDRESS = "correct_address"
    CHOOSE_CHANNEL = "choose_channel"
    MAKE_ACCESS_CODE = "make_access_code"


@dataclass(frozen=True, slots=True)
class Step:
    """What an action leads to: the new status, the audit event, and the parts that may act."""

    status: Status
    event: str
    parts: frozenset[Part]


def _by(*parts: Part) -> frozenset[Part]:
    return frozenset(parts)


OWNER = _by(Part.OWNER)
OFFICE = _by(Part.OWNER, Part.STAFF)
LAWYER = _by(Part.LAWYER)
SIGNER = _by(Part.SIGNER)
# The owner signs as a signer of the envelope, after re-authenticating.
SIGNATORY = _by(Part.SIGNER, Part.OWNER)
APPLICATION = _by(Part.APPLICATION)

_A = AgreementStatus
_E = EnvelopeStatus
_S = SignerStatus


def _before_sending(status: AgreementStatus) -> dict[tuple[Status, Action], Step]:
    """What holds alike in DRAFT, IN_REVIEW and APPROVED: any change of text drops an approval."""
    return {
        (status, Action.EDIT): Step(_A.DRAFT, "agreement.edited", OFFICE),
        (status, Action.APPROVE): Step(_A.APPROVED, "agreement.approved", LAWYER),
        (status, Action.OVERRIDE_REVIEW): Step(status, "agreement.review_overridden", OWNER),
        (status, Action.ACCEPT_GAP): Step(status, "agreement.gap_accepted", OWNER),
        (status, Action.REQUEST_DETAILS): Step(status, "agreement.details_requested", OFFICE),
        (status, Action.GIVE_DETAILS): Step(_A.DRAFT, "agreement.details_given", SIGNER),
        (status, Action.SEND): Step(_A.OUT, "agreement.sent", OWNER),
        (status, Action.END): Step(_A.ENDED, "agreement.discarded", OWNER),
    }


def _downloads() -> dict[tuple[Status, Action], Step]:
    everyone = _by(Part.OWNER, Part.STAFF, Part.LAWYER, Part.SIGNER)
    return {
        (status, Action.DOWNLOAD): Step(status, "agreement.downloaded", everyone)
        for status in AgreementStatus
    }


def _while_alive(status: EnvelopeStatus) -> dict[tuple[Status, Action], Step]:
    """What holds alike while an envelope is OUT or PAUSED."""
    return {
        (status, Action.VIEW): Step(status, "envelope.viewed", SIGNATORY),
        (status, Action.DECLINE): Step(_E.DECLINED, "envelope.declined", SIGNER),
        (status, Action.EXPIRE): Step(_E.EXPIRED, "envelope.expired", APPLICATION),
        (status, Action.VOID): Step(_E.VOIDED, "envelope.voided", OWNER),
        (status, Action.STOP_REMINDERS): Step(status, "envelope.reminders_stopped", OWNER),
        (status, Action.PROPOSE_SIGNER): Step(status, "envelope.signer_proposed", SIGNER),
    }


def _reports(status: SignerStatus) -> dict[tuple[Status, Action], Step]:
    """How far a mail to the signer got."""
    return {
        (status, Action.REPORT_SENT): Step(status, "signer.mail_handed_over", APPLICATION),
        (status, Action.REPORT_FAILED): Step(status, "signer.mail_failed", APPLICATION),
    }


def _while_asked(status: SignerStatus) -> dict[tuple[Status, Action], Step]:
    """What holds alike for a signer from invitation to signature."""
    return {
        (status, Action.INVITE): Step(_S.INVITED, "signer.invited", _by(Part.OWNER, Part.APPLICATION)),
        **_reports(status),
        (status, Action.IDENTIFY): Step(_S.IDENTIFIED, "signer.identified", SIGNATORY),
        (status, Action.FAIL_IDENTIFICATION): Step(status, "signer.identification_failed", SIGNATORY),
        (status, Action.DECLINE): Step(_S.DECLINED, "signer.declined", SIGNER),
        (status, Action.REPLACE): Step(_S.REPLACED, "signer.replaced", OWNER),
        (status, Action.START_IN_PERSON): Step(status, "signer.in_person_started", OWNER),
    }


def _identity_channels() -> dict[tuple[Status, Action], Step]:
    """By which second way a signer is identified. It is fixed once somebody passed it."""
    choosing: dict[tuple[Status, Action], Step] = {
        (status, Action.CHOOSE_CHANNEL): Step(status, "signer.channel_chosen", OWNER)
        for status in (_S.WAITING, _S.INVITED)
    }
    # Whoever signed comes back with the same code for a copy, so it can be made anew until the end.
    making: dict[tuple[Status, Action], Step] = {
        (status, Action.MAKE_ACCESS_CODE): Step(status, "signer.access_code_made", OWNER)
        for status in (_S.WAITING, _S.INVITED, _S.IDENTIFIED, _S.CONSENTED, _S.SIGNED)
    }
    return choosing | making


WORKFLOW: Mapping[tuple[Status, Action], Step] = {
    **_before_sending(_A.DRAFT),
    **_before_sending(_A.IN_REVIEW),
    **_before_sending(_A.APPROVED),
    (_A.DRAFT, Action.REQUEST_REVIEW): Step(_A.IN_REVIEW, "agreement.review_requested", OFFICE),
    (_A.IN_REVIEW, Action.WITHDRAW_REVIEW): Step(_A.DRAFT, "agreement.review_withdrawn", OFFICE),
    (_A.IN_REVIEW, Action.SEND_BACK): Step(_A.DRAFT, "agreement.sent_back", LAWYER),
    (_A.APPROVED, Action.SEND_BACK): Step(_A.DRAFT, "agreement.sent_back", LAWYER),
    (_A.OUT, Action.RETURN_TO_DRAFT): Step(
        _A.DRAFT, "agreement.returned_to_draft", _by(Part.APPLICATION, Part.OWNER, Part.SIGNER)
    ),
    (_A.OUT, Action.CORRECT_ADDRESS): Step(_A.OUT, "agreement.address_corrected", OWNER),
    (_A.OUT, Action.FINISH_SIGNING): Step(_A.SIGNED, "agreement.signed", _by(*SIGNATORY, *APPLICATION)),
    (_A.SIGNED, Action.SEAL): Step(_A.SEALED, "agreement.sealed", APPLICATION),
    (_A.SEALED, Action.CERTIFY_COMPLETION): Step(_A.SEALED, "completion.certified", APPLICATION),
    **{
        (status, Action.RENEW_TIMESTAMP): Step(status, "agreement.timestamp_renewed", APPLICATION)
        for status in (_A.SEALED, _A.ENDED)
    },
    (_A.SEALED, Action.END): Step(_A.ENDED, "agreement.ended", _by(Part.OWNER, Part.APPLICATION)),
    **_downloads(),
    **_while_alive(_E.OUT),
    **_while_alive(_E.PAUSED),
    (_E.OUT, Action.PAUSE): Step(_E.PAUSED, "envelope.change_requested", SIGNER),
    (_E.PAUSED, Action.RESUME): Step(_E.OUT, "envelope.resumed", OWNER),
    (_E.OUT, Action.REMIND): Step(_E.OUT, "envelope.reminded", _by(Part.OWNER, Part.APPLICATION)),
    (_E.OUT, Action.COMPLETE): Step(_E.COMPLETED, "envelope.completed", _by(*SIGNATORY, *APPLICATION)),
    (_E.COMPLETED, Action.VIEW): Step(_E.COMPLETED, "envelope.viewed", SIGNATORY),
    (_S.WAITING, Action.INVITE): Step(_S.INVITED, "signer.invited", _by(Part.OWNER, Part.APPLICATION)),
    (_S.WAITING, Action.REPLACE): Step(_S.REPLACED, "signer.replaced", OWNER),
    # Whoever confirmed who they are by the old address cannot get another one.
    **{
        (status, Action.CORRECT_ADDRESS): Step(status, "signer.address_corrected", OWNER)
        for status in (_S.WAITING, _S.INVITED)
    },
    **_while_asked(_S.INVITED),
    **_while_asked(_S.IDENTIFIED),
    **_while_asked(_S.CONSENTED),
    **_identity_channels(),
    (_S.IDENTIFIED, Action.CONSENT): Step(_S.CONSENTED, "consent.given", SIGNATORY),
    (_S.CONSENTED, Action.CONSENT): Step(_S.CONSENTED, "consent.given", SIGNATORY),
    (_S.CONSENTED, Action.ISSUE_CREDENTIAL): Step(_S.CONSENTED, "credential.issued", SIGNATORY),
    (_S.CONSENTED, Action.SIGN): Step(_S.SIGNED, "signature.applied", SIGNATORY),
    # Whoever signed comes back with the same link to fetch a copy.
    (_S.SIGNED, Action.IDENTIFY): Step(_S.SIGNED, "signer.identified", SIGNATORY),
    (_S.SIGNED, Action.FAIL_IDENTIFICATION): Step(_S.SIGNED, "signer.identification_failed", SIGNATORY),
    # A mail may still be on its way when somebody signs, declines or is replaced.
    **_reports(_S.SIGNED),
    **_reports(_S.DECLINED),
    **_reports(_S.REPLACED),
}


def next_step(status: Status, action: Action, actor: Actor) -> Step:
    """The step from `status` by `action`.

    Raises WrongState where the table has no such step, NotAllowed where the actor's part
    may not take it.
    """
    step = WORKFLOW.get((status, action))
    if step is None:
        raise WrongState(
            "wrong-state",
            f"This cannot be done now: the state is \u201c{status}\u201d and the step \u201c{action}\u201d "
            "does not follow from it.",
            "Reload the page to see the present state.",
        )
    if actor.part not in step.parts:
        raise NotAllowed(
            "not-allowed",
            f"The step \u201c{action}\u201d is not open to the part \u201c{actor.part}\u201d.",
            "Ask the owner of the agreement.",
        )
    return step
