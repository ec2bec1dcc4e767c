"""Checking a file: one upload, one answer. The file lives in the memory of this request only.

The pictures of its pages are part of the answer itself, so that nothing has to be kept for them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from app.domain.errors import InvalidInput, KeysUnavailable
from app.domain.keys import TrustMaterial
from app.services.verification import verify_and_picture, verify_paths
from app.web import access, limits
from app.web.errors import show_error
from app.web.forms import Button
from app.web.kit import kit
from app.web.verify import wording

blueprint = Blueprint("verify", __name__, url_prefix="/verify")

LARGEST_FILE = 50 * 1024 * 1024  # bytes
LARGEST_AUTHORITY = 64 * 1024  # bytes of a certificate
AT_ONCE = 2  # each check is a process with up to 512 MB
PATIENCE = 5.0  # seconds to wait for a place
RETRY_AFTER = "15"  # seconds

_PLACES = threading.BoundedSemaphore(AT_ONCE)


@blueprint.get("")
@access.public
def verify() -> ResponseReturnValue:
    return _page()


@blueprint.post("")
@limits.verify
@access.public
def check() -> ResponseReturnValue:
    """Judge the uploaded file. Says 422, 413 or 503 with the reason where it cannot."""
    upload = request.files.get("file")
    name = wording.file_name(upload.filename if upload else None)
    if upload is None or not upload.filename:
        return _refuse(422, "file-missing", "No file was chosen.", "Choose a PDF or a record (ZIP).")
    with _place() as got_one:
        if not got_one:
            return _refuse(
                503, "verifier-busy", "Other files are being checked just now.", "Try again in a moment."
            )
        data = _read(upload, LARGEST_FILE)
        if data is None:
            return _refuse(413, "file-too-large", "The file is too large.", "Send a file of at most 50 MB.")
        if not data:
            return _refuse(422, "file-empty", f"The file {name} is empty.", "Choose the file as it was sent.")
        try:
            return _answer(name, data, _authorities())
        except InvalidInput as error:
            return _refuse(422, error.code, error.message, error.remedy)


def _answer(name: str, data: bytes, authorities: list[bytes]) -> ResponseReturnValue:
    # The root of the demo is not among what is trusted here, ever.
    own = _own_trust()
    root = own.roots[0] if own.roots else None
    besides = replace(own, roots=own.roots[1:])
    if access.wants_json():
        reports = verify_paths([(name, data)], trust_roots=authorities, own_root=root, besides=besides)
        return jsonify([report.to_json() for report in reports])
    report, shown = verify_and_picture(name, data, trust_roots=authorities, own_root=root, besides=besides)
    return _page(
        report=report,
        answer=wording.answer(report),
        cards=wording.cards(report),
        shown=shown,
        size=len(data),
        checked_at=kit().clock.now(),
        given_authority=bool(authorities),
    )


def _authorities() -> list[bytes]:
    """The certificates that this visitor wants to trust for this one check."""
    given = request.files.get("authority")
    if given is None or not given.filename:
        return []
    data = _read(given, LARGEST_AUTHORITY)
    if not data:
        raise InvalidInput(
            "trust-root-unreadable",
            "The certificate of the authority is empty or too large.",
            "Give a file in PEM or DER form, such as root.pem of the record.",
        )
    return [data]


def _own_trust() -> TrustMaterial:
    """Nothing before the business is entered: there are no keys yet."""
    try:
        return kit().credentials.trust()
    except KeysUnavailable:
        return TrustMaterial()


def _read(upload: FileStorage, limit: int) -> bytes | None:
    """The bytes, or None for more than `limit`."""
    data = upload.stream.read(limit + 1)
    return None if len(data) > limit else data


@contextmanager
def _place() -> Iterator[bool]:
    """One of the few places for checks at the same time; False if none gets free soon."""
    taken = _PLACES.acquire(timeout=PATIENCE)
    try:
        yield taken
    finally:
        if taken:
            _PLACES.release()


def _refuse(status: int, code: str, message: str, remedy: str) -> ResponseReturnValue:
    headers = {"Retry-After": RETRY_AFTER} if status == 503 else {}
    if access.wants_json():
        return show_error(status, code, message, remedy, retryable=status == 503)
    return _page(problem=(message, remedy)), status, headers


def _page(**values: Any) -> str:
    return render_template("verify/verify.html", button=Button(), say=wording, **values)
