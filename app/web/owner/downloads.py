"""Downloads: each is a form, so that the event of a download is never written by opening a page."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from app.services.downloads import Kind, fetch
from app.web import access
from app.web.kit import kit

blueprint = Blueprint("owner_downloads", __name__)


@blueprint.post("/agreements/<agreement_id>/download/<kind>")
@access.workspace(*access.OFFICE)
def download(agreement_id: str, kind: str) -> ResponseReturnValue:
    if kind not in list(Kind):
        abort(404)
    found = fetch(kit(), access.actor(), agreement_id, Kind(kind))
    response = Response(found.data, mimetype=found.media_type)
    # The name holds letters, digits, "-" and "." only, so the plain form of RFC 6266 says it all.
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
