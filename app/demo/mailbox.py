"""What people find in their mailboxes: in trial mode every mail is a file of the outbox."""

from __future__ import annotations

import email
import email.policy
import os
import re
import time
from email.message import EmailMessage
from pathlib import Path

from app.domain.errors import DeliveryFailed

PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.1
LINK = re.compile(r"https?://[^\s<>\"]+/(?:s|details|join)/[A-Za-z0-9_-]+")
CODE = re.compile(r"(?<!\d)(\d{3})\s?(\d{3})(?!\d)")


class Mailbox:
    """One person's mail. Mail that lay there when the demo began is not looked at."""

    def __init__(self, outbox: Path, address: str) -> None:
        self._outbox = outbox
        self._address = address
        self._known = self._names()
        self._unread: list[str] = []

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
            self._collect()
            for body in self._unread:
                found = pattern.search(body)
                if found:
                    self._unread.remove(body)
                    return found[0]
            time.sleep(LOOK_EVERY_SECONDS)
        raise DeliveryFailed(
            "demo-mail-missing", f"No mail to {self._address} came.", "Look at the jobs with ./run doctor."
        )

    def _names(self) -> set[str]:
        return (
            {name for name in os.listdir(self._outbox) if name.endswith(".eml")}
            if self._outbox.exists()
            else set()
        )

    def _collect(self) -> None:
        """Take in the mail that came since; that of others is known, and not looked at again."""
        for name in sorted(self._names() - self._known):
            self._known.add(name)
            content = (self._outbox / name).read_bytes()
            message = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            part = message.get_body(("plain",))
            if part is not None and self._address in str(message["To"]):
                self._unread.append(str(part.get_content()))
