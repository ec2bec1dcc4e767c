"""What the owner answered: data, kept as given, printed literally and never interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.clause import Answer

LEFT_OUT = "none"  # in `positions`: an optional family that the owner does not want


@dataclass(frozen=True, slots=True)
class SignerAnswer:
    """Who signs in a role. `capacity` is the title ("director", "for herself")."""

    name: str
    email: str
    capacity: str


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of one agreement; families that are not selected keep theirs.

    facts: fact name -> answer (`governing_law`: "GB", `currency`: "GBP", ...)
    families: family -> parameter name -> answer
    positions: family -> position chosen in place of the template's, or LEFT_OUT
    signers: signer role id -> who signs
    """

    facts: Mapping[str, Answer] = field(default_factory=dict)
    families: Mapping[str, Mapping[str, Answer]] = field(default_factory=dict)
    positions: Mapping[str, str] = field(default_factory=dict)
    signers: Mapping[str, SignerAnswer] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The stored form; the tables of sample_answers.toml have the same names."""
        return {
            "deal": dict(self.facts),
            "positions": dict(self.positions),
            "signers": {
                role: {"name": who.name, "email": who.email, "capacity": who.capacity}
                for role, who in self.signers.items()
            },
            "answers": {family: dict(values) for family, values in self.families.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answers:
        """Read the stored form. Unknown families and parameters are kept: the lint reports them."""
        return cls(
            facts=dict(data.get("deal", {})),
            positions=dict(data.get("positions", {})),
            signers={role: SignerAnswer(**who) for role, who in data.get("signers", {}).items()},
            families={family: dict(values) for family, values in data.get("answers", {}).items()},
        )
