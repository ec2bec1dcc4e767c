"""The disclosure, the text with its summaries, the real pages, and the initials."""

from __future__ import annotations

from flask import Response, abort, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.agreement_text import AgreementText, Paragraph, RunKind
from app.domain.disclosure import DISCLOSURE
from app.domain.errors import StorageFailed
from app.domain.plain_text import reading_blocks
from app.domain.signing_progress import SigningProgress
from app.services import ceremony
from app.services.page_pictures import number_of_pages, page_picture
from app.services.signer_view import SignerView, read_frozen_text
from app.web import access
from app.web.access import Seat
from app.web.kit import kit
from app.web.signer.blueprint import blueprint
from app.web.signer.forms import ButtonForm, ConsentForm
from app.web.signer.seats import Step, actor_of, at_step, go_on, is_owner_seat, view_of
from app.web.signer.wording import reading_minutes


@blueprint.get("/sign")
@access.signer
def resume(seat: Seat) -> ResponseReturnValue:
    """To where the ceremony stands."""
    return go_on(seat)


@blueprint.get("/sign/consent")
@access.signer
def consent(seat: Seat) -> ResponseReturnValue:
    view = at_step(seat, Step.CONSENT)
    return _consent_page(seat, view, ConsentForm(text_digest=DISCLOSURE.digest))


@blueprint.post("/sign/consent")
@access.signer
def give_consent(seat: Seat) -> ResponseReturnValue:
    """Store the consent, and open the file whose pages are read from now on."""
    view = at_step(seat, Step.CONSENT)
    form = ConsentForm()
    if not form.validate_on_submit():
        return _consent_page(seat, view, form), 422
    actor = actor_of(seat, view)
    ceremony.accept_disclosure(kit(), actor, seat.envelope_id, seat.signer_id, form.text("text_digest"))
    ceremony.begin_reading(kit(), actor, seat.envelope_id, seat.signer_id)
    return go_on(seat)


@blueprint.get("/sign/read")
@access.signer
def read(seat: Seat) -> ResponseReturnValue:
    """The frozen text, with a summary beside each clause and the places for initials."""
    view = at_step(seat, Step.READING)
    try:
        text = read_frozen_text(kit(), view.envelope)
    except StorageFailed as error:
        return render_template("signer/no_text.html", view=view, error=error), 503
    return render_template(
        "signer/read.html",
        view=view,
        text=text,
        terms=_defined_terms(text),
        minutes=reading_minutes(sum(len(block.split()) for block in reading_blocks(text))),
        initials=_initials(view),
        pages=number_of_pages(kit(), view.progress.displayed_digest),
        owner_seat=is_owner_seat(seat),
        form=ButtonForm(formdata=None),
    )


@blueprint.get("/sign/pages")
@access.signer
def pages(seat: Seat) -> ResponseReturnValue:
    """Pictures of the pages of the very file that is signed."""
    view = at_step(seat, Step.READING)
    return render_template(
        "signer/pages.html",
        view=view,
        pages=number_of_pages(kit(), view.progress.displayed_digest),
        owner_seat=is_owner_seat(seat),
        form=ButtonForm(formdata=None),
    )


@blueprint.get("/sign/pages/<int:number>.webp")
@access.signer
def page(seat: Seat, number: int) -> ResponseReturnValue:
    view = view_of(seat)
    digest = view.progress.displayed_digest
    if not digest or not 1 <= number <= number_of_pages(kit(), digest):
        abort(404)
    return Response(page_picture(kit(), digest, number), mimetype="image/webp")


@blueprint.post("/sign/initials/<family>")
@access.signer
def initial(seat: Seat, family: str) -> ResponseReturnValue:
    at_step(seat, Step.READING)
    progress = ceremony.give_initials(kit(), seat.envelope_id, seat.signer_id, family)
    return _after_initials(seat, progress, family)


@blueprint.post("/sign/initials/<family>/back")
@access.signer
def take_back(seat: Seat, family: str) -> ResponseReturnValue:
    at_step(seat, Step.READING)
    progress = ceremony.take_back_initials(kit(), seat.envelope_id, seat.signer_id, family)
    return _after_initials(seat, progress, family)


def _after_initials(seat: Seat, progress: SigningProgress, family: str) -> ResponseReturnValue:
    if access.wants_json():
        return jsonify(initialled=list(progress.initialled))
    return redirect(url_for("signer.read", _anchor=f"t-{family}"))


def _consent_page(seat: Seat, view: SignerView, form: ConsentForm) -> str:
    return render_template(
        "signer/consent.html", view=view, form=form, disclosure=DISCLOSURE, owner_seat=is_owner_seat(seat)
    )


def _initials(view: SignerView) -> str:
    """What will stand in the places: "LS", "" where nothing is asked for."""
    return ceremony.initials_of(view.signer.name) if view.signer.asked_initials else ""


def _defined_terms(text: AgreementText) -> frozenset[str]:
    """Anchors that a use of a term or a reference can lead to."""
    anchors = {clause.anchor for clause in text.clauses()} | {item.anchor for item in text.schedules}
    stack = [block for clause in text.clauses() for block in clause.paragraphs]
    stack += [block for item in text.schedules for block in item.blocks if isinstance(block, Paragraph)]
    while stack:
        block = stack.pop()
        anchors.add(block.anchor)
        anchors.update(run.target for run in block.runs if run.kind is RunKind.DEFINITION)
        stack += block.children
    return frozenset(anchors - {""})
