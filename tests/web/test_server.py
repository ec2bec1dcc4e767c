"""The server as a person starts it: where to go first, what it refuses, how it stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(instance, port: int, **settings: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COUNTERSIGN_")}
    environment = {
        **kept,
        "COUNTERSIGN_INSTANCE": str(instance),
        "COUNTERSIGN_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_it_says_where_to_begin_serves_and_stops(tmp_path):
    port = free_port()
    server = start(tmp_path, port)
    try:
        link = None
        deadline = time.monotonic() + SECONDS
        while link is None and time.monotonic() < deadline:
            line = server.stdout.readline()
            assert line, "the server ended"
            link = re.search(rf"http://127\.0\.0\.1:{port}/set-up/[\w-]{{43}}", line)
        with urlopen(link.group(), timeout=SECONDS) as answer:
            assert answer.status == 200
            assert "Set up Countersign" in answer.read().decode()
            assert "waitress" not in answer.headers.get("Server", "")
        server.send_signal(signal.SIGTERM)
        rest, _ = server.communicate(timeout=SECONDS)
        assert server.returncode == 0
        assert "Stopped." in rest
        assert "Traceback" not in rest
        assert link.group().rpartition("/")[2] not in rest
    finally:
        server.kill()
        server.stdout.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PUBLIC_URL": "http://sign.example.com"}, "unprotected"),
        ({"COUNTERSIGN_HOST": "0.0.0.0"}, "others can reach"),
        ({"COUNTERSIGN_PORT": "eighty"}, "COUNTERSIGN_PORT"),
    ],
)
def test_unsafe_settings_stop_the_start_in_one_sentence(tmp_path, settings, said):
    server = start(tmp_path, free_port(), **settings)
    out, _ = server.communicate(timeout=SECONDS)
    assert server.returncode == 1
    assert said in out
    assert "Traceback" not in out
