"""Who does something: the part they play decides what the workflow lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """The part in which somebody acts. APPLICATION is the worker, acting by itself."""

    OWNER = "owner"
    STAFF = "staff"
    LAWYER = "lawyer"
    SIGNER = "signer"
    ANYONE = "anyone"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Actor:
    """One acting person. `id` is stable and says nothing about the person.

    name, email, ip and user_agent are personal: the audit log keeps only commitments to them.
    """

    part: Part
    id: str
    name: str = ""
    email: str = ""
    ip: str = ""
    user_agent: str = ""


APPLICATION = Actor(Part.APPLICATION, "application", "the application")
