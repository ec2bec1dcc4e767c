"""The start page, and what every page knows: the reader, the rooms open to them, the business."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.account import Account
from app.domain.actor import Part
from app.services.settings import read_business
from app.web import access
from app.web.kit import kit

blueprint = Blueprint("pages", __name__)

# (name, endpoint, parts that see it)
ROOMS: tuple[tuple[str, str, tuple[Part, ...]], ...] = (
    ("Agreements", "owner_agreements.dashboard", access.OFFICE),
    ("People", "owner_people.list_people", access.OFFICE),
    ("Review", "lawyer.queue", (Part.LAWYER,)),
    ("Clauses", "lawyer.library", access.EVERYBODY),
    ("Verify", "verify.verify", access.EVERYBODY),
)
HOME = {Part.LAWYER: "lawyer.queue"}
OFFICE_HOME = "owner_agreements.dashboard"
PROFILE = "account.profile"


def register(web: Flask) -> None:
    web.register_blueprint(blueprint)
    web.context_processor(common_values)


@blueprint.get("/")
@access.public
def start() -> ResponseReturnValue:
    """Where a person belongs: the dashboard, the review queue, or the sign-in page."""
    reader = access.signed_in()
    if reader is None:
        return redirect(url_for("security.login"))
    home = HOME.get(reader.part, OFFICE_HOME)
    return redirect(url_for(home if home in current_app.view_functions else PROFILE))


@blueprint.get("/healthz")
@access.public
def health() -> ResponseReturnValue:
    """For a proxy or a monitor: the application answers and reaches its database."""
    read_business(kit())
    return {"status": "ok"}


def common_values() -> dict[str, Any]:
    """What base.html uses. Without a reader nothing is read and nothing of the business is told."""
    reader = access.signed_in()
    return {
        "reader": reader,
        "rooms": _rooms(reader) if reader else [],
        "business_name": read_business(kit()).name if reader else "",
        "is_trial": kit().mailer.is_trial,
    }


def _rooms(reader: Account) -> list[dict[str, Any]]:
    return [
        {"name": name, "url": url_for(endpoint), "current": _is_current(endpoint)}
        for name, endpoint, parts in ROOMS
        if reader.part in parts and endpoint in current_app.view_functions
    ]


def _is_current(endpoint: str) -> bool:
    """A room is current on all pages of its blueprint; two rooms share the lawyer's.

    Agreements is current on every page that lies under the address of one.
    """
    if endpoint == OFFICE_HOME and "agreement_id" in (request.view_args or {}):
        return (request.blueprint or "").startswith("owner_")
    blueprint_name = endpoint.partition(".")[0]
    shares = [other for _, other, _ in ROOMS if other.startswith(f"{blueprint_name}.")]
    return request.endpoint == endpoint if len(shares) > 1 else request.blueprint == blueprint_name
