"""The review of one agreement: its whole text, what waits in it, and the decision on the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.errors import AppError, InvalidInput, WrongState
from app.domain.finding import Severity
from app.domain.sign_off_state import ClauseStanding
from app.services.review import approve_text, send_back
from app.services.review_queue import AgreementInReview, read_agreement, read_standings
from app.web import access
from app.web.errors import status_of
from app.web.kit import kit
from app.web.lawyer.blueprint import blueprint
from app.web.lawyer.forms import TextDecision
from app.web.lawyer.page import render

ROOM = "lawyer.queue"


@blueprint.get("/review/agreements/<agreement_id>")
@access.workspace(Part.LAWYER)
def agreement(agreement_id: str) -> ResponseReturnValue:
    found = read_agreement(kit(), agreement_id)
    return _page(found, TextDecision(formdata=None, digest=found.assessment.draft_digest))


@blueprint.post("/review/agreements/<agreement_id>/approve")
@access.workspace(Part.LAWYER)
def approve(agreement_id: str) -> ResponseReturnValue:
    """Approve exactly the text that was read, by its digest."""
    return _decide(agreement_id, approves=True)


@blueprint.post("/review/agreements/<agreement_id>/send-back")
@access.workspace(Part.LAWYER)
def return_text(agreement_id: str) -> ResponseReturnValue:
    """Give the text back to the office with a reason."""
    return _decide(agreement_id, approves=False)


def _decide(agreement_id: str, *, approves: bool) -> ResponseReturnValue:
    found = read_agreement(kit(), agreement_id)
    form = TextDecision()
    if not form.validate_on_submit():
        return _page(found, form), 422
    decide = approve_text if approves else send_back
    try:
        decide(kit(), access.actor(), agreement_id, form.text("digest"), form.text("comment"))
    except InvalidInput as error:
        form.comment.errors = [f"{error.message} {error.remedy}"]
        return _page(found, form), 422
    except WrongState as error:
        present = read_agreement(kit(), agreement_id)
        form.digest.data = present.assessment.draft_digest
        return _page(present, form, stale=error), status_of(error)
    number = found.agreement.number
    flash(
        f"Recorded: you approved the text of {number}. Any change of the text drops the approval."
        if approves
        else f"{number} went back to the office with your words.",
        "done",
    )
    return redirect(url_for("lawyer.queue"))


def _page(found: AgreementInReview, form: TextDecision, stale: AppError | None = None) -> str:
    text = found.assessment.text
    return render(
        "agreement.html",
        room=ROOM,
        found=found,
        agreement=found.agreement,
        text=text,
        form=form,
        stale=stale,
        standings=_standings(),
        errors=[one for one in found.assessment.findings if one.severity is Severity.ERROR],
        counts=Counter(one.severity for one in found.assessment.findings),
        approved=found.agreement.is_approved(found.assessment.draft_digest),
    )


def _standings() -> Mapping[str, ClauseStanding]:
    with kit().unit_of_work(read_only=True) as unit:
        return read_standings(unit, kit().library.library(), kit().clock.now())
