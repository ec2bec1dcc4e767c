"""A person or company that the owner works with: the future other party of agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """kind: "individual" or "company". country: ISO 3166-1 alpha-2. capacity: "for herself", "director"."""

    id: str
    name: str
    email: str
    country: str
    capacity: str
    kind: str
    created_at: datetime
    company: str = ""  # name of the company, where kind is "company"
    address: str = ""
    archived: bool = False

    @property
    def party_name(self) -> str:
        return self.company if self.kind == "company" else self.name
