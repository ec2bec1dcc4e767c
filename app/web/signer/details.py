"""Details that only the other party knows, asked before the text is frozen."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.services.details import DetailsForm, DetailsRefused, give_details, see_details
from app.web import access, limits
from app.web.kit import client_address, kit, user_agent
from app.web.signer.blueprint import blueprint
from app.web.signer.forms import ButtonForm


@blueprint.get("/details/<token>")
@limits.link
@access.public
def details(token: str) -> ResponseReturnValue:
    """The questions. Opening them changes nothing."""
    asked = see_details(kit(), token)
    return _page(token, asked, _stored(asked), {})


@blueprint.post("/details/<token>")
@limits.link
@access.public
def store_details(token: str) -> ResponseReturnValue:
    """Store the answers; the link is used up. What was entered stays on the page after an error."""
    asked = see_details(kit(), token)
    given = {
        question.key: request.form[question.key]
        for question in asked.questions
        if question.key in request.form
    }
    try:
        give_details(kit(), token, given, ip=client_address(), user_agent=user_agent())
    except DetailsRefused as error:
        return _page(token, asked, {**_stored(asked), **given}, dict(error.problems)), 422
    return redirect(url_for("signer.details_thanks"))


@blueprint.get("/details/thanks")
@access.public
def details_thanks() -> ResponseReturnValue:
    return render_template("signer/details_thanks.html")


def _stored(asked: DetailsForm) -> dict[str, str]:
    return {question.key: _as_text(question.value) for question in asked.questions}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _page(token: str, asked: DetailsForm, values: dict[str, str], problems: dict[str, str]) -> str:
    countries = sorted(
        ((code, place.name) for code, place in kit().library.library().jurisdictions.items()),
        key=lambda pair: pair[1],
    )
    return render_template(
        "signer/details.html",
        asked=asked,
        token=token,
        values=values,
        problems=problems,
        countries=countries,
        form=ButtonForm(formdata=None),
    )
