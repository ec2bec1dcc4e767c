"""Copies to keep. A press of a button, not a link: a download is an event."""

from __future__ import annotations

from flask import Response, abort
from flask.typing import ResponseReturnValue
from werkzeug.http import dump_options_header

from app.services.copies import CopyKind, take_copy
from app.web import access
from app.web.access import Seat
from app.web.kit import kit
from app.web.signer.blueprint import blueprint
from app.web.signer.seats import actor_of, view_of


@blueprint.post("/sign/copy/<kind>")
@access.signer
def keep_copy(seat: Seat, kind: str) -> ResponseReturnValue:
    """The PDF as it stands, or sealed, or the certificate of completion."""
    if kind not in list(CopyKind):
        abort(404)
    view = view_of(seat)
    copy = take_copy(kit(), actor_of(seat, view), seat.envelope_id, seat.signer_id, CopyKind(kind))
    answer = Response(copy.data, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": copy.name})
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
