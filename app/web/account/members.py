"""Members of the workspace: who they are, invitations, closing an account."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.errors import InvalidInput
from app.services import accounts
from app.web import access, limits
from app.web.account.forms import InvitationForm
from app.web.forms import Button
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
            form.text("name"),
            form.text("email"),
            Part(form.text("part")),
            bar_number=form.text("bar_number"),
            bar_jurisdiction=form.text("bar_jurisdiction"),
        )
    except InvalidInput as error:
        form.email.errors = [f"{error.message} {error.remedy}"]
        return _page(form), 422
    flash(f"An invitation is on its way to {invited.name}, {invited.email}, good for 14 days.", "done")
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
        "account/members.html", form=form, button=Button(), members=accounts.list_accounts(kit())
    )
