"""Whether one answer fits its parameter: type, form, limits. Defaults are checked the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from app.domain.clause import Column, Option, Parameter, ParameterType

MAX_TEXT = 500  # characters of a text without a limit of its own

_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_MONEY = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}(?:-[A-Z0-9]{1,3})?", re.ASCII)
_EMAIL = re.compile(
    r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\[\]\\.]{1,63}(?:\.[^\s@<>\"(),:;\[\]\\.]{1,63})+"
)
_MAX_EMAIL = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets


def answer_fault(parameter: Parameter, value: object) -> str:
    """What is wrong with an answer, as the end of a sentence ("is not a whole number"); "" if it fits."""
    if parameter.type is ParameterType.LIST:
        return _list_fault(parameter, value)
    if parameter.type is ParameterType.TABLE:
        return _table_fault(parameter, value)
    return scalar_fault(parameter.type, value, parameter.options, parameter.max_length) or _limit_fault(
        parameter, value
    )


def scalar_fault(
    kind: ParameterType, value: object, options: Sequence[Option] = (), max_length: int | None = None
) -> str:
    """The same for a single value of a type, without its limits."""
    if kind is ParameterType.INTEGER:
        return "" if isinstance(value, int) and not isinstance(value, bool) else "is not a whole number"
    if kind is ParameterType.YESNO:
        return "" if isinstance(value, bool) else "is neither yes nor no"
    if not isinstance(value, str):
        return "is not a text"
    if kind is ParameterType.ENUM:
        return "" if any(option.value == value for option in options) else "is none of the options"
    if kind is ParameterType.TEXT:
        return _text_fault(value, max_length)
    return _FAULTS[kind](value)


def is_decimal(text: str) -> bool:
    return _DECIMAL.fullmatch(text) is not None


def is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _text_fault(value: str, max_length: int | None) -> str:
    if not value.strip():
        return "is empty"
    limit = max_length or MAX_TEXT
    if len(value) > limit:
        return f"is longer than {limit} characters"
    return "" if value.isprintable() else "has more than one line or invisible characters"


def _email_fault(value: str) -> str:
    return "" if len(value) <= _MAX_EMAIL and _EMAIL.fullmatch(value) else "is not an e-mail address"


_FAULTS: Mapping[ParameterType, Callable[[str], str]] = {
    ParameterType.MONEY: lambda value: "" if _MONEY.fullmatch(value) else "is not an amount such as 1250.50",
    ParameterType.PERCENT: lambda value: "" if is_decimal(value) else "is not a number such as 2.5",
    ParameterType.DATE: lambda value: "" if is_date(value) else "is not a date such as 2027-03-01",
    ParameterType.COUNTRY: lambda value: "" if _COUNTRY.fullmatch(value) else "is not a country code",
    ParameterType.EMAIL: _email_fault,
}


def _limit_fault(parameter: Parameter, value: object) -> str:
    """Numbers are compared as decimals, ISO dates as texts."""
    for limit, side in ((parameter.minimum, -1), (parameter.maximum, 1)):
        if limit is None or not isinstance(value, int | str):
            continue
        outside = (
            (value > limit) - (value < limit)
            if parameter.type is ParameterType.DATE and isinstance(value, str)
            else (Decimal(value) > Decimal(limit)) - (Decimal(value) < Decimal(limit))
        )
        if outside == side:
            return f"is {'more' if side > 0 else 'less'} than {limit}"
    return ""


def _list_fault(parameter: Parameter, value: object) -> str:
    if not isinstance(value, list):
        return "is not a list"
    kind = parameter.of or ParameterType.TEXT
    faults = (scalar_fault(kind, item, parameter.options, parameter.max_length) for item in value)
    fault = next((fault for fault in faults if fault), "")
    if fault:
        return f"has an entry that {fault}"
    if any(item in value[:index] for index, item in enumerate(value)):
        return "has an entry twice"
    return _count_fault(parameter, len(value), "entries")


def _table_fault(parameter: Parameter, value: object) -> str:
    if not isinstance(value, list):
        return "is not a list of rows"
    names = {column.name for column in parameter.columns}
    for row in value:
        if not isinstance(row, dict) or set(row) != names:
            return "has a row whose cells are not the columns"
        fault = next((fault for column in parameter.columns if (fault := _cell_fault(column, row))), "")
        if fault:
            return fault
    return _count_fault(parameter, len(value), "rows")


def _cell_fault(column: Column, row: Mapping[str, object]) -> str:
    fault = scalar_fault(column.type, row[column.name], column.options, column.max_length)
    return f"has a row whose {column.name} {fault}" if fault else ""


def _count_fault(parameter: Parameter, count: int, what: str) -> str:
    if count < parameter.min_items:
        return f"has fewer than {parameter.min_items} {what}"
    if parameter.max_items is not None and count > parameter.max_items:
        return f"has more than {parameter.max_items} {what}"
    return ""
