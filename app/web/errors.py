"""Errors as pages: one table from our errors to HTTP, one page that says what, why and what to do."""

from __future__ import annotations

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped, unused-ignore]  # has no types
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from app.domain.errors import (
    AppError,
    DeliveryFailed,
    InvalidInput,
    KeysUnavailable,
    LibraryBroken,
    NotAllowed,
    NotFound,
    RenderingFailed,
    SigningFailed,
    StorageFailed,
    TimestampUnavailable,
    WrongState,
)
from app.services.links import LinkUnusable
from app.services.sign_in import TooManyTries
from app.web import access

STATUS: dict[type[AppError], int] = {
    InvalidInput: 422,
    NotFound: 404,
    NotAllowed: 403,
    WrongState: 409,
    LinkUnusable: 410,
    TooManyTries: 429,
    access.PasswordNeeded: 401,
    LibraryBroken: 500,
    KeysUnavailable: 503,
    TimestampUnavailable: 503,
    SigningFailed: 500,
    RenderingFailed: 422,
    StorageFailed: 503,
    DeliveryFailed: 503,
}
RETRY_AFTER = {429: "900", 503: "30"}  # seconds

PLAIN = {
    400: ("This request could not be read.", "Go back, reload the page and try again."),
    401: ("You are not signed in any more.", "Sign in, or open your link again; then try again."),
    403: ("This is not open to you.", "Open it from this site itself, over https, or ask the owner."),
    404: ("There is no such page.", "Check the address, or begin at the start page."),
    405: ("This page cannot be used like that.", "Go back and use the button on the page."),
    410: ("This is no longer there.", "Ask the person who sent you here."),
    413: ("The file is too large.", "Send a file of at most 50 MB."),
    429: ("Too many tries in a short time.", "Wait a few minutes, then try again."),
    500: ("Something went wrong on our side.", "Try again. If it goes on, tell whoever runs this site."),
}


def register(web: Flask) -> None:
    web.register_error_handler(AppError, show_app_error)
    web.register_error_handler(CSRFError, show_stale_form)
    web.register_error_handler(HTTPException, show_http_error)


def status_of(error: AppError) -> int:
    """The HTTP status of the nearest class in the table."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500


def show_app_error(error: AppError) -> ResponseReturnValue:
    return show_error(status_of(error), error.code, error.message, error.remedy, retryable=error.retryable)


def show_stale_form(error: CSRFError) -> ResponseReturnValue:
    message = "This form is too old to be sent."
    return show_error(400, "form-stale", message, "Reload the page and send it again.")


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    if status >= 500:
        message, remedy = PLAIN[500]
    else:
        message, remedy = PLAIN.get(status, PLAIN[400])
    return show_error(status, f"http-{status}", message, remedy)


def show_error(
    status: int, code: str, message: str, remedy: str, *, retryable: bool = False
) -> ResponseReturnValue:
    """JSON for our scripts, else the error page."""
    headers = {"Retry-After": RETRY_AFTER[status]} if status in RETRY_AFTER else {}
    if access.wants_json():
        return jsonify(code=code, message=message, remedy=remedy, retryable=retryable), status, headers
    try:
        page = render_template("error.html", status=status, code=code, message=message, remedy=remedy)
    except AppError:
        # The page itself asks the database who reads it, and the database may be what failed.
        said = escape(message)
        page = f"<!doctype html><title>{said}</title><h1>{said}</h1><p>{escape(remedy)}</p>"
    if request.method == "HEAD":
        page = ""
    return page, status, headers
