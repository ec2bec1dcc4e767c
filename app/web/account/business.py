"""The business: what agreements and mails say about it."""

from __future__ import annotations

import base64

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.domain.errors import InvalidInput
from app.services.logo import change_logo, logo_of, remove_logo
from app.services.settings import change_business, read_business
from app.web import access
from app.web.account.forms import BusinessForm, LogoForm
from app.web.kit import kit

blueprint = Blueprint("business", __name__, url_prefix="/business")


@blueprint.get("")
@access.workspace(Part.OWNER)
def show() -> ResponseReturnValue:
    return _page(_filled())


@blueprint.post("")
@access.workspace(Part.OWNER)
def change() -> ResponseReturnValue:
    form = BusinessForm()
    if not form.validate_on_submit():
        return _page(form), 422
    change_business(kit(), access.actor(), form.business())
    flash("Saved. Agreements that were sent keep what they were sent with.", "done")
    return redirect(url_for("business.show"))


@blueprint.post("/logo")
@access.workspace(Part.OWNER)
def change_the_logo() -> ResponseReturnValue:
    form = LogoForm()
    given = form.picture.data
    picture = given.read() if given else b""
    if not picture:
        return _logo_fault(form, "Choose a picture first.")
    try:
        change_logo(kit(), access.actor(), picture)
    except InvalidInput as error:
        return _logo_fault(form, f"{error.message} {error.remedy}")
    flash("Saved. Papers that are made from now on bear it.", "done")
    return redirect(url_for("business.show", _anchor="logo"))


@blueprint.post("/logo/remove")
@access.workspace(Part.OWNER)
def remove_the_logo() -> ResponseReturnValue:
    remove_logo(kit(), access.actor())
    flash("The logo is removed. What was sent keeps it.", "done")
    return redirect(url_for("business.show", _anchor="logo"))


def _logo_fault(form: LogoForm, words: str) -> ResponseReturnValue:
    form.picture.errors = [words]
    return _page(_filled(), form), 422


def _filled() -> BusinessForm:
    held = read_business(kit())
    return BusinessForm(
        formdata=None,
        organisation=held.name,
        address=held.address,
        country=held.country,
        sender=held.sender,
        number_prefix=held.number_prefix,
        page_size=held.page_size,
    )


def _page(form: BusinessForm, logo_form: LogoForm | None = None) -> str:
    with kit().unit_of_work(read_only=True) as unit:
        logo = logo_of(unit)
    return render_template(
        "account/business.html",
        form=form,
        logo_form=logo_form or LogoForm(formdata=None),
        logo=base64.b64encode(logo.png).decode("ascii") if logo else "",
        public_url=kit().public_url,
        keys=kit().credentials.check(),
    )
