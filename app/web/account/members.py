"""Members of the workspace: who they are, invitations, closing an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.errors import InvalidInput
from app.services import accounts
from app.web import access, limits
from app.web.account.forms import EmptyForm, InvitationForm
from app.web.kit import kit

blueprint = Blueprint("members", __name__, url_prefix="/members")


@blueprint.get("")
@access.workspace(Part.OWNER)
def show() -> ResponseReturnValue:
    return _page(InvitationForm())


@blueprint.post("")
@limits.code
@access.workspace(Part.OWNER)
@access.fresh
def invite() -> ResponseReturnValue:
    form = InvitationForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        invited = accounts.invite(
            kit(),
            access.actor(),
            form.name.data,
            form.email.data,
            Part(form.part.data),
            bar_number=form.bar_number.data,
            bar_jurisdiction=form.bar_jurisdiction.data,
        )
    except InvalidInput as error:
        form.email.errors = [f"{error.message} {error.remedy}"]
        return _page(form), 422
    flash(f"An invitation to {invited.name} is on its way to {invited.email}. It is good for 14 days.", "done")
    return redirect(url_for("members.show"))


@blueprint.post("/<account_id>/invite-again")
@limits.code
@access.workspace(Part.OWNER)
def invite_again(account_id: str) -> ResponseReturnValue:
    invited = accounts.invite_again(kit(), access.actor(), account_id)
    flash(f"A new invitation is on its way to {invited.email}. Earlier ones no longer work.", "done")
    return redirect(url_for("members.show"))


@blueprint.post("/<account_id>/close")
@access.workspace(Part.OWNER)
@access.fresh
def close(account_id: str) -> ResponseReturnValue:
    closed = accounts.set_active(kit(), access.actor(), account_id, active=False)
    flash(f"The account of {closed.name} is closed and signed out. What they did stays on record.", "done")
    return redirect(url_for("members.show"))


@blueprint.post("/<account_id>/open")
@access.workspace(Part.OWNER)
@access.fresh
def reopen(account_id: str) -> ResponseReturnValue:
    opened = accounts.set_active(kit(), access.actor(), account_id, active=True)
    flash(f"The account of {opened.name} is open again.", "done")
    return redirect(url_for("members.show"))


def _page(form: InvitationForm) -> str:
    return render_template(
        "account/members.html", form=form, button=EmptyForm(), members=accounts.list_accounts(kit())
    )
