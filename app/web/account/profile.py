"""One's own account: name, password, second step, sessions."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.services import accounts
from app.services.sign_in import end_other_sessions
from app.web import access
from app.web.account.forms import NameForm
from app.web.forms import Button
from app.web.kit import kit
from app.web.sessions import current_session

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@access.workspace(*access.EVERYBODY)
def profile() -> ResponseReturnValue:
    return _page(NameForm(name=access.account().name))


@blueprint.post("/name")
@access.workspace(*access.EVERYBODY)
def rename() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate_on_submit():
        return _page(form), 422
    accounts.rename(kit(), access.actor(), form.text("name"))
    flash("Your name is changed. What you signed keeps the name it was signed with.", "done")
    return redirect(url_for("account.profile"))


@blueprint.post("/sessions/end")
@access.workspace(*access.EVERYBODY)
def end_sessions() -> ResponseReturnValue:
    """Sign out on every other device."""
    end_other_sessions(kit(), access.account().id, current_session().digest, access.actor())
    flash("You are signed out everywhere else.", "done")
    return redirect(url_for("account.profile"))


def _page(form: NameForm) -> str:
    return render_template("account/profile.html", form=form, button=Button())
