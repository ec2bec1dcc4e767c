"""Sessions that live on the server: the cookie holds a random key, the database its SHA-256.

Ending a session on the server ends it everywhere; a copied cookie is worth nothing then.
Idle for 30 minutes or 12 hours old, a session is over (OWASP ASVS 7.3). Reading pages writes
next to nothing: only that somebody was there, at most every two minutes.
"""

from __future__ import annotations

import json
import secrets
from datetime import datetime, timedelta
from typing import Any, cast

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from app.domain.access_link import digest_token
from app.domain.account import WebSession
from app.toolkit import Toolkit, UnitOfWork

KEY_BYTES = 32
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
TOUCH = timedelta(minutes=2)
TIDY = timedelta(minutes=15)
ACCOUNT = "account_id"  # whose session it is; ended with the others at a password change


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What one browser has told us. `key` is what its cookie holds.

    rotate: give it a new key with this answer (at sign-in, or when a signer has passed the checks).
    """

    def __init__(self, data: dict[str, Any], key: str, stored: WebSession | None) -> None:
        def on_update(_: object) -> None:
            self.modified = True

        super().__init__(data, on_update)
        self.key = key
        self.stored = stored
        self.modified = False
        self.new = stored is None
        self.rotate = False

    @property
    def digest(self) -> str:
        return digest_token(self.key)


class DatabaseSessions(SessionInterface):
    """Flask's session interface on the unit of work."""

    def __init__(self, kit: Toolkit) -> None:
        self._kit = kit
        self._next_tidying = kit.clock.now()

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        key = request.cookies.get(self.get_cookie_name(app), "")
        # Files for everybody need no session; a page loads several of them.
        is_file = request.path.startswith((f"{app.static_url_path}/", "/bootstrap/static/"))
        stored = self._read(key) if key and not is_file else None
        if stored is None:
            # Never a key that the browser chose: that would let others fix it beforehand.
            return ServerSession({}, secrets.token_urlsafe(KEY_BYTES), None)
        return ServerSession(json.loads(stored.data), key, stored)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        held = cast(ServerSession, session)
        if held.stored is None and not held:
            return
        response.vary.add("Cookie")
        if not held:
            self._end(held)
            response.delete_cookie(self.get_cookie_name(app), path="/", secure=self.get_cookie_secure(app))
            return
        now = self._kit.clock.now()
        if held.modified or held.rotate or held.stored is None or now - held.stored.seen_at > TOUCH:
            self._write(held, now)
        if held.new or held.rotate:
            # Only then: a slow answer must not put an old key back over a new one.
            self._set_cookie(app, response, held.key)

    def _read(self, key: str) -> WebSession | None:
        now = self._kit.clock.now()
        with self._kit.unit_of_work(read_only=True) as unit:
            stored = unit.sessions.get(digest_token(key))
        if stored is None or now - stored.seen_at > IDLE or now - stored.created_at > LONGEST:
            return None
        return stored

    def _write(self, held: ServerSession, now: datetime) -> None:
        created = now if held.stored is None or held.rotate else held.stored.created_at
        with self._kit.unit_of_work() as unit:
            if held.rotate and held.stored is not None:
                unit.sessions.end(held.digest)
                held.key = secrets.token_urlsafe(KEY_BYTES)
            unit.sessions.save(
                WebSession(held.digest, held.get(ACCOUNT, ""), json.dumps(dict(held)), created, now)
            )
            self._tidy(unit, now)

    def _tidy(self, unit: UnitOfWork, now: datetime) -> None:
        """Forget sessions that are over, now and then."""
        if now >= self._next_tidying:
            self._next_tidying = now + TIDY
            unit.sessions.delete_seen_before(now - IDLE)

    def _end(self, held: ServerSession) -> None:
        with self._kit.unit_of_work() as unit:
            unit.sessions.end(held.digest)

    def _set_cookie(self, app: Flask, response: Response, key: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            key,
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite="Lax",
            path="/",
        )


def current_session() -> ServerSession:
    """The session of this request, as our own type."""
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]  # a proxy
