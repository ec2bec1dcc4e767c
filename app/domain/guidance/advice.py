"""The shapes of guidance: a recommended answer, and what is advised about a clause family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.clause import Answer


@dataclass(frozen=True, slots=True)
class Recommendation:
    """An answer that holds while nobody gives another one. because: one sentence for the owner."""

    value: Answer
    because: str


@dataclass(frozen=True, slots=True)
class FamilyAdvice:
    """What is advised about a clause family.

    position: a position, or LEFT_OUT; "" leaves the template's position and only takes it in.
    forced: the owner cannot leave the family out.
    """

    position: str
    because: str
    forced: bool = False


@dataclass(frozen=True, slots=True)
class Guidance:
    """answers: by question key ("deal.fact", "family.parameter"). families: by family.

    homeless: families that the facts force and the contract template has no place for.
    """

    answers: Mapping[str, Recommendation] = field(default_factory=dict)
    families: Mapping[str, FamilyAdvice] = field(default_factory=dict)
    homeless: Mapping[str, FamilyAdvice] = field(default_factory=dict)

    def value(self, key: str) -> Answer | None:
        found = self.answers.get(key)
        return found.value if found else None

    def is_forced(self, family: str) -> bool:
        advice = self.families.get(family)
        return advice is not None and advice.forced


NO_GUIDANCE = Guidance()
