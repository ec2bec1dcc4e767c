"""A message to a person, and how far it got. Never "delivered": we only know that it was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    QUEUED = "queued"
    HANDED_OVER = "handed_over"  # the next mail server, or the outbox folder, took it
    DELAYED = "delayed"  # tried and failed; will be tried again
    FAILED = "failed"  # given up; the owner is told
    WITHDRAWN = "withdrawn"  # never handed over: what it asks for was over, or its address corrected


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    media_type: str
    digest: str  # of the stored file


class Secret(StrEnum):
    """What is put into a message at hand-over, so that no live token or code is ever stored."""

    NONE = ""
    LINK = "link"
    CODE = "code"


# Where the secret goes in the stored text and HTML.
SECRET_PLACE = "{secret}"  # noqa: S105  a marker, not a secret


@dataclass(frozen=True, slots=True)
class Message:
    """One mail. `message_id` is made once and stays, so that a repeated hand-over is the same mail.

    secret_for: with LINK "purpose:subject:envelope id"; with CODE the id of the OneTimeCode.
    """

    id: str
    message_id: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    created_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attachments: tuple[Attachment, ...] = ()
    agreement_id: str = ""
    envelope_id: str = ""
    signer_id: str = ""
    tries: int = 0
    last_error: str = ""
    handed_over_at: datetime | None = None
    secret: Secret = Secret.NONE
    secret_for: str = ""
    secret_until: datetime | None = None
