"""Conditions of clauses in words: `deal.device_model == 'assistant'` as a reader says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.clause import Clause, Guard, Parameter
from app.domain.condition import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    ListLiteral,
    Literal,
    Name,
    Not,
    Operand,
    parse_condition,
)
from app.domain.contract_template import Library
from app.domain.deal_facts import COUNTRIES
from app.domain.printing import country_name_of, join_words
from app.domain.territory import EUROPEAN_UNION

HAS = "has:"
DEAL = "deal."
_COUNTRIES_LABEL = "a country of the parties or of the governing law"
_OPERATORS = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "in": "is one of",
    "not in": "is none of",
}
_NOTHING = (Literal(""), ListLiteral(()))
_EMPTINESS = {"==": "is left empty", "!=": "is filled in"}


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """Says the conditions of one clause. facts: what contract templates ask, by name."""

    library: Library
    clause: Clause
    facts: Mapping[str, Parameter]

    def say(self, guard: Guard) -> str:
        """ "only if ..." or "not if ..." for a guard."""
        return f"{'not if' if guard.negated else 'only if'} {self.say_name(guard.condition)}"

    def say_name(self, condition: str) -> str:
        """The condition behind a name, `has:family`, or a yes-or-no parameter."""
        if condition.startswith(HAS):
            family = condition.removeprefix(HAS)
            found = self.library.positions_of(family)
            title = f"\u201c{found[0].title if found else family.replace('-', ' ')}\u201d"
            return f"the contract has the clause {title}"
        return self._say(parse_condition(self.clause.conditions.get(condition, condition)))

    def _say(self, condition: Condition) -> str:
        match condition:
            case Literal(value):
                return "always" if value else "never"
            case Name(name):
                return f"\u201c{self._label(name)}\u201d is answered with yes"
            case Not(Name(name)):
                return f"\u201c{self._label(name)}\u201d is answered with no"
            case Not(inner):
                return f"it is not so that {self._say(inner)}"
            case AllOf(parts):
                return " and ".join(self._say_part(part) for part in parts)
            case AnyOf(parts):
                return " or ".join(self._say_part(part) for part in parts)
            case Comparison():
                return self._say_comparison(condition)

    def _say_part(self, part: Condition) -> str:
        words = self._say(part)
        return f"({words})" if isinstance(part, AllOf | AnyOf) else words

    def _say_comparison(self, comparison: Comparison) -> str:
        left, operator, right = comparison.left, comparison.operator, comparison.right
        if isinstance(right, Name) and not isinstance(left, Name):
            if operator in ("in", "not in"):
                return self._say_membership(left, right.name, negated=operator == "not in")
            left, right = right, left
            operator = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
        about = left.name if isinstance(left, Name) else ""
        if operator in _EMPTINESS and right in _NOTHING:
            return f"{self._side(left, about)} {_EMPTINESS[operator]}"
        return f"{self._side(left, about)} {_OPERATORS[operator]} {self._side(right, about)}"

    def _say_membership(self, element: Operand, name: str, *, negated: bool) -> str:
        if name == DEAL + COUNTRIES:
            return f"{self._side(element, name)} is {'not ' * negated}{_COUNTRIES_LABEL}"
        has = "does not have" if negated else "has"
        return f"\u201c{self._label(name)}\u201d {has} {self._side(element, name)}"

    def _side(self, operand: Operand, about: str) -> str:
        """`about`: the question whose answers the literal is compared with."""
        match operand:
            case Name(name):
                return f"\u201c{self._label(name)}\u201d"
            case ListLiteral(items):
                return join_words([self._value(item.value, about) for item in items], "or")
            case Literal(value):
                return self._value(value, about)

    def _value(self, value: object, about: str) -> str:
        parameter = self._question(about)
        for option in parameter.options if parameter else ():
            if option.value == value:
                return f"\u201c{option.printed}\u201d"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value == EUROPEAN_UNION:
            return "the European Union"
        if isinstance(value, str) and value in self.library.jurisdictions:
            return country_name_of(self.library, value)
        return str(value)

    def _question(self, name: str) -> Parameter | None:
        if name.startswith(DEAL):
            return self.facts.get(name.removeprefix(DEAL))
        return self.clause.parameters.get(name)

    def _label(self, name: str) -> str:
        question = self._question(name)
        if question is not None and (question.label or question.ask):
            return question.label or question.ask
        return name.removeprefix(DEAL).replace("_", " ")


def facts_of(library: Library) -> Mapping[str, Parameter]:
    """The facts that any contract template asks; the first template's wording of each."""
    facts: dict[str, Parameter] = {}
    for template in library.contract_templates.values():
        for name, parameter in template.facts.items():
            facts.setdefault(name, parameter)
    return facts
