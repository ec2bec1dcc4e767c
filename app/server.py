"""The server of one machine: waitress with eight threads, and the worker in a thread beside it."""

from __future__ import annotations

import gc
import logging
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from app import create_app
from app.config import Configuration
from app.domain.errors import InvalidInput
from app.installation import open_installation
from app.jobs.worker import work
from app.services.accounts import set_up_url
from app.web import LARGEST_UPLOAD
from app.web.public_url import is_https, require_safe, require_safe_host

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from waitress.server import BaseWSGIServer  # type: ignore[import-untyped, unused-ignore]

THREADS = 8
GRACE_SECONDS = 30  # for the job at work when the server is stopped

logger = logging.getLogger("countersign.server")


def serve(configuration: Configuration, say: Callable[[str], None]) -> None:
    """Open the installation, say where to go first, and serve until SIGTERM or SIGINT.

    Raises InvalidInput for an unsafe address or a port in use, and what `open_installation` raises.
    """
    require_safe(configuration.public_url)
    require_safe_host(configuration.host, configuration.public_url)
    installation = open_installation(configuration)
    server = _listen(create_app(installation=installation), configuration)
    stop = threading.Event()
    worker = threading.Thread(target=work, args=(installation.toolkit, stop), name="worker", daemon=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    for line in _first_words(configuration, set_up_url(installation.toolkit)):
        say(line)
    installation.toolkit.library.library()
    freeze_what_stays()
    worker.start()
    try:
        server.run()  # returns on SystemExit, after the answers under way are sent
    finally:
        stop.set()
        server.close()
        worker.join(GRACE_SECONDS)
        installation.close()
    say("Stopped.")


def freeze_what_stays() -> None:
    """Take what lives until the end (modules, the library) out of the garbage collector's way.

    Otherwise it looks through all of it again and again while a long agreement is assembled.
    """
    gc.collect()
    gc.freeze()


def _listen(web: WSGIApplication, configuration: Configuration) -> BaseWSGIServer:
    from waitress.server import create_server  # type: ignore[import-untyped, unused-ignore]  # no types

    try:
        return create_server(
            web,
            host=configuration.host,
            port=configuration.port,
            threads=THREADS,
            ident="",
            max_request_body_size=LARGEST_UPLOAD + 1,
            # Werkzeug's ProxyFix reads these, if proxies are trusted at all; else they are dropped here.
            clear_untrusted_proxy_headers=not configuration.trusted_proxies,
            url_scheme="http",
        )
    except OSError as error:
        raise InvalidInput(
            "port-in-use",
            f"Nothing can listen on {configuration.host}:{configuration.port}: {error.strerror}.",
            "Stop the other program, or set COUNTERSIGN_PORT to another number.",
        ) from error


def _first_words(configuration: Configuration, set_up: str | None) -> list[str]:
    lines = [f"Countersign listens on http://{configuration.host}:{configuration.port}"]
    if set_up:
        begin = "Begin here. The link makes the owner\u2019s account; it works once, for one day:"
        lines += ["", begin, "", f"  {set_up}", ""]
    else:
        lines += [f"Open {configuration.public_url}"]
    if configuration.smtp is None:
        lines.append(f"Trial mode: mail is written to {configuration.outbox}, not sent.")
    if not is_https(configuration.public_url):
        lines.append("Only this computer can reach it. To reach others, set PUBLIC_URL to an https address.")
    elif not configuration.trusted_proxies:
        lines.append(
            "COUNTERSIGN_TRUSTED_PROXIES is 0: the audit log will hold your proxy\u2019s address, "
            "not people\u2019s. Set it to the number of your proxies."
        )
    return lines


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(0)
