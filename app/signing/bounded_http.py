"""One HTTP exchange within a time, a size and one address: no redirects, no proxies, no cookies."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ssl import SSLContext, create_default_context
from threading import Timer
from urllib.parse import SplitResult, urlsplit

OK = 200


class ExchangeFailed(Exception):
    """The other side gave no usable answer; the text says why."""


def is_http_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def exchange(
    url: str, *, timeout: float, limit: int, body: bytes | None = None, media_type: str = ""
) -> bytes:
    """The body of the answer to a POST of `body`, or to a GET. Raises ExchangeFailed.

    timeout: seconds for everything together. limit: bytes that are read at most.
    """
    parts = urlsplit(url)
    connection = _connection(parts, timeout)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"Content-Type": media_type} if media_type else {}
    try:
        connection.connect()
        with _ended_after(timeout, connection.sock):
            connection.request("GET" if body is None else "POST", target, body, headers)
            response = connection.getresponse()
            content = response.read(limit + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise ExchangeFailed(str(error) or type(error).__name__) from error
    finally:
        connection.close()
    if response.status != OK:  # a redirect too is no answer
        raise ExchangeFailed(f"it answered with HTTP {response.status}")
    if len(content) > limit:
        raise ExchangeFailed(f"its answer is longer than {limit} bytes")
    return content


@cache
def tls_context() -> SSLContext:
    """The CAs that this computer trusts; reading them takes 20 ms, so it is done once."""
    return create_default_context()


def _connection(parts: SplitResult, timeout: float) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        return HTTPSConnection(host, parts.port, timeout=timeout, context=tls_context())
    return HTTPConnection(host, parts.port, timeout=timeout)


@contextmanager
def _ended_after(timeout: float, connected: socket.socket) -> Iterator[None]:
    """A socket's own timeout starts anew with every byte; a slow drip needs an end from outside."""
    guard = Timer(timeout, _shut_down, (connected,))
    guard.daemon = True
    guard.start()
    try:
        yield
    finally:
        guard.cancel()


def _shut_down(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # it has been closed in the meantime
