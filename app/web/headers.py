"""Headers of every answer: what a page may load, what it tells others, what may be kept.

The policy allows our own files only: no inline script or style, no other site.
"""

from __future__ import annotations

from flask import Flask, Response, abort, current_app, request

from app.web.public_url import is_https, is_loopback_host

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "object-src 'none'",
    )
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
YEAR = 365 * 24 * 3600


def register(web: Flask) -> None:
    web.before_request(refuse_plain_http)
    web.after_request(add_headers)


def refuse_plain_http() -> None:
    """Plain http is served to this machine itself only; others come through an https proxy."""
    if request.scheme != "https" and not is_loopback_host(request.remote_addr or ""):
        abort(403)


def add_headers(response: Response) -> Response:
    headers = response.headers
    # A view may have set a stricter policy for a file of a user's (sandbox).
    headers.setdefault("Content-Security-Policy", POLICY)
    for name, value in FIXED.items():
        headers[name] = value
    if is_https(current_app.config["PUBLIC_URL"]):
        headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
    headers.setdefault("Cache-Control", "no-store")
    return response
