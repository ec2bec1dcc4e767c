"""Who may call which view. Every view carries exactly one rule; a view without one is refused.

    @access.public                       anybody
    @access.workspace(Part.OWNER, ...)   signed in, in one of these parts
    @access.signer                       a signer who passed the identity checks in this session

A signer's view gets `seat: Seat` as its first argument: which envelope and signer this
browser session may act for. Nothing in the address chooses it. `@access.fresh` below a
workspace rule asks for the password again where it was last given more than five minutes ago.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from flask import Flask, abort, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from app.domain.account import Account
from app.domain.actor import Actor, Part
from app.domain.errors import AppError
from app.web.kit import client_address, user_agent
from app.web.sessions import current_session

P = ParamSpec("P")
R = TypeVar("R")

EVERYBODY = (Part.OWNER, Part.STAFF, Part.LAWYER)
OFFICE = (Part.OWNER, Part.STAFF)
SEAT = "seat"
RULE = "access_rule"
LIBRARY_BLUEPRINTS = ("security", "bootstrap")
FRESH = timedelta(minutes=5)
PASSWORD_GIVEN_AT = "fs_paa"  # noqa: S105  where the accounts library keeps the time, in seconds


class Rule(StrEnum):
    PUBLIC = "public"
    WORKSPACE = "workspace"
    SIGNER = "signer"


class PasswordNeeded(AppError):
    """The password was given too long ago for what is asked now."""


@dataclass(frozen=True, slots=True)
class Seat:
    """The place of a signer in an envelope, held by this browser session."""

    link_id: str
    envelope_id: str
    signer_id: str


def public(view: Callable[P, R]) -> Callable[P, R]:
    setattr(view, RULE, (Rule.PUBLIC, frozenset[Part]()))
    return view


def workspace(*parts: Part) -> Callable[[Callable[P, R]], Callable[P, R | ResponseReturnValue]]:
    """Only for accounts in one of these parts; others are asked to sign in, or get 404."""

    def decorate(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
        @wraps(view)
        def guarded(*arguments: P.args, **options: P.kwargs) -> R | ResponseReturnValue:
            account = signed_in()
            if account is None:
                return _ask_to_sign_in()
            if account.part not in parts:
                # Not 403: whether the thing exists is nothing for this reader.
                abort(404)
            return view(*arguments, **options)

        setattr(guarded, RULE, (Rule.WORKSPACE, frozenset(parts)))
        return guarded

    return decorate


def signer(view: Callable[Concatenate[Seat, P], R]) -> Callable[P, R | ResponseReturnValue]:
    """Only for a signer who passed the identity checks in this browser session."""

    @wraps(view)
    def guarded(*arguments: P.args, **options: P.kwargs) -> R | ResponseReturnValue:
        seat = taken_seat()
        if seat is None:
            if wants_json():
                abort(401)
            return redirect(url_for("signer.seat_lost"))
        return view(seat, *arguments, **options)

    setattr(guarded, RULE, (Rule.SIGNER, frozenset({Part.SIGNER})))
    return guarded


def fresh(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
    """Only if the password was given in the last five minutes; put it below a workspace rule.

    A page is come back to after the password; a script gets PasswordNeeded (401, `password-needed`).
    """

    @wraps(view)
    def guarded(*arguments: P.args, **options: P.kwargs) -> R | ResponseReturnValue:
        if is_fresh():
            return view(*arguments, **options)
        if wants_json():
            raise PasswordNeeded(
                "password-needed",
                "Your password is needed again before this.",
                "Enter it, then come back. Nothing that you entered here is lost.",
            )
        return ask_for_password()

    return guarded


def is_fresh(within: timedelta = FRESH) -> bool:
    age: float = time.time() - session.get(PASSWORD_GIVEN_AT, 0)
    return 0 <= age < within.total_seconds()


def ask_for_password() -> ResponseReturnValue:
    """To the password page, and back to this page, or to the one that the form was on."""
    flash("Please enter your password again before you go on.", "other")
    following = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("back", "/")
    return redirect(url_for("security.verify", next=following))


def take_seat(seat: Seat) -> None:
    """Give this session the seat, under a new session key."""
    session[SEAT] = [seat.link_id, seat.envelope_id, seat.signer_id]
    current_session().rotate = True


def leave_seat() -> None:
    session.pop(SEAT, None)


def taken_seat() -> Seat | None:
    held = session.get(SEAT)
    return Seat(*held) if held else None


def signed_in() -> Account | None:
    """The account of this session, or None."""
    return current_user.account if current_user.is_authenticated else None


def account() -> Account:
    """The account of this session. Only in workspace views."""
    held = signed_in()
    assert held is not None, "a workspace view without its rule"
    return held


def actor() -> Actor:
    """The signed-in person as an actor. Only in workspace views."""
    return account().as_actor(client_address(), user_agent())


def wants_json() -> bool:
    """Whether a script of ours asks, which shows errors itself."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def register(web: Flask) -> None:
    web.before_request(refuse_unguarded)


def refuse_unguarded() -> None:
    """A view that forgot its rule is closed, loudly."""
    endpoint = request.endpoint
    if endpoint is None or endpoint.rpartition(".")[2] == "static":
        return
    if request.blueprint in LIBRARY_BLUEPRINTS:
        return
    view: Any = current_app.view_functions.get(endpoint)
    if not hasattr(view, RULE):
        current_app.logger.error("view %s has no access rule", endpoint)
        abort(404)


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        abort(401)
    following = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=following))
