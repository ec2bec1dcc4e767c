"""What the script on the signer's device asks for. It gives a public key and a signature, no more.

    POST /sign/credential  {public_key, proof}                   -> {}
    POST /sign/prepare     {public_key_digest}                   -> what is to be signed
    GET  /sign/file                                              -> the bytes that were displayed
    GET  /sign/prepared/<digest>                                 -> what follows them
    POST /sign/finish      {prepared_digest, signature}          -> {next}

Bytes are base64. Answers 409 and 503 with `retryable` ask for another try with the same key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from flask import Response, abort, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.signature import KeyHeldBy
from app.services import ceremony
from app.services.possession import prove_possession
from app.web import access
from app.web.access import Seat
from app.web.kit import kit
from app.web.sessions import current_session
from app.web.signer.blueprint import blueprint
from app.web.signer.seats import actor_of, view_of

LONGEST = 1000  # characters of a value: a public key has 124, a signature 88


def challenge_of(seat: Seat) -> bytes:
    """What the device signs to prove that it holds its key: another for each session and signer."""
    told = f"possession:{current_session().digest}:{seat.envelope_id}:{seat.signer_id}"
    return hmac.digest(str(current_app.config["SECRET_KEY"]).encode(), told.encode(), hashlib.sha256)


@blueprint.post("/sign/credential")
@access.signer
def credential(seat: Seat) -> ResponseReturnValue:
    """The one-time certificate for a key that the device made."""
    view = view_of(seat)
    public_key = prove_possession(_bytes("public_key"), challenge_of(seat), _bytes("proof"))
    ceremony.issue_credential(
        kit(), actor_of(seat, view), seat.envelope_id, seat.signer_id, public_key, KeyHeldBy.SIGNER_CLIENT
    )
    return jsonify({})


@blueprint.post("/sign/prepare")
@access.signer
def prepare(seat: Seat) -> ResponseReturnValue:
    """The update that waits for the signature, on the newest file."""
    view = view_of(seat)
    prepared = ceremony.prepare_adopted(
        kit(), actor_of(seat, view), seat.envelope_id, seat.signer_id, _text("public_key_digest")
    )
    return jsonify(
        prepared_digest=prepared.prepared_digest,
        base_length=prepared.base_length,
        signed_attributes=_base64(prepared.signed_attributes),
        document_digest=_base64(prepared.document_digest),
        file_url=url_for("signer.prepared_rest", digest=prepared.prepared_digest),
    )


@blueprint.get("/sign/file")
@access.signer
def displayed_file(seat: Seat) -> ResponseReturnValue:
    """The certified bytes whose pages were displayed."""
    view = view_of(seat)
    if not view.progress.displayed_digest:
        abort(404)
    return Response(kit().files.get(view.progress.displayed_digest), mimetype="application/pdf")


@blueprint.get("/sign/prepared/<digest>")
@access.signer
def prepared_rest(seat: Seat, digest: str) -> ResponseReturnValue:
    """What follows the displayed bytes in the prepared file.

    The device puts it behind its own copy of them, so a file that begins otherwise cannot match.
    """
    view = view_of(seat)
    known = view.envelope.preparation
    if known is None or (known.signer_id, known.prepared_digest) != (seat.signer_id, digest):
        abort(404)
    displayed = kit().files.get(view.progress.displayed_digest)
    rest = kit().files.get(digest)[len(displayed) :]
    return Response(rest, mimetype="application/octet-stream")


@blueprint.post("/sign/finish")
@access.signer
def finish(seat: Seat) -> ResponseReturnValue:
    """Make the signature current. The same answer again, however often it is asked."""
    view = view_of(seat)
    ceremony.apply_signature(
        kit(),
        actor_of(seat, view),
        seat.envelope_id,
        seat.signer_id,
        _text("prepared_digest"),
        _bytes("signature"),
    )
    return jsonify(next=url_for("signer.done"))


def _text(name: str) -> str:
    """A value of the JSON body. Raises InvalidInput where it is missing or no text."""
    body = request.get_json()
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise InvalidInput(
            "request-invalid", f"The value {name} is missing.", "Reload the page and try again."
        )
    return value


def _bytes(name: str) -> bytes:
    try:
        return base64.b64decode(_text(name), validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(
            "request-invalid", f"The value {name} is no base64.", "Reload the page and try again."
        ) from error


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
