"""What people find in their mailboxes: in trial mode every mail is a file of the outbox."""

from __future__ import annotations

import email
import email.policy
import re
import time
from email.message import EmailMessage
from pathlib import Path

from app.domain.errors import DeliveryFailed

PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.05
LINK = re.compile(r"https?://[^\s<>\"]+/(?:s|details|join)/[A-Za-z0-9_-]+")
CODE = re.compile(r"(?<!\d)(\d{3})\s?(\d{3})(?!\d)")


class Mailbox:
    """One person's mail. Mail that lay there when the demo began is not looked at."""

    def __init__(self, outbox: Path, address: str) -> None:
        self._outbox = outbox
        self._address = address
        self._seen = set(outbox.glob("*.eml")) if outbox.exists() else set()

    def wait_for_link(self) -> str:
        """The path of the link in the next mail that has one."""
        return "/" + self._wait_for(LINK).split("//", 1)[1].split("/", 1)[1]

    def wait_for_code(self) -> str:
        return re.sub(r"\D", "", self._wait_for(CODE))

    def wait_for(self, words: str) -> None:
        """Wait for a mail that holds these words."""
        self._wait_for(re.compile(re.escape(words)))

    def _wait_for(self, pattern: re.Pattern[str]) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            for path in sorted(set(self._outbox.glob("*.eml")) - self._seen):
                found = pattern.search(self._body(path))
                if found:
                    self._seen.add(path)
                    return found[0]
            time.sleep(LOOK_EVERY_SECONDS)
        raise DeliveryFailed(
            "demo-mail-missing", f"No mail to {self._address} came.", "Look at the jobs with ./run doctor."
        )

    def _body(self, path: Path) -> str:
        """The text of a mail, "" where it went to somebody else."""
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        part = message.get_body(("plain",))
        return str(part.get_content()) if part is not None and self._address in str(message["To"]) else ""
