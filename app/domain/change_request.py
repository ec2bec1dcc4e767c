"""A signer's request to change something, and the owner's answer. The clock stands still meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

TEXT_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """`family` is the clause that the request is about, "" for the whole."""

    id: str
    envelope_id: str
    signer_id: str
    family: str
    text: str
    asked_at: datetime
    answer: str = ""
    answered_at: datetime | None = None
