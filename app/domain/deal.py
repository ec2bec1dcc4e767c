"""One deal seen by its clauses: effective answers, facts, and whether a guarded block stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from app.domain.answers import Answers
from app.domain.clause import Answer, Clause, Guard, Parameter
from app.domain.comparison import Value
from app.domain.condition import Condition, evaluate, parse_condition
from app.domain.contract_template import ContractTemplate, Library
from app.domain.deal_facts import COUNTRIES
from app.domain.guidance.advice import NO_GUIDANCE, Guidance, Recommendation
from app.domain.guidance.guide import guide
from app.domain.selection import Selection, select_clauses
from app.domain.territory import with_surrounding

PARTIES_FAMILY = "parties"
HAS = "has:"
DEAL = "deal."

# The facts of which `deal.countries` is made.
COUNTRY_FACTS = ("client_country", "assistant_country", "governing_law")


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a block stands: True, False, or None while the answers `waiting` are missing.

    waiting: question keys, "family.parameter" or "deal.fact".
    """

    stands: bool | None
    waiting: tuple[str, ...] = ()


STANDS = Decision(True)
FALLS = Decision(False)


@dataclass(slots=True)
class Deal:
    """The answers of one agreement, read through its template and its selected clauses.

    Remembers what it has evaluated, so one Deal serves one set of answers.
    """

    library: Library
    contract_template: ContractTemplate
    answers: Answers
    selection: Selection
    guidance: Guidance = NO_GUIDANCE
    _decisions: dict[tuple[str, str], Decision] = field(default_factory=dict)

    # --- values -----------------------------------------------------------------------

    def value(self, clause: Clause, name: str) -> Answer | None:
        """The answer to a parameter of `clause`, what is recommended, its default, or None."""
        parameter = clause.parameters.get(name)
        answer = self.answers.families.get(clause.family, {}).get(name)
        return effective_value(parameter, answer, self.guidance.answers.get(f"{clause.family}.{name}"))

    def fact(self, name: str) -> Answer | None:
        """The answer to `deal.<name>`; `countries` is made of the others."""
        if name == COUNTRIES:
            return self._known_countries()
        if name in self.contract_template.fixed_facts:
            return self.contract_template.fixed_facts[name]
        return effective_value(
            self.contract_template.facts.get(name),
            self.answers.facts.get(name),
            self.guidance.answers.get(DEAL + name),
        )

    def countries(self) -> tuple[str, ...]:
        """The codes of both parties' countries and the governing law, as far as answered."""
        codes = (self.fact(name) for name in COUNTRY_FACTS)
        return tuple(code for code in codes if isinstance(code, str) and code)

    def _known_countries(self) -> list[str] | None:
        # While one is open the condition is open too, or "unless" would drop what may be needed.
        return None if self._open_country_facts() else list(with_surrounding(self.countries()))

    def _open_country_facts(self) -> tuple[str, ...]:
        asked = (name for name in COUNTRY_FACTS if name in self.contract_template.facts)
        return tuple(DEAL + name for name in asked if self.fact(name) is None)

    def party_name(self, parameter: str) -> str:
        answer = self.answers.families.get(PARTIES_FAMILY, {}).get(parameter)
        return answer if isinstance(answer, str) else ""

    def question(self, key: str) -> Parameter | None:
        """The parameter or fact behind a question key."""
        family, _, name = key.partition(".")
        if family == "deal":
            return self.contract_template.facts.get(name)
        clause = self.selection.by_family.get(family)
        return clause.parameters.get(name) if clause else None

    # --- conditions -------------------------------------------------------------------

    def decide(self, clause: Clause, guards: Sequence[Guard]) -> Decision:
        """All guards must hold; what is open keeps the block and is named in `waiting`."""
        if not guards:
            return STANDS
        waiting: list[str] = []
        for guard in guards:
            decision = self._decide_condition(clause, guard.condition)
            if decision.stands is None:
                waiting.extend(decision.waiting)
            elif decision.stands == guard.negated:
                return FALLS
        return Decision(None, tuple(dict.fromkeys(waiting))) if waiting else STANDS

    def is_asked(self, clause: Clause, parameter: Parameter) -> bool:
        """Whether the question of a parameter is shown: its own `when` does not rule it out."""
        return not parameter.when or self.decide(clause, (Guard(parameter.when),)).stands is not False

    def _decide_condition(self, clause: Clause, condition: str) -> Decision:
        if condition.startswith(HAS):
            return STANDS if self.selection.has(condition.removeprefix(HAS)) else FALLS
        key = (clause.id, condition)
        if key not in self._decisions:
            self._decisions[key] = self._evaluate(clause, condition)
        return self._decisions[key]

    def _evaluate(self, clause: Clause, condition: str) -> Decision:
        # A condition may be named like a yesno parameter without being declared (`when = "small_claims"`).
        expression = clause.conditions.get(condition, condition)
        waiting: list[str] = []

        def lookup(name: str) -> Value | None:
            if name.startswith(DEAL):
                fact = name.removeprefix(DEAL)
                value = self.fact(fact)
                if value is None:
                    waiting.extend(self._open_country_facts() if fact == COUNTRIES else (name,))
                return value
            value = self.value(clause, name)
            if value is None:
                waiting.append(f"{clause.family}.{name}")
            return value

        stands = evaluate(parsed_condition(expression), lookup)
        return Decision(stands, tuple(dict.fromkeys(waiting)) if stands is None else ())


def open_deal(library: Library, contract_template: ContractTemplate, answers: Answers) -> Deal:
    """Select the clauses and make the deal from which everything else is computed."""
    guidance = guide(library, contract_template, answers)
    selection = select_clauses(library, contract_template, answers, guidance)
    return Deal(library, contract_template, answers, selection, guidance)


def effective_value(
    parameter: Parameter | None, answer: Answer | None, recommended: Recommendation | None = None
) -> Answer | None:
    """The answer; where nothing was answered what is recommended, else the parameter's default.

    An emptied text field counts as unanswered, so that its default returns.
    """
    if answer is not None and answer != "":
        return answer
    if parameter is None:
        return None
    return recommended.value if recommended is not None else parameter.default


@lru_cache(maxsize=4096)
def parsed_condition(expression: str) -> Condition:
    """Parsed once for all agreements: the same expressions come back with every answer."""
    return parse_condition(expression)
