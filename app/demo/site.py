"""The real server with its worker, on a free port of this machine, for as long as the demo lasts."""

from __future__ import annotations

import json
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from waitress.server import create_server

from app import create_app
from app.config import Configuration
from app.installation import Installation, open_installation
from app.jobs.worker import work
from app.server import freeze_what_stays
from app.services.demonstration import mark_demonstration

THREADS = 4
ORGANISATION, COUNTRY = "Larkfield Bookkeeping Ltd", "GB"
WORKER_PAUSE_SECONDS = 0.15
PEOPLE_FILE = "demo-people.json"


@dataclass(frozen=True, slots=True)
class Site:
    """url: where it listens. passwords: of the people of this instance, made at the first demo."""

    url: str
    installation: Installation
    passwords: dict[str, str]

    @property
    def root_certificate(self) -> bytes:
        """DER of the root that this instance signs under."""
        return self.installation.toolkit.credentials.root_certificate()

    @property
    def outbox(self) -> Path:
        return self.installation.configuration.outbox


@contextmanager
def running_site(configuration: Configuration) -> Iterator[Site]:
    """Open the instance, serve it on 127.0.0.1, run its jobs; everything stops at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    # The keys name the business from the start, so that the verifier can be given their root.
    installation = open_installation(
        replace(configuration, public_url=url), organisation=ORGANISATION, country=COUNTRY
    )
    mark_demonstration(installation.toolkit)
    server = create_server(
        create_app(installation=installation),
        sockets=[listener],
        threads=THREADS,
        clear_untrusted_proxy_headers=True,
    )
    stop = threading.Event()
    installation.toolkit.library.library()
    freeze_what_stays()  # as the server does
    threads = [
        threading.Thread(target=server.run, daemon=True),
        threading.Thread(
            target=work,
            args=(installation.toolkit, stop),
            kwargs={"pause": WORKER_PAUSE_SECONDS},
            daemon=True,
        ),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Site(url, installation, _passwords(configuration.instance))
    finally:
        stop.set()
        threads[1].join()
        server.task_dispatcher.shutdown()  # answers under way are finished before the socket goes
        server.close()
        installation.close()


def _passwords(instance: Path) -> dict[str, str]:
    """Passwords of the demo's people: random, kept beside its keys in a file that only we read."""
    path = instance / PEOPLE_FILE
    if not path.exists():
        made = {name: secrets.token_urlsafe(18) for name in ("owner", "lawyer")}
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file)
    read: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return read
