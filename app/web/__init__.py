"""HTTP and nothing else: pages, forms and small scripts, one folder per audience.

Purpose: turns requests into calls of services and answers into pages. `owner/`, `signer/`,
`lawyer/`, `verify/`, `trust/` and `account/` hold the views of each audience; templates lie in
`templates/<same name>/`. Every view says who may call it (`access.py`); no GET changes anything.
Imports: services, domain, toolkit, flask and its extensions.
Entry: `make_web(kit, settings)`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect  # type: ignore[import-untyped, unused-ignore]  # has no types
from werkzeug.middleware.proxy_fix import ProxyFix

from app.toolkit import Toolkit
from app.web import (
    access,
    account,
    assets,
    errors,
    headers,
    lawyer,
    limits,
    owner,
    pages,
    same_origin,
    signer,
    trust,
    verify,
)
from app.web.derived_keys import derive_text
from app.web.kit import attach
from app.web.public_url import is_https, require_safe
from app.web.sessions import LONGEST, DatabaseSessions

LARGEST_UPLOAD = 52 * 1024 * 1024  # bytes: a verified file may have 50 MB
LARGEST_FORM = 2 * 1024 * 1024  # bytes of fields that are no files


@dataclass(frozen=True, slots=True)
class WebSettings:
    """public_url: how people reach us. trusted_proxies: how many proxies before us are ours.

    secret_key: the root secret of the pages; every key in use is derived from it for one purpose.
    sample_answers: the answers file of the sample agreement that a new owner finds; None for none.
    """

    public_url: str
    trusted_proxies: int
    secret_key: str = field(repr=False)
    sample_answers: Path | None = None


def make_web(kit: Toolkit, settings: WebSettings) -> Flask:
    """Build the Flask application. Raises InvalidInput for an address that would not be safe."""
    require_safe(settings.public_url)
    web = Flask("app.web")
    _configure(web, settings)
    _trust_proxies(web, settings.trusted_proxies)
    attach(web, kit)
    web.session_interface = DatabaseSessions(kit)
    Bootstrap5(web)
    CSRFProtect(web)
    account.register(web, settings.secret_key)
    audiences = (owner, signer, lawyer, verify, trust)
    for part in (headers, same_origin, errors, assets, limits, access, pages, *audiences):
        part.register(web)
    return web


def _configure(web: Flask, settings: WebSettings) -> None:
    https = is_https(settings.public_url)
    web.config.update(
        SECRET_KEY=derive_text(settings.secret_key, "flask"),
        PUBLIC_URL=settings.public_url,
        SAMPLE_ANSWERS=settings.sample_answers,
        PREFERRED_URL_SCHEME="https" if https else "http",
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        SESSION_COOKIE_NAME="__Host-session" if https else "session",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LONGEST,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        # Flask-WTF wants a Referer under https, which our own Referrer-Policy keeps back;
        # `same_origin` looks at Origin and Sec-Fetch-Site instead.
        WTF_CSRF_SSL_STRICT=False,
    )


def _trust_proxies(web: Flask, count: int) -> None:
    """Believe the forwarded address, scheme and host of this many proxies; of none by default."""
    if count:
        web.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the way that Flask documents
            web.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
