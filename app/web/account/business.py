"""The business: what agreements and mails say about it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.actor import Part
from app.services.settings import change_business, read_business
from app.web import access
from app.web.account.forms import BusinessForm
from app.web.kit import kit

blueprint = Blueprint("business", __name__, url_prefix="/business")


@blueprint.get("")
@access.workspace(Part.OWNER)
def show() -> ResponseReturnValue:
    held = read_business(kit())
    form = BusinessForm(
        organisation=held.name,
        address=held.address,
        country=held.country,
        sender=held.sender,
        number_prefix=held.number_prefix,
    )
    return _page(form)


@blueprint.post("")
@access.workspace(Part.OWNER)
def change() -> ResponseReturnValue:
    form = BusinessForm()
    if not form.validate_on_submit():
        return _page(form), 422
    change_business(kit(), access.actor(), form.business())
    flash("Saved. Agreements that were sent keep what they were sent with.", "done")
    return redirect(url_for("business.show"))


def _page(form: BusinessForm) -> str:
    return render_template(
        "account/business.html",
        form=form,
        public_url=kit().public_url,
        keys=kit().credentials.check(),
    )
