"""Who sits where: the signer of this browser session, the step that comes next, the owner's own seat."""

from __future__ import annotations

from enum import StrEnum
from typing import NoReturn

from flask import abort, redirect, url_for
from werkzeug.wrappers import Response

from app.domain.actor import Actor, Part
from app.domain.errors import NotAllowed
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.services import ceremony
from app.services.identity import identify_account, signer_actor
from app.services.identity import start_in_person as make_in_person_link
from app.services.signer_view import SignerView, see_ceremony
from app.web import access
from app.web.access import Seat
from app.web.kit import client_address, kit, user_agent

ACCOUNT = "account:"  # begins the link id of a seat that an account took without a link


class Step(StrEnum):
    """The pages of the ceremony in their order; the values are endpoints."""

    CLOSED = "signer.closed"
    DONE = "signer.done"
    PAUSED = "signer.paused"
    WAITING = "signer.waiting"
    CONSENT = "signer.consent"
    READING = "signer.read"
    SIGNATURE = "signer.choose_signature"
    FINAL = "signer.final"


ORDER = (Step.CONSENT, Step.READING, Step.SIGNATURE, Step.FINAL)
DEAD = (EnvelopeStatus.DECLINED, EnvelopeStatus.EXPIRED, EnvelopeStatus.VOIDED)


def view_of(seat: Seat) -> SignerView:
    """The ceremony of this seat. A seat whose link was withdrawn, or whose account left, is lost."""
    by_account = seat.link_id.startswith(ACCOUNT)
    if by_account:
        account = access.signed_in()
        if account is None or account.id != seat.link_id.removeprefix(ACCOUNT):
            _lose_seat()
    try:
        return see_ceremony(kit(), seat.envelope_id, seat.signer_id, "" if by_account else seat.link_id)
    except NotAllowed:
        _lose_seat()


def actor_of(seat: Seat, view: SignerView) -> Actor:
    """Who acts: the owner with the account, everybody else as the signer behind the link."""
    if seat.link_id.startswith(ACCOUNT):
        return access.actor()
    return signer_actor(view.signer, client_address(), user_agent())


def is_owner_seat(seat: Seat) -> bool:
    return seat.link_id.startswith(ACCOUNT)


def next_step(view: SignerView) -> Step:
    """Where this signer has to go on."""
    envelope, signer, progress = view.envelope, view.signer, view.progress
    if signer.status is SignerStatus.SIGNED and envelope.status not in DEAD:
        return Step.DONE
    if envelope.status in DEAD or envelope.expires_at <= kit().clock.now():
        return Step.CLOSED
    if envelope.status is EnvelopeStatus.PAUSED:
        return Step.PAUSED
    if not envelope.is_turn_of(signer):
        return Step.WAITING
    if signer.status is not SignerStatus.CONSENTED or not progress.displayed_digest:
        return Step.CONSENT
    if view.missing_initials:
        return Step.READING
    return Step.FINAL if progress.has_signature else Step.SIGNATURE


def at_step(seat: Seat, wanted: Step) -> SignerView:
    """The ceremony, if the page `wanted` is open now: going back is, jumping ahead is not."""
    view = view_of(seat)
    present = next_step(view)
    if present is wanted:
        return view
    if present in ORDER and wanted in ORDER and ORDER.index(wanted) <= ORDER.index(present):
        return view
    return abort(redirect(url_for(present)))


def go_on(seat: Seat) -> Response:
    """To where the ceremony stands now."""
    return redirect(url_for(next_step(view_of(seat))))


def begin(seat: Seat) -> None:
    """What follows a taken seat: whoever consented before reads the newest file from now on."""
    view = view_of(seat)
    consented = view.signer.status is SignerStatus.CONSENTED
    if consented and next_step(view) in ORDER:
        ceremony.begin_reading(kit(), actor_of(seat, view), seat.envelope_id, seat.signer_id)


def open_seat_for_owner(envelope_id: str, signer_id: str) -> Response:
    """Seat the signed-in owner as a signer of the envelope; the answer leads into the ceremony.

    To be called in a POST view under `@access.workspace(Part.OWNER)` and `@access.fresh`: the
    password was given again. Raises NotAllowed where the account is not that signer's, WrongState
    where it is not their turn or the envelope is closed.
    """
    account = access.account()
    view = see_ceremony(kit(), envelope_id, signer_id)
    mine = view.signer.email.lower() == account.email.lower()
    if account.part is not Part.OWNER or view.signer.side != "client" or not mine:
        raise NotAllowed(
            "not-your-signature",
            "Somebody else signs here.",
            "Sign in with the account that has the signer\u2019s e-mail address.",
        )
    checks: tuple[str, ...] = ("signed in with an account", "password given again for this signature")
    if account.second_factor:
        checks = (*checks, "second factor at sign-in")
    identify_account(kit(), envelope_id, signer_id, access.actor(), checks)
    seat = Seat(f"{ACCOUNT}{account.id}", envelope_id, signer_id)
    access.take_seat(seat)
    begin(seat)
    return go_on(seat)


def start_in_person(envelope_id: str, signer_id: str) -> str:
    """The address that a signer in the room opens on some device, once, within half an hour.

    To be called in a POST view under `@access.workspace(Part.OWNER)` and `@access.fresh`. Opened in
    this same browser it signs the owner out first, so that the device can be handed over.
    """
    return make_in_person_link(kit(), access.actor(), envelope_id, signer_id)


def _lose_seat() -> NoReturn:
    access.leave_seat()
    if access.wants_json():
        abort(401)
    abort(redirect(url_for("signer.seat_lost")))
