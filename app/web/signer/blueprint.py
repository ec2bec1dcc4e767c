"""The blueprint of all signer pages, and how their errors look: with a way back, never a dead end."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import AppError
from app.services.links import LinkUnusable
from app.web import access
from app.web.errors import RETRY_AFTER, show_app_error, status_of
from app.web.signer.wording import in_zones

blueprint = Blueprint("signer", __name__)
blueprint.add_app_template_filter(in_zones, "in_zones")


@blueprint.errorhandler(AppError)
def show_trouble(error: AppError) -> ResponseReturnValue:
    """JSON for our scripts; else what happened, what to do, and the way back into the ceremony."""
    if access.wants_json():
        return show_app_error(error)
    status = status_of(error)
    seated = access.taken_seat() is not None and not isinstance(error, LinkUnusable)
    page = render_template("signer/trouble.html", error=error, seated=seated)
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    return ("" if request.method == "HEAD" else page), status, headers


