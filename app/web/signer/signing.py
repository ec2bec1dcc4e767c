"""The look of the signature, the last page before the act, and the page after it."""

from __future__ import annotations

import base64
import binascii

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.domain.errors import InvalidInput
from app.domain.signing_progress import DRAWN, TYPED, UPLOADED
from app.domain.workflow import SignerStatus
from app.services import ceremony
from app.services.copies import CopyKind
from app.services.page_pictures import number_of_pages
from app.services.signer_view import SignerView
from app.web import access, limits
from app.web.access import Seat
from app.web.kit import kit
from app.web.signer.blueprint import blueprint
from app.web.signer.forms import ButtonForm, SignatureForm
from app.web.signer.key_exchange import challenge_of
from app.web.signer.seats import Step, actor_of, at_step, go_on, is_owner_seat, next_step, view_of
from app.web.signer.wording import say_size

PNG_URL = "data:image/png;base64,"
LARGEST_PICTURE = 2 * 1024 * 1024 + 1  # bytes that are read of an upload: enough to refuse the rest


@blueprint.get("/sign/signature")
@access.signer
def choose_signature(seat: Seat) -> ResponseReturnValue:
    view = at_step(seat, Step.SIGNATURE)
    progress = view.progress
    form = SignatureForm(kind=progress.kind or TYPED, style=progress.style)
    return _signature_page(view, form)


@blueprint.post("/sign/signature")
@limits.upload
@access.signer
def adopt_signature(seat: Seat) -> ResponseReturnValue:
    """Keep how the signature looks. A picture is decoded within limits and written anew."""
    view = at_step(seat, Step.SIGNATURE)
    form = SignatureForm()
    if not form.validate_on_submit():
        return _signature_page(view, form), 422
    try:
        _adopt(seat, view, form)
    except InvalidInput as error:
        return _signature_page(view, form, trouble=error), 422
    return redirect(url_for("signer.final"))


@blueprint.get("/sign/picture.png")
@access.signer
def picture(seat: Seat) -> ResponseReturnValue:
    """The adopted picture, as it will stand on the paper."""
    view = view_of(seat)
    if not view.progress.picture_digest:
        abort(404)
    return Response(kit().files.get(view.progress.picture_digest), mimetype="image/png")


@blueprint.get("/sign/final")
@access.signer
def final(seat: Seat) -> ResponseReturnValue:
    """The facts, the exact words, the button."""
    view = at_step(seat, Step.FINAL)
    return render_template(
        "signer/final.html",
        view=view,
        pages=number_of_pages(kit(), view.progress.displayed_digest),
        challenge=base64.b64encode(challenge_of(seat)).decode(),
        today=kit().clock.now(),
        owner_seat=is_owner_seat(seat),
        form=ButtonForm(formdata=None),
    )


@blueprint.post("/sign/on-server")
@access.signer
def sign_on_server(seat: Seat) -> ResponseReturnValue:
    """For devices that cannot make a key. Pressed twice it signs once."""
    view = view_of(seat)
    if view.signer.status is not SignerStatus.SIGNED:
        view = at_step(seat, Step.FINAL)
        ceremony.sign_on_server(kit(), actor_of(seat, view), seat.envelope_id, seat.signer_id)
    return go_on(seat)


@blueprint.get("/sign/done")
@access.signer
def done(seat: Seat) -> ResponseReturnValue:
    view = view_of(seat)
    if next_step(view) is not Step.DONE:
        return go_on(seat)
    assert view.signer.signature is not None
    envelope = view.envelope
    return render_template(
        "signer/done.html",
        view=view,
        signature=view.signer.signature,
        size=say_size(len(kit().files.get(envelope.sealed_digest or envelope.current_digest))),
        kinds=CopyKind,
        trial=kit().mailer.is_trial,
        owner_seat=is_owner_seat(seat),
        form=ButtonForm(formdata=None),
    )


def _adopt(seat: Seat, view: SignerView, form: SignatureForm) -> None:
    kind = form.text("kind")
    if kind == TYPED:
        ceremony.adopt_typed(kit(), seat.envelope_id, seat.signer_id, form.text("style"))
        return
    data = _drawn(form.text("drawing")) if kind == DRAWN else _uploaded()
    if not data and view.progress.kind == kind and view.progress.picture_digest:
        return  # the picture that was adopted before is kept
    if not data:
        raise InvalidInput(
            "picture-missing",
            "There is no signature yet.",
            "Draw it in the box." if kind == DRAWN else "Choose a picture of your signature.",
        )
    ceremony.adopt_picture(kit(), seat.envelope_id, seat.signer_id, kind, data)


def _uploaded() -> bytes:
    file = request.files.get("picture")
    return file.stream.read(LARGEST_PICTURE) if file else b""


def _drawn(url: str) -> bytes:
    """The bytes of a data URL. Raises InvalidInput for anything else."""
    if not url:
        return b""
    try:
        if not url.startswith(PNG_URL):
            raise ValueError("not a PNG data URL")
        return base64.b64decode(url.removeprefix(PNG_URL), validate=True)
    except (ValueError, binascii.Error) as error:
        raise InvalidInput(
            "drawing-unreadable", "The drawing did not arrive whole.", "Draw it again, or type your name."
        ) from error


def _signature_page(view: SignerView, form: SignatureForm, trouble: InvalidInput | None = None) -> str:
    return render_template(
        "signer/signature.html",
        view=view,
        form=form,
        trouble=trouble,
        initials=ceremony.initials_of(view.signer.name) if view.signer.asked_initials else "",
        kinds={"typed": TYPED, "drawn": DRAWN, "uploaded": UPLOADED},
    )
