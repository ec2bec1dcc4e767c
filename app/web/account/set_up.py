"""Links that begin an account: first start, an invitation, a password that was reset."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user

from app.domain.access_link import AccessLink, LinkPurpose
from app.domain.account import Account
from app.domain.errors import AppError
from app.services import accounts
from app.services.links import open_link
from app.services.sample import make_sample
from app.services.settings import change_business, check_business, read_business
from app.web import access, limits
from app.web.account.datastore import SessionUser
from app.web.account.forms import PasswordForm, SetUpForm
from app.web.account.security import hash_new_password
from app.web.kit import client_address, kit, user_agent

blueprint = Blueprint("set_up", __name__)


@blueprint.get("/set-up/<token>")
@limits.link
@access.public
def show(token: str) -> ResponseReturnValue:
    """The form of the first start. Opening it changes nothing."""
    open_link(kit(), token, LinkPurpose.SET_UP)
    return _page(SetUpForm(), token)


@blueprint.post("/set-up/<token>")
@limits.link
@access.public
def finish(token: str) -> ResponseReturnValue:
    """Make the owner's account, enter the business, sign the owner in."""
    open_link(kit(), token, LinkPurpose.SET_UP)
    form = SetUpForm()
    if not form.validate_on_submit():
        return _page(form, token), 422
    check_business(form.business())
    wanted = accounts.NewAccount(
        form.text("name"), form.text("email"), hash_new_password(form.text("password"))
    )
    owner = accounts.make_first_owner(kit(), token, wanted)
    actor = owner.as_actor(client_address(), user_agent())
    change_business(kit(), actor, form.business())
    kit().credentials.check()  # makes the keys, which name the business; no signer shall wait for it
    _leave_sample(owner)
    login_user(SessionUser(owner), authn_via=["set-up"])
    return redirect(url_for("set_up.welcome"))


@blueprint.get("/welcome")
@access.workspace(*access.EVERYBODY)
def welcome() -> ResponseReturnValue:
    """What is worth doing first."""
    return render_template("account/welcome.html", business=read_business(kit()))


@blueprint.get("/join/<token>")
@limits.link
@access.public
def show_join(token: str) -> ResponseReturnValue:
    return _password_page(token, LinkPurpose.JOIN, PasswordForm())


@blueprint.post("/join/<token>")
@limits.link
@access.public
def join(token: str) -> ResponseReturnValue:
    return _choose_password(token, LinkPurpose.JOIN)


@blueprint.get("/reset-password/<token>")
@limits.link
@access.public
def show_reset(token: str) -> ResponseReturnValue:
    return _password_page(token, LinkPurpose.RESET_PASSWORD, PasswordForm())


@blueprint.post("/reset-password/<token>")
@limits.link
@access.public
def reset(token: str) -> ResponseReturnValue:
    return _choose_password(token, LinkPurpose.RESET_PASSWORD)


def _page(form: SetUpForm, token: str) -> str:
    return render_template("account/set_up.html", form=form, token=token)


def _password_page(token: str, purpose: LinkPurpose, form: PasswordForm) -> str:
    account = _account_of(open_link(kit(), token, purpose))
    return render_template(
        "account/choose_password.html",
        form=form,
        account=account,
        joining=purpose is LinkPurpose.JOIN,
        business=read_business(kit()),
    )


def _choose_password(token: str, purpose: LinkPurpose) -> ResponseReturnValue:
    """Store the password; signing in with it is another step, so that a second factor holds."""
    account = _account_of(open_link(kit(), token, purpose))
    form = PasswordForm()
    form.known = (account.name, account.email, read_business(kit()).name)
    if not form.validate_on_submit():
        return _password_page(token, purpose, form), 422
    accounts.choose_password(kit(), token, hash_new_password(form.text("password")), purpose)
    flash("Your password is set. Sign in with it now.", "done")
    return redirect(url_for("security.login"))


def _account_of(link: AccessLink) -> Account:
    with kit().unit_of_work(read_only=True) as unit:
        return accounts.account_of_link(unit, link)


def _leave_sample(owner: Account) -> None:
    """A draft to look at. Without it the first start is still a good one."""
    source: Path | None = current_app.config["SAMPLE_ANSWERS"]
    if source is None:
        return
    try:
        make_sample(kit(), owner.as_actor(client_address(), user_agent()), source)
    except AppError as error:
        current_app.logger.warning("no sample agreement was made: %s", error.code)
        flash(f"The sample agreement could not be made. {error.message}", "other")


