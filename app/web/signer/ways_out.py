"""The ways out: a change, declining, somebody else is meant, later; and how each of them ends."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.domain.agreement_text import AgreementText
from app.domain.envelope import Signer
from app.domain.errors import StorageFailed
from app.services import changes, identity
from app.services.signer_view import SignerView, read_frozen_text, see_arrival
from app.web import access, limits
from app.web.access import Seat
from app.web.kit import client_address, kit, user_agent
from app.web.signer.blueprint import blueprint
from app.web.signer.forms import ButtonForm, ChangeForm, ReasonForm, WordsForm
from app.web.signer.seats import ORDER, Step, actor_of, go_on, is_owner_seat, next_step, view_of

WHOLE = ""  # a change that is about no clause in particular
PAPER = "I would like to read and sign this agreement on paper. Please send it to me."


@blueprint.get("/sign/more")
@access.signer
def more(seat: Seat) -> ResponseReturnValue:
    """All ways out on one page."""
    view = view_of(seat)
    if next_step(view) not in ORDER:
        return go_on(seat)
    return render_template(
        "signer/more.html", view=view, owner_seat=is_owner_seat(seat), form=ButtonForm(formdata=None)
    )


@blueprint.get("/sign/change")
@blueprint.get("/sign/change/<family>")
@access.signer
def change(seat: Seat, family: str = WHOLE) -> ResponseReturnValue:
    view = _open(seat)
    form = _change_form(view)
    form.family.data = family if family in {name for name, _ in _clauses(view)} else WHOLE
    return render_template("signer/change.html", view=view, form=form)


@blueprint.post("/sign/change")
@access.signer
def ask_for_change(seat: Seat) -> ResponseReturnValue:
    view = _open(seat)
    form = _change_form(view)
    if not form.validate_on_submit():
        return render_template("signer/change.html", view=view, form=form), 422
    changes.request_change(
        kit(),
        actor_of(seat, view),
        seat.envelope_id,
        seat.signer_id,
        form.text("family"),
        form.text("words"),
    )
    return redirect(url_for("signer.paused"))


@blueprint.get("/sign/decline")
@access.signer
def decline(seat: Seat) -> ResponseReturnValue:
    view = _open(seat)
    return render_template("signer/decline.html", view=view, form=ReasonForm())


@blueprint.get("/sign/paper")
@access.signer
def ask_paper(seat: Seat) -> ResponseReturnValue:
    """As the disclosure promises: the sender is asked, nothing is declined."""
    view = _open(seat)
    form = _change_form(view)
    form.family.data = WHOLE
    form.words.data = PAPER
    return render_template("signer/change.html", view=view, form=form, paper=True)


@blueprint.post("/sign/decline")
@access.signer
def give_reason(seat: Seat) -> ResponseReturnValue:
    view = _open(seat)
    form = ReasonForm()
    if not form.validate_on_submit():
        return render_template("signer/decline.html", view=view, form=form), 422
    changes.decline(kit(), actor_of(seat, view), seat.envelope_id, seat.signer_id, form.text("words"))
    return redirect(url_for("signer.closed"))


@blueprint.post("/s/<token>/not-me")
@limits.link
@access.public
def say_not_me(token: str) -> ResponseReturnValue:
    """The owner is told, the link withdrawn; nothing of the agreement was shown."""
    arrival = see_arrival(kit(), token)
    form = WordsForm()
    if not form.validate_on_submit():
        return render_template("signer/not_me.html", arrival=arrival, token=token, form=form), 422
    _say_not_me(arrival.signer, arrival.link.envelope_id, form)
    access.leave_seat()
    return redirect(url_for("signer.thanks"))


@blueprint.get("/sign/not-me")
@access.signer
def not_me_seated(seat: Seat) -> ResponseReturnValue:
    view = _open(seat)
    return render_template("signer/not_me.html", view=view, form=WordsForm())


@blueprint.post("/sign/not-me")
@access.signer
def say_not_me_seated(seat: Seat) -> ResponseReturnValue:
    view = _open(seat)
    form = WordsForm()
    if not form.validate_on_submit():
        return render_template("signer/not_me.html", view=view, form=form), 422
    _say_not_me(view.signer, seat.envelope_id, form)
    access.leave_seat()
    return redirect(url_for("signer.thanks"))


@blueprint.post("/sign/later")
@access.signer
def later(seat: Seat) -> ResponseReturnValue:
    """Leave this device; the link of the mail opens it again."""
    view = view_of(seat)
    access.leave_seat()
    return render_template("signer/later.html", view=view)


@blueprint.get("/sign/thanks")
@access.public
def thanks() -> ResponseReturnValue:
    return render_template("signer/thanks.html")


@blueprint.get("/sign/paused")
@access.signer
def paused(seat: Seat) -> ResponseReturnValue:
    return _at_end(seat, Step.PAUSED, "signer/paused.html")


@blueprint.get("/sign/closed")
@access.signer
def closed(seat: Seat) -> ResponseReturnValue:
    return _at_end(seat, Step.CLOSED, "signer/closed.html")


@blueprint.get("/sign/waiting")
@access.signer
def waiting(seat: Seat) -> ResponseReturnValue:
    return _at_end(seat, Step.WAITING, "signer/waiting.html")


def _at_end(seat: Seat, step: Step, template: str) -> ResponseReturnValue:
    view = view_of(seat)
    if next_step(view) is not step:
        return go_on(seat)
    return render_template(template, view=view, form=ButtonForm(formdata=None))


def _open(seat: Seat) -> SignerView:
    """The ceremony, while there is a way out. The owner's ways out are in the workspace."""
    view = view_of(seat)
    if is_owner_seat(seat) or next_step(view) not in ORDER:
        abort(redirect(url_for(next_step(view))))
    return view


def _say_not_me(signer: Signer, envelope_id: str, form: WordsForm) -> None:
    actor = identity.signer_actor(signer, client_address(), user_agent())
    changes.say_not_me(kit(), actor, envelope_id, signer.id, form.text("words"))


def _change_form(view: SignerView) -> ChangeForm:
    form = ChangeForm()
    form.family.choices = [(WHOLE, "The agreement as a whole"), *_clauses(view)]
    return form


def _clauses(view: SignerView) -> list[tuple[str, str]]:
    try:
        text: AgreementText = read_frozen_text(kit(), view.envelope)
    except StorageFailed:
        return []
    return [(clause.family, f"{clause.number} {clause.title}") for clause in text.clauses()]
