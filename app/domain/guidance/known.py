"""What is known of a deal before its clauses are selected: facts, answers and signers as given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.domain.answers import LEFT_OUT, Answers, SignerAnswer
from app.domain.clause import Answer, Clause, Role
from app.domain.contract_template import ContractTemplate, Library
from app.domain.guidance.advice import Recommendation
from app.domain.territory import EUROPEAN_UNION, with_surrounding


@dataclass(frozen=True, slots=True)
class Known:
    """recommended: what the rules before have recommended, by question key."""

    library: Library
    template: ContractTemplate
    answers: Answers
    recommended: Mapping[str, Recommendation] = field(default_factory=dict)

    def fact(self, name: str) -> Answer | None:
        """The fixed or answered fact, else the recommended one, else the template's default."""
        fixed = self.template.fixed_facts.get(name)
        if fixed is not None:
            return fixed
        given = self.answers.facts.get(name)
        if given not in (None, ""):
            return given
        recommended = self.recommended.get(f"deal.{name}")
        if recommended is not None:
            return recommended.value
        asked = self.template.facts.get(name)
        return asked.default if asked else None

    def country(self, name: str) -> str:
        """The code of a country fact, "" while it is open."""
        value = self.fact(name)
        return value if isinstance(value, str) else ""

    def places(self, name: str) -> frozenset[str]:
        """The country of a fact with what it lies in: "DE" gives DE and EU."""
        code = self.country(name)
        return frozenset(with_surrounding([code])) if code else frozenset()

    def people_in(self) -> frozenset[str]:
        """EU, GB, US, other: where the individuals live; empty where no personal data is handled."""
        value = self.fact("people_in")
        if self.fact("personal_data") is False or not isinstance(value, list):
            return frozenset()
        return frozenset(str(one) for one in value)

    def has_european_people(self) -> bool:
        return bool(self.people_in() & {EUROPEAN_UNION, "GB"})

    def answer(self, family: str, name: str) -> Answer | None:
        """What the chosen position of the family asks: the answer, else the default; None if it does not."""
        clause = self._chosen(family)
        parameter = clause.parameters.get(name) if clause else None
        if parameter is None:
            return None
        given = self.answers.families.get(family, {}).get(name)
        return given if given not in (None, "") else parameter.default

    def _chosen(self, family: str) -> Clause | None:
        """The clause that stands for the family, before anything is recommended or forced."""
        slot = next((one for one in self.template.slots() if one.family == family), None)
        choice = self.answers.positions.get(family)
        if slot is None or choice == LEFT_OUT or (slot.optional and not slot.included and choice is None):
            return None
        chosen = self.library.clause(family, choice) if choice else None
        return chosen or self.library.clause(family, slot.position)

    def listed(self, family: str, name: str) -> tuple[str, ...]:
        """The elements of a list answer."""
        value = self.answer(family, name)
        return tuple(str(one) for one in value) if isinstance(value, list) else ()

    def signer(self, side: Role) -> SignerAnswer | None:
        """The first signer of a side whose name or address is known."""
        for role in self.template.signer_roles:
            who = self.answers.signers.get(role.id)
            if role.side is side and who is not None and (who.name or who.email):
                return who
        return None

    def with_recommended(self, more: Mapping[str, Recommendation]) -> Known:
        return replace(self, recommended={**self.recommended, **more})
