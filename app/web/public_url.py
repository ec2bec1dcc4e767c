"""The address under which people reach this installation, and when it is not safe to use."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from app.domain.errors import InvalidInput


def is_https(url: str) -> bool:
    return url.startswith("https://")


def is_loopback(url: str) -> bool:
    """Whether only this machine itself can open the address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return is_loopback_host(host)


def is_loopback_host(host: str) -> bool:
    """host: a name or an IP address, without a port."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_safe(url: str) -> None:
    """Raises InvalidInput for an address that is no address, or that is plain http for others."""
    if not _is_site(url):
        raise InvalidInput(
            "public-url-invalid",
            f"PUBLIC_URL is \u201c{url}\u201d, which is no address of a site.",
            "Set it to something like https://sign.example.com",
        )
    if not is_https(url) and not is_loopback(url):
        raise InvalidInput(
            "public-url-plain",
            f"PUBLIC_URL is \u201c{url}\u201d: contracts and codes would cross the network unprotected.",
            "Put a proxy with https before it (deploy/Caddyfile shows one) and set PUBLIC_URL to "
            "https://\u2026",
        )


def require_safe_host(host: str, public_url: str) -> None:
    """Raises InvalidInput where we would listen to the network without an https address of our own."""
    if not is_loopback_host(host) and not is_https(public_url):
        raise InvalidInput(
            "host-open",
            f"HOST is \u201c{host}\u201d, which others can reach, but PUBLIC_URL does not begin with https.",
            "Leave HOST at 127.0.0.1, or set PUBLIC_URL to the https address of your proxy.",
        )


def _is_site(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_good:
        return False
    return parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
