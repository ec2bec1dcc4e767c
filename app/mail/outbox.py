"""The outbox: mails as `.eml` files in a folder. Trial mode: nothing leaves the computer."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path

from app.domain.errors import DeliveryFailed
from app.domain.message import Message
from app.mail.composing import compose, to_bytes, unsendable

TRIAL_SENDER = "Countersign <countersign@localhost>"
LONGEST_NAME = 120


class OutboxMailer:
    """Implements the Protocol `Mailer` by writing files that any mail program opens."""

    is_trial = True

    def __init__(self, folder: Path, sender: str = TRIAL_SENDER) -> None:
        self._folder = folder
        self._sender = sender

    def hand_over(self, message: Message, attachments: Mapping[str, bytes]) -> None:
        """Write the mail; the same message again writes the same file.

        Raises DeliveryFailed: retryable if the folder did not take it.
        """
        mail = compose(message, attachments, self._sender)
        try:
            self._write(self.path_of(message), to_bytes(mail))
        except UnicodeError as error:
            raise unsendable(f"it holds damaged characters ({error})") from error
        except OSError as error:
            raise DeliveryFailed(
                "outbox-unwritable",
                f"The outbox {self._folder} did not take the message: {error.strerror}.",
                "Check that the folder belongs to the application and the disk has room.",
                retryable=True,
            ) from error

    def path_of(self, message: Message) -> Path:
        """Where this message lies: by the time it was made, then its id."""
        made_at = message.created_at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        safe_id = re.sub(r"[^A-Za-z0-9@.-]+", "_", message.message_id.strip("<>"))
        return self._folder / f"{made_at}-{safe_id[:LONGEST_NAME]}.eml"

    def _write(self, path: Path, data: bytes) -> None:
        """All of it or nothing: written beside, then moved. Readable for the owner only."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        finally:
            beside.unlink(missing_ok=True)
