"""The link of the mail, the one-time code, and what follows when both are right.

Opening the link changes nothing, however often and with whatever program: everything begins
with a press of "Start". After that no address holds the token any more.
"""

from __future__ import annotations

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import logout_user

from app.domain.errors import AppError, InvalidInput
from app.domain.workflow import SignerStatus
from app.services import identity
from app.services.signer_view import Arrival, see_arrival, see_link
from app.web import access, limits
from app.web.access import Seat
from app.web.kit import client_address, kit, user_agent
from app.web.sessions import current_session
from app.web.signer.blueprint import blueprint
from app.web.signer.forms import ButtonForm, CodeForm, WordsForm
from app.web.signer.seats import begin, go_on
from app.web.signer.wording import mask_email

CAME_WITH = "signer_link"  # in the session: the id of the link whose code was asked for


@blueprint.get("/s/<token>")
@limits.link
@access.public
def arrive(token: str) -> ResponseReturnValue:
    """Who asks whom, until when. Nothing is recorded."""
    arrival = see_arrival(kit(), token)
    signed = arrival.signer.status is SignerStatus.SIGNED
    return render_template(
        "signer/arrive.html", arrival=arrival, token=token, signed=signed, form=ButtonForm()
    )


@blueprint.post("/s/<token>/start")
@limits.link
@access.public
def start(token: str) -> ResponseReturnValue:
    """Send the code; or, in person, begin at once."""
    arrival = see_arrival(kit(), token)
    if arrival.in_person:
        return _start_in_person(arrival)
    access.leave_seat()
    session[CAME_WITH] = arrival.link.id
    identity.send_code(kit(), arrival.link.id, current_session().digest)
    return redirect(url_for("signer.ask_code"))


@blueprint.get("/s/<token>/not-me")
@limits.link
@access.public
def not_me(token: str) -> ResponseReturnValue:
    arrival = see_arrival(kit(), token)
    return render_template("signer/not_me.html", arrival=arrival, token=token, form=WordsForm())


@blueprint.get("/sign/code")
@access.public
def ask_code() -> ResponseReturnValue:
    arrival = _came_with()
    if arrival is None:
        return redirect(url_for("signer.seat_lost"))
    return _code_page(CodeForm(), arrival)


@blueprint.post("/sign/code")
@limits.code
@access.public
def give_code() -> ResponseReturnValue:
    arrival = _came_with()
    if arrival is None:
        return redirect(url_for("signer.seat_lost"))
    form = CodeForm()
    if not form.validate_on_submit():
        return _code_page(form, arrival), 422
    actor = identity.signer_actor(arrival.signer, client_address(), user_agent())
    try:
        identity.check_code(
            kit(), arrival.link.id, current_session().digest, form.text("code"), actor
        )
    except InvalidInput as error:
        form.code.errors = [f"{error.message} {error.remedy}"]
        return _code_page(form, arrival), 422
    return _take(Seat(arrival.link.id, arrival.link.envelope_id, arrival.signer.id))


@blueprint.post("/sign/code/new")
@limits.code
@access.public
def new_code() -> ResponseReturnValue:
    arrival = _came_with()
    if arrival is None:
        return redirect(url_for("signer.seat_lost"))
    try:
        identity.send_code(kit(), arrival.link.id, current_session().digest, again=True)
    except AppError as error:
        return _code_page(CodeForm(formdata=None), arrival, trouble=error), 429
    return _code_page(CodeForm(formdata=None), arrival, sent_again=True)


@blueprint.get("/sign/lost")
@access.public
def seat_lost() -> ResponseReturnValue:
    """The session is over, or the browser keeps no cookies."""
    return render_template("signer/lost.html")


def _start_in_person(arrival: Arrival) -> ResponseReturnValue:
    """The owner hands the device over: whoever is signed in on it is signed out."""
    actor = identity.signer_actor(arrival.signer, client_address(), user_agent())
    identity.identify_in_person(kit(), arrival.link.id, actor)
    if access.signed_in() is not None:
        logout_user()
    for name in [name for name in session if not name.startswith("_remember")]:
        session.pop(name)  # but not the order to forget a remembered sign-in
    return _take(Seat(arrival.link.id, arrival.link.envelope_id, arrival.signer.id))


def _take(seat: Seat) -> ResponseReturnValue:
    session.pop(CAME_WITH, None)
    access.take_seat(seat)
    begin(seat)
    return go_on(seat)


def _came_with() -> Arrival | None:
    link_id = session.get(CAME_WITH)
    return see_link(kit(), link_id) if link_id else None


def _code_page(
    form: CodeForm, arrival: Arrival, *, sent_again: bool = False, trouble: AppError | None = None
) -> str:
    return render_template(
        "signer/code.html",
        form=form,
        button=ButtonForm(formdata=None),
        arrival=arrival,
        address=mask_email(arrival.channel.address or arrival.signer.email),
        sent_again=sent_again,
        trouble=trouble,
        trial=kit().mailer.is_trial,
    )
