"""What is done to an agreement from its page: sign, remind, answer, void, copy, discard."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.envelope import Envelope, Signer
from app.domain.errors import InvalidInput, WrongState
from app.services import addresses, changes, drafting, gate
from app.services.dossier import Dossier, read_dossier
from app.services.invitations import ASKED, remind
from app.services.overview import Standing
from app.services.reminders import stop_reminders
from app.web import access
from app.web.kit import kit
from app.web.owner.agreements import show_page
from app.web.owner.page import render
from app.web.signer.seats import open_seat_for_owner, start_in_person

blueprint = Blueprint("owner_acts", __name__, url_prefix="/agreements/<agreement_id>")


@blueprint.get("/sign")
@access.workspace(Part.OWNER)
@access.fresh
def ask_to_sign(agreement_id: str) -> ResponseReturnValue:
    """The last page before the ceremony. Opening it changes nothing."""
    dossier = read_dossier(kit(), access.actor(), agreement_id)
    return render("sign.html", dossier=dossier, agreement=dossier.agreement, signer=_own_place(dossier)[1])


@blueprint.post("/sign")
@access.workspace(Part.OWNER)
@access.fresh
def sign(agreement_id: str) -> ResponseReturnValue:
    """Into the same ceremony as everybody else, identified by the account and its password."""
    envelope, signer = _own_place(read_dossier(kit(), access.actor(), agreement_id))
    return open_seat_for_owner(envelope.id, signer.id)


@blueprint.post("/in-person")
@access.workspace(Part.OWNER)
@access.fresh
def sign_in_person(agreement_id: str) -> ResponseReturnValue:
    """Hand this device to a signer who is in the room."""
    envelope = _envelope(agreement_id)
    return redirect(start_in_person(envelope.id, request.form.get("signer", "")))


@blueprint.post("/remind")
@access.workspace(Part.OWNER)
def send_reminder(agreement_id: str) -> ResponseReturnValue:
    signer_id = request.form.get("signer", "")
    envelope = remind(kit(), access.actor(), _envelope(agreement_id).id, signer_id)
    asked = [signer for signer in envelope.active_signers() if signer.status in ASKED]
    names = [signer.name for signer in asked if signer_id in ("", signer.id)]
    flash(f"A reminder to {' and '.join(names)} is queued.", "done")
    return _back(agreement_id)


@blueprint.post("/signers/<signer_id>/address")
@access.workspace(Part.OWNER)
def correct_address(agreement_id: str, signer_id: str) -> ResponseReturnValue:
    """Another e-mail address for somebody who has not begun yet."""
    email = request.form.get("email", "")
    try:
        envelope = addresses.correct_address(
            kit(), access.actor(), _envelope(agreement_id).id, signer_id, email
        )
    except InvalidInput as error:
        return show_page(agreement_id, fault=str(error), field=signer_id, entered=email), 422
    signer = envelope.signer(signer_id)
    sent = " A new mail is queued." if signer.status in ASKED else ""
    flash(f"{signer.name} has the address {signer.email} now. Earlier links stopped working.{sent}", "done")
    return _back(agreement_id)


@blueprint.post("/stop-reminders")
@access.workspace(Part.OWNER)
def stop_planned_reminders(agreement_id: str) -> ResponseReturnValue:
    stop_reminders(kit(), access.actor(), _envelope(agreement_id).id)
    flash("No more reminders go out by themselves. You can still remind by hand.", "done")
    return _back(agreement_id)


@blueprint.post("/void")
@access.workspace(Part.OWNER)
def void(agreement_id: str) -> ResponseReturnValue:
    reason = request.form.get("reason", "")
    try:
        changes.void(kit(), access.actor(), _envelope(agreement_id).id, reason)
    except InvalidInput as error:
        return show_page(agreement_id, fault=error.message, field="void", entered=reason), 422
    flash("The agreement is voided. Nobody can sign it any more; it is a draft again.", "done")
    return _back(agreement_id)


@blueprint.post("/requests/<request_id>/answer")
@access.workspace(Part.OWNER)
def answer_change(agreement_id: str, request_id: str) -> ResponseReturnValue:
    """Answer a change that was asked for, without changing the text."""
    if not _belongs(agreement_id, request_id):
        abort(404)
    words = request.form.get("answer", "")
    try:
        changes.answer_change(kit(), access.actor(), request_id, words)
    except InvalidInput as error:
        return show_page(agreement_id, fault=error.message, field=request_id, entered=words), 422
    flash("Your answer is queued. Signing goes on.", "done")
    return _back(agreement_id)


@blueprint.post("/revise")
@access.workspace(Part.OWNER)
def revise(agreement_id: str) -> ResponseReturnValue:
    """Take back what is out, and change the text: the same agreement is a draft again."""
    reason = request.form.get("reason", "").strip() or "It is revised and will be sent anew."
    try:
        changes.void(kit(), access.actor(), _envelope(agreement_id).id, reason)
    except InvalidInput as error:
        return show_page(agreement_id, fault=error.message, field="void", entered=reason), 422
    flash("The envelope is voided. Change the text, then send it anew.", "done")
    return redirect(url_for("owner_drafts.show", agreement_id=agreement_id))


@blueprint.post("/copy")
@access.workspace(*access.OFFICE)
def copy(agreement_id: str) -> ResponseReturnValue:
    made = drafting.duplicate(kit(), access.actor(), agreement_id)
    flash(f"{made.number} is a copy. Check the names and dates in it.", "done")
    return redirect(url_for("owner_drafts.show", agreement_id=made.id))


@blueprint.post("/discard")
@access.workspace(Part.OWNER)
def discard(agreement_id: str) -> ResponseReturnValue:
    drafting.discard(kit(), access.actor(), agreement_id)
    flash("The draft is discarded. It stays in the list of all agreements.", "done")
    return redirect(url_for("owner_agreements.dashboard"))


@blueprint.post("/request-review")
@access.workspace(*access.OFFICE)
def request_review(agreement_id: str) -> ResponseReturnValue:
    try:
        gate.request_review(kit(), access.actor(), agreement_id)
    except InvalidInput as error:
        flash(f"{error.message} {error.remedy}", "stop")
    else:
        flash("The lawyer is asked. The mail is queued.", "done")
    return redirect(url_for("owner_sending.show", agreement_id=agreement_id))


@blueprint.post("/withdraw-review")
@access.workspace(*access.OFFICE)
def withdraw_review(agreement_id: str) -> ResponseReturnValue:
    gate.withdraw_review(kit(), access.actor(), agreement_id)
    flash("The request for review is withdrawn.", "done")
    return redirect(url_for("owner_sending.show", agreement_id=agreement_id))


def _own_place(dossier: Dossier) -> tuple[Envelope, Signer]:
    """The envelope and the place in it that this owner signs now. Raises WrongState."""
    envelope = dossier.envelope
    if dossier.row.standing is not Standing.YOUR_TURN or envelope is None:
        _refuse("not-your-turn", "It is not your turn to sign this agreement.")
    email = access.account().email
    mine = (
        signer
        for signer in envelope.active_signers()
        if signer.status in ASKED and signer.side == "client" and signer.email.lower() == email
    )
    return envelope, next(mine)


def _envelope(agreement_id: str) -> Envelope:
    with kit().unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        if not agreement.current_envelope:
            _refuse("not-sent", "This agreement has not been sent.")
        return unit.envelopes.get(agreement.current_envelope)


def _belongs(agreement_id: str, request_id: str) -> bool:
    with kit().unit_of_work(read_only=True) as unit:
        asked = unit.change_requests.get(request_id)
        return unit.envelopes.get(asked.envelope_id).agreement_id == agreement_id


def _refuse(code: str, message: str) -> NoReturn:
    raise WrongState(code, message, "Reload the page to see the present state.")


def _back(agreement_id: str) -> ResponseReturnValue:
    return redirect(url_for("owner_agreements.show", agreement_id=agreement_id))
