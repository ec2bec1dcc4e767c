"""Answers as they are printed: "24 hours", "USD 1,250.50", "3 March 2027", "a, b and c".

An answer never becomes anything but literal text here; only the units, currencies and the
words of options are ours. What does not fit its type is printed as it is: the lint reports it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.domain.agreement_text import Run, RunKind, Runs
from app.domain.clause import Answer, Clause, Column, Option, Parameter, ParameterType
from app.domain.contract_template import Library
from app.domain.deal import DEAL, Deal
from app.domain.digest import LARGEST_EXACT_INTEGER
from app.domain.terms import anchor_of_term
from app.domain.typography import NO_BREAK_SPACE, print_heading

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
BUSINESS_DAYS = "business days"
BUSINESS_DAY_TERM = "Business Day"
NOTHING_LISTED = "none"

_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)


def print_parameter(deal: Deal, clause: Clause, name: str) -> Runs:
    """The printed answer to a parameter of `clause`, or its blank."""
    key = f"{clause.family}.{name}"
    parameter = clause.parameters.get(name)
    value = deal.value(clause, name)
    if parameter is None or value is None:
        return (blank(deal, key),)
    return print_value(deal, parameter, value, key)


def print_fact(deal: Deal, name: str) -> Runs:
    """The printed fact of the deal, or its blank."""
    key = DEAL + name
    value = deal.fact(name)
    if value is None:
        return (blank(deal, key),)
    if name == "governing_law":
        return (Run(law_name(deal, literal(value)), RunKind.ANSWER, key),)
    parameter = deal.contract_template.facts.get(name)
    if parameter is None or name == "currency":
        return (Run(literal(value), RunKind.ANSWER, key),)
    return print_value(deal, parameter, value, key)


def blank(deal: Deal, key: str) -> Run:
    """The visible place of a missing answer: "[Time to report an incident]"."""
    question = deal.question(key)
    label = question.label if question is not None and question.label else key.partition(".")[2]
    label = print_heading(label.replace("_", " "), deal.contract_template.role_words)
    return Run(f"[{label}]", RunKind.OPEN, key)


def print_value(deal: Deal, parameter: Parameter, value: Answer, key: str) -> Runs:
    """`value` as `parameter` prints it, in runs whose target is `key`."""
    match parameter.type:
        case ParameterType.MONEY:
            return _print_money(deal, parameter.currency, literal(value), key)
        case ParameterType.INTEGER if parameter.unit == BUSINESS_DAYS:
            return _print_business_days(value, key)
        case ParameterType.LIST:
            return (Run(_print_list(deal, parameter, value), RunKind.ANSWER, key),)
    return (Run(print_scalar(deal, parameter, value), RunKind.ANSWER, key),)


def print_scalar(deal: Deal, parameter: Parameter, value: Answer) -> str:
    """A single value without runs of its own: also the cell of a table, the element of a list."""
    match parameter.type:
        case ParameterType.INTEGER:
            return _print_count(value, parameter.unit)
        case ParameterType.PERCENT:
            return f"{plain_number(literal(value))}%"
        case ParameterType.DATE:
            return print_date(literal(value))
        case ParameterType.COUNTRY:
            return country_name(deal, literal(value))
        case ParameterType.ENUM:
            return print_option(deal, parameter.options, literal(value))
        case ParameterType.YESNO:
            return "Yes" if value is True else "No"
    return literal(value)


def print_cell(deal: Deal, column: Column, value: object, key: str) -> Runs:
    """One cell of a table that a person filled in; an empty cell has no runs."""
    if value is None or value == "":
        return ()
    text = literal(value)
    if column.type is ParameterType.MONEY:
        return _print_money(deal, "", text, key)
    whole = column.type is ParameterType.INTEGER and _PLAIN_DECIMAL.fullmatch(text)
    parameter = Parameter(column.name, column.type, column.title, "", options=column.options)
    return (Run(plain_number(text) if whole else print_scalar(deal, parameter, text), RunKind.ANSWER, key),)


def list_elements(deal: Deal, parameter: Parameter, value: Answer) -> tuple[str, ...]:
    """The elements of a list answer, each as printed."""
    elements: Sequence[object] = value if isinstance(value, list) else [value]
    if parameter.of is ParameterType.ENUM:
        return tuple(print_option(deal, parameter.options, literal(element)) for element in elements)
    return tuple(literal(element) for element in elements)


def literal(value: object) -> str:
    """Any value as text; what no answer should be stays visible instead of raising."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > LARGEST_EXACT_INTEGER:
        return "a number out of range"  # str() itself refuses integers of more than 4300 digits
    if isinstance(value, list):
        return ", ".join(literal(element) for element in value)
    if isinstance(value, dict):
        return ", ".join(literal(element) for element in value.values())
    return str(value)


def print_option(deal: Deal, options: Sequence[Option], value: str) -> str:
    """The printed words of an option. They are library text, so typography and role words apply."""
    for option in options:
        if option.value == value:
            return print_heading(option.printed, deal.contract_template.role_words)
    return value


def join_words(words: Sequence[str], conjunction: str) -> str:
    """`a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def print_date(value: str) -> str:
    """`2027-03-03` -> `3 March 2027`."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day}{NO_BREAK_SPACE}{MONTHS[day.month - 1]} {day.year}"


def plain_number(value: str) -> str:
    """A decimal string with thousands separators; a fraction of zeros is dropped."""
    if not _PLAIN_DECIMAL.fullmatch(value):
        return value
    number = Decimal(value)
    if number == number.to_integral_value():
        return f"{int(number):,}"
    return f"{number:,f}"


def print_amount(value: str) -> str:
    """Money as printed without its currency: `1250.5` -> `1,250.50`."""
    printed = plain_number(value)
    whole, point, fraction = printed.partition(".")
    return f"{whole}.{fraction:0<2}" if point and _PLAIN_DECIMAL.fullmatch(value) else printed


def country_name(deal: Deal, code: str) -> str:
    return country_name_of(deal.library, code)


def country_name_of(library: Library, code: str) -> str:
    known = library.jurisdictions.get(code)
    return known.name if known else code


def law_name(deal: Deal, code: str) -> str:
    known = deal.library.jurisdictions.get(code)
    return known.law_name if known else code


def _print_money(deal: Deal, own_currency: str, value: str, key: str) -> Runs:
    amount = NO_BREAK_SPACE + print_amount(value)
    currency = own_currency or deal.fact("currency")
    if currency is None:
        return (blank(deal, DEAL + "currency"), Run(amount, RunKind.ANSWER, key))
    return (Run(f"{currency}{amount}", RunKind.ANSWER, key),)


def _print_business_days(value: Answer, key: str) -> Runs:
    term = BUSINESS_DAY_TERM if value == 1 else BUSINESS_DAY_TERM + "s"
    return (
        Run(_print_count(value, "") + NO_BREAK_SPACE, RunKind.ANSWER, key),
        Run(term, RunKind.TERM, anchor_of_term(BUSINESS_DAY_TERM)),
    )


def _print_count(value: Answer, unit: str) -> str:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_EXACT_INTEGER:
        return literal(value)
    if not unit:
        return f"{value:,}"
    return f"{value:,}{NO_BREAK_SPACE}{unit.removesuffix('s') if value == 1 else unit}"


def _print_list(deal: Deal, parameter: Parameter, value: Answer) -> str:
    """`a, b and c`; with semicolons where an element has a comma of its own."""
    elements = list_elements(deal, parameter, value)
    if len(elements) > 1 and any("," in element for element in elements):
        return f"{'; '.join(elements[:-1])}; {parameter.join} {elements[-1]}"
    return join_words(elements, parameter.join) or NOTHING_LISTED
