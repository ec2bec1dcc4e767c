"""The blanks of a clause for its reader: what each accepts, its default, and when it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.answer_limits import allowed_answers, name_of
from app.domain.clause import Answer, Clause, Parameter, ParameterType
from app.domain.condition_words import ConditionWords
from app.domain.contract_template import Library
from app.domain.printing import (
    NOTHING_LISTED,
    country_name_of,
    join_words,
    literal,
    plain_number,
    print_amount,
    print_date,
)
from app.domain.typography import typographic

NO_DEFAULT = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """One parameter. default: as it prints, "" where there is none. asked: "only if ...", or ""."""

    name: str
    label: str
    question: str
    accepts: str
    default: str
    asked: str


def blanks_of(library: Library, clause: Clause, words: ConditionWords) -> tuple[Blank, ...]:
    return tuple(
        Blank(
            name=parameter.name,
            label=typographic(name_of(parameter)),
            question=typographic(parameter.ask),
            accepts=allowed_answers(parameter),
            default=default_words(library, parameter),
            asked=f"only if {words.say_name(parameter.when)}" if parameter.when else "",
        )
        for parameter in clause.parameters.values()
    )


def default_words(library: Library, parameter: Parameter) -> str:
    """The default as a contract would print it; "" where the owner must answer."""
    return NO_DEFAULT if parameter.default is None else _words(library, parameter, parameter.default)


def say_fact(facts: Mapping[str, Parameter], name: str) -> tuple[str, str]:
    """The label of a fact of the deal, and what it accepts."""
    parameter = facts.get(name)
    if parameter is None:
        return name.replace("_", " "), "A fact of the deal."
    return typographic(name_of(parameter)), f"A fact of the deal. {allowed_answers(parameter)}"


def _words(library: Library, parameter: Parameter, value: Answer) -> str:
    match parameter.type:
        case ParameterType.INTEGER if isinstance(value, int) and not isinstance(value, bool):
            return _count(value, parameter.unit)
        case ParameterType.MONEY:
            return f"{parameter.currency} {print_amount(literal(value))}".strip()
        case ParameterType.PERCENT:
            return f"{plain_number(literal(value))}%"
        case ParameterType.DATE:
            return print_date(literal(value))
        case ParameterType.COUNTRY:
            return country_name_of(library, literal(value))
        case ParameterType.YESNO:
            return "Yes" if value is True else "No"
        case ParameterType.ENUM:
            return _option(parameter, literal(value))
        case ParameterType.LIST if isinstance(value, list):
            return _list(parameter, value)
        case ParameterType.TABLE if isinstance(value, list):
            return f"{len(value)} rows"
    return literal(value)


def _count(value: int, unit: str) -> str:
    return f"{value:,} {unit.removesuffix('s') if value == 1 else unit}".strip()


def _list(parameter: Parameter, value: Sequence[object]) -> str:
    words = [_option(parameter, literal(element)) for element in value]
    return join_words(words, parameter.join) or NOTHING_LISTED


def _option(parameter: Parameter, value: str) -> str:
    return next((typographic(one.printed) for one in parameter.options if one.value == value), value)
