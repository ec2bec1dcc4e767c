"""Requests that change something come from our own pages only; tokens in forms are the other half.

Browsers say where a request comes from: `Sec-Fetch-Site`, and `Origin`, which is "null" on
forms of pages that keep their address back, as ours do (Fetch standard, "origin header").
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

from app.web.public_url import is_loopback_host

READING = ("GET", "HEAD", "OPTIONS")


def register(web: Flask) -> None:
    web.before_request(refuse_other_names)
    web.before_request(refuse_other_sites)


def refuse_other_names() -> None:
    """400 under a name that is not ours: another site's name may be pointed at this machine."""
    host = _host_of(f"//{request.host}")
    if not is_loopback_host(host) and host != _host_of(current_app.config["PUBLIC_URL"]):
        abort(400)


def refuse_other_sites() -> None:
    """403 for a changing request that another site started (OWASP ASVS 3.5.1)."""
    if request.method in READING:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin", "null")
    if origin != "null" and urlsplit(origin).netloc not in _own_hosts():
        abort(403)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _own_hosts() -> tuple[str, str]:
    return urlsplit(current_app.config["PUBLIC_URL"]).netloc, request.host
