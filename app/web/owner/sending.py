"""Review and sending: what is left to settle, the gate, the signers, and the act of sending."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.envelope import CopyRecipient
from app.domain.errors import AppError, InvalidInput, TimestampUnavailable, WrongState
from app.domain.finding import Severity
from app.domain.reminder import ReminderPlan, read_days
from app.domain.workflow import AgreementStatus
from app.services import gate
from app.services.answering import Draft, give_answers, read_draft
from app.services.dossier import last_sent_back
from app.services.reach import is_reachable
from app.services.sample import is_sample
from app.services.sending import send
from app.services.sending_form import DEFAULT_LIFE, LONGEST_LIFE, MESSAGE_LENGTH, SendingForm
from app.web import access
from app.web.errors import status_of
from app.web.kit import kit
from app.web.owner.identity_channels import read_choices, show_first_codes
from app.web.owner.page import render
from app.web.owner.places import locate

blueprint = Blueprint("owner_sending", __name__, url_prefix="/agreements/<agreement_id>")

COPY_LINES = 3
DAYS_AFTER, DAYS_BEFORE = "2, 5", "1"
# Error code -> the part of the form that it is about.
FIELDS = {
    "expiry-invalid": "last_day",
    "message-long": "message",
    "reminders-invalid": "reminders",
    "order-invalid": "order",
    "copy-invalid": "copies",
    "second-email": "identity",
    "second-email-other": "identity",
}
BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)


@blueprint.get("/send")
@access.workspace(*access.OFFICE)
def show(agreement_id: str) -> ResponseReturnValue:
    draft = read_draft(kit(), agreement_id)
    if draft.agreement.status not in BEFORE_SENDING:
        return redirect(url_for("owner_agreements.show", agreement_id=agreement_id))
    return _page(draft)


@blueprint.post("/override")
@access.workspace(Part.OWNER)
def override(agreement_id: str) -> ResponseReturnValue:
    """The owner decides to send without a lawyer."""
    reason = request.form.get("reason", "")
    try:
        gate.override_review(kit(), access.actor(), agreement_id, reason)
    except InvalidInput as error:
        return _page(read_draft(kit(), agreement_id), faults={"reason": str(error)}, reason=reason), 422
    flash("Your decision is recorded. The paper will say that no lawyer has reviewed it.", "you")
    return redirect(url_for("owner_sending.show", agreement_id=agreement_id))


@blueprint.post("/send")
@access.workspace(Part.OWNER)
def send_agreement(agreement_id: str) -> ResponseReturnValue:
    """Freeze, certify and ask the signers."""
    draft = _with_addresses(agreement_id)
    if draft.faults:
        return _page(draft, entered=request.form), 422
    try:
        envelope = send(kit(), access.actor(), agreement_id, _form(draft))
    except (InvalidInput, WrongState, TimestampUnavailable) as error:
        return _refused(agreement_id, error)
    if request.form.get("in_person"):
        flash("The agreement is frozen and certified. Hand this device to the first signer.", "done")
    else:
        first = [signer.name for signer in envelope.signers if signer.order == envelope.signers[0].order]
        flash(f"Frozen and certified. The mail to {' and '.join(first)} is queued.", "done")
    return show_first_codes(envelope) or redirect(
        url_for("owner_agreements.show", agreement_id=agreement_id)
    )


def _with_addresses(agreement_id: str) -> Draft:
    """The draft with the e-mail addresses of the form; they are no part of the text."""
    draft = read_draft(kit(), agreement_id)
    given = {
        key: request.form[key]
        for role in draft.contract_template.signer_roles
        if (key := f"signers.{role.id}.email") in request.form
    }
    held = {key: _answer(draft, key) for key in given}
    changed = {key: value for key, value in given.items() if value.strip() != held[key]}
    return give_answers(kit(), access.actor(), agreement_id, changed) if changed else draft


def _answer(draft: Draft, key: str) -> str:
    question = draft.questionnaire.find(key)
    return str(question.answer or "") if question else ""


def _form(draft: Draft) -> SendingForm:
    """What was entered. Raises InvalidInput for a day or a number that is none."""
    roles = [role.id for role in draft.contract_template.signer_roles]
    text = request.form.get("last_day", "").strip()
    try:
        day = datetime.fromisoformat(text).date() if text else None
    except ValueError as error:
        raise InvalidInput(
            "expiry-invalid", "The last day for signing is no date.", "Enter it as year-month-day."
        ) from error
    expires_at = datetime.combine(day, time(23, 59), UTC) if day else None
    return SendingForm(
        message=request.form.get("message", ""),
        expires_at=expires_at,
        text_digest=request.form.get("text_digest", ""),
        in_person=bool(request.form.get("in_person")),
        turns=_turns(roles),
        signer_messages={role: request.form.get(f"signer_message.{role}", "") for role in roles},
        reminders=ReminderPlan(
            read_days(request.form.get("remind_after", "")), read_days(request.form.get("remind_before", ""))
        ),
        copy_recipients=_copy_recipients(),
        channels=read_choices(request.form, roles),
    )


def _turns(roles: list[str]) -> dict[str, int]:
    """By the choice of the form: the template's order (nothing), all together, or the numbers given."""
    order = request.form.get("order", "")
    if order == "together":
        return dict.fromkeys(roles, 1)
    if order != "numbers":
        return {}
    given = {role: request.form.get(f"turn.{role}", "").strip() for role in roles}
    return {role: int(text) for role, text in given.items() if text.isascii() and text.isdecimal()}


def _copy_recipients() -> tuple[CopyRecipient, ...]:
    """The lines that hold anything."""
    lines = [
        (request.form.get(f"copy_name.{n}", "").strip(), request.form.get(f"copy_email.{n}", "").strip())
        for n in range(COPY_LINES)
    ]
    return tuple(CopyRecipient(name, email) for name, email in lines if name or email)


def _refused(agreement_id: str, error: AppError) -> ResponseReturnValue:
    """The page again with what was entered, and the reason at the place that it is about."""
    draft = read_draft(kit(), agreement_id)
    if draft.agreement.status not in BEFORE_SENDING:
        flash(f"{error.message} {error.remedy}", "stop")
        return redirect(url_for("owner_agreements.show", agreement_id=agreement_id))
    field = FIELDS.get(error.code, "form")
    faults = {field: f"{error.message} {error.remedy}"}
    return _page(draft, faults=faults, entered=request.form), status_of(error)


def _page(
    draft: Draft, *, faults: dict[str, str] | None = None, entered: Any = None, reason: str = ""
) -> str:
    assessment = draft.assessment
    by_severity = {
        severity: [one for one in assessment.findings if one.severity is severity] for severity in Severity
    }
    waiting = set(assessment.review.waiting)
    today = kit().clock.now()
    return render(
        "send.html",
        draft=draft,
        agreement=draft.agreement,
        errors=by_severity[Severity.ERROR],
        warnings=by_severity[Severity.WARNING],
        infos=by_severity[Severity.INFO],
        sent_back=last_sent_back(kit(), draft.agreement.id),
        unsigned=[clause for clause in assessment.text.clauses() if clause.clause_id in waiting],
        faults=faults or {},
        entered=entered or {},
        reason=reason,
        reachable=is_reachable(kit()),
        public_url=kit().public_url,
        default_day=(today + DEFAULT_LIFE).date(),
        first_day=today.date(),
        last_day=(today + LONGEST_LIFE - timedelta(days=1)).date(),
        message_length=MESSAGE_LENGTH,
        days_after=DAYS_AFTER,
        days_before=DAYS_BEFORE,
        copy_lines=range(COPY_LINES),
        is_sample=is_sample(draft.agreement),
        locate=lambda subject: locate(draft, subject),
    )
