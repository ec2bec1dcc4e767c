"""What may be answered: every question checks its own answer and says what is allowed.

The checks keep the answer as the person typed it, apart from surrounding spaces; they never
rewrite text. Numbers, money and dates are stored in one canonical spelling.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from app.domain.answer_limits import ONE_ADDRESS, allowed_answers, name_of
from app.domain.answer_value import MAX_TEXT
from app.domain.clause import Answer, Column, Parameter, ParameterType
from app.domain.contract_template import Library
from app.domain.errors import InvalidInput
from app.domain.printing import country_name_of
from app.domain.typography import NO_BREAK_SPACE

INVALID = "answer-invalid"
MAX_LIST = 50
MAX_WHOLE_DIGITS = 15  # of money: enough for every currency, and exact everywhere
GOVERNING_LAW = "governing_law"

# C0 and C1 controls, line and paragraph separators, direction marks and overrides, surrogates and
# noncharacters: they change what a reader sees or cannot be stored.
_FORBIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
# One address; no spaces, quotes or brackets, which also keeps a second header line out of a mail.
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]+\.[^\s@<>\"(),:;\\\[\].]{2,63}")
_DECIMAL = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,\u00a0 ][0-9]{3})+(?:\.[0-9]+)?", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,12}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


def check_answer(parameter: Parameter, raw: object, library: Library) -> Answer:
    """The answer as it is stored.

    raw: what a form or a file gave: text, a number, a yes/no, a list of texts or of rows.
    Raises InvalidInput (`answer-invalid`); the message names the question, the remedy says what
    is allowed.
    """
    return _CHECKS[parameter.type](parameter, raw, library)


def check_text(text: object, *, question: str, max_length: int = MAX_TEXT) -> str:
    """One line of literal text. Right-to-left scripts and emoji are welcome, control characters not."""
    if not isinstance(text, str):
        _refuse(question, "Enter a text.")
    stripped = text.strip(" \u00a0\t\r\n")
    found = _FORBIDDEN.search(stripped)
    if found is not None:
        if found[0] in "\n\r\u2028\u2029":
            _refuse(question, "Enter one line of text.")
        place = f"character {found.start() + 1} (U+{ord(found[0]):04X})"
        _refuse(question, f"Remove the invisible control character: {place}.")
    if not stripped:
        _refuse(question, "Enter a text; it is empty.")
    if len(stripped) > max_length:
        _refuse(question, f"Enter at most {max_length} characters; there are {len(stripped)}.")
    return stripped


def check_email(text: object, *, question: str) -> str:
    address = check_text(text, question=question, max_length=254)
    if not _EMAIL.fullmatch(address) or ".." in address:
        _refuse(question, ONE_ADDRESS)
    return address


# --- one check for each type -----------------------------------------------------------


def _check_integer(parameter: Parameter, raw: object, _library: Library) -> Answer:
    text = raw.strip() if isinstance(raw, str) else str(raw) if _is_small_integer(raw) else ""
    if not _WHOLE.fullmatch(text):
        _refuse_answer(parameter)
    _check_range(parameter, Decimal(text))
    return int(text)


def _check_money(parameter: Parameter, raw: object, _library: Library) -> Answer:
    number = _decimal(parameter, raw)
    if number != number.quantize(Decimal("0.01")):
        _refuse(name_of(parameter), "Enter an amount with at most two decimal places.")
    _check_range(parameter, number)
    return f"{number:.2f}" if number != number.to_integral_value() else str(int(number))


def _check_percent(parameter: Parameter, raw: object, _library: Library) -> Answer:
    text = raw.strip().removesuffix("%").rstrip() if isinstance(raw, str) else raw
    number = _decimal(parameter, text)
    _check_range(parameter, number)
    if parameter.maximum is None and number > 100:
        _refuse_answer(parameter)
    return f"{number.normalize():f}"


def _check_date(parameter: Parameter, raw: object, _library: Library) -> Answer:
    text = raw.isoformat() if type(raw) is date else raw.strip() if isinstance(raw, str) else ""
    try:
        day = date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        day = None
    low, high = parameter.minimum, parameter.maximum
    if day is None or (low and text < low) or (high and text > high):
        _refuse_answer(parameter)
    return text


def _check_country(parameter: Parameter, raw: object, library: Library) -> Answer:
    code = raw.strip().upper() if isinstance(raw, str) else ""
    if code not in library.jurisdictions:
        _refuse_answer(parameter)
    if "-" in code and parameter.name != GOVERNING_LAW:
        country = code.partition("-")[0]
        known = country_name_of(library, country)
        _refuse(name_of(parameter), f"Enter the country, not a state: {country} for {known}.")
    return code


def _check_email(parameter: Parameter, raw: object, _library: Library) -> Answer:
    return check_email(raw, question=name_of(parameter))


def _check_text(parameter: Parameter, raw: object, _library: Library) -> Answer:
    return check_text(raw, question=name_of(parameter), max_length=parameter.max_length or MAX_TEXT)


def _check_enum(parameter: Parameter, raw: object, _library: Library) -> Answer:
    value = raw.strip() if isinstance(raw, str) else ""
    if all(option.value != value for option in parameter.options):
        _refuse_answer(parameter)
    return value


def _check_yesno(parameter: Parameter, raw: object, _library: Library) -> Answer:
    if isinstance(raw, bool):
        return raw
    word = raw.strip().lower() if isinstance(raw, str) else ""
    if word not in _YES | _NO:
        _refuse_answer(parameter)
    return word in _YES


def _check_list(parameter: Parameter, raw: object, _library: Library) -> Answer:
    """A list of texts; a single text counts one element on each line, as a form field gives it."""
    given = raw.splitlines() if isinstance(raw, str) else raw
    if not isinstance(given, list | tuple):
        _refuse_answer(parameter)
    elements = [element for element in given if not (isinstance(element, str) and not element.strip())]
    _check_count(parameter, len(elements), "item")
    if parameter.of is ParameterType.ENUM:
        known = [option.value for option in parameter.options]
        if any(element not in known for element in elements):
            _refuse(name_of(parameter), f"Choose among: {', '.join(known)}.")
        return [value for value in known if value in elements]
    limit = parameter.max_length or MAX_TEXT
    return [check_text(element, question=name_of(parameter), max_length=limit) for element in elements]


def _check_table(parameter: Parameter, raw: object, library: Library) -> Answer:
    rows = raw if isinstance(raw, list | tuple) else None
    if rows is None or not all(isinstance(row, Mapping) for row in rows):
        _refuse(name_of(parameter), "Enter rows with the columns of the table.")
    _check_count(parameter, len(rows), "row")
    return [_check_row(parameter, row, number, library) for number, row in enumerate(rows, start=1)]


def _check_row(
    parameter: Parameter, row: Mapping[str, object], number: int, library: Library
) -> dict[str, str]:
    names = [column.name for column in parameter.columns]
    if unknown := [str(name) for name in row if name not in names]:
        columns = f"{unknown[0]!r} is none of the columns {', '.join(names)}"
        _refuse(f"{name_of(parameter)}, row {number}", f"Use the columns of the table; {columns}.")
    cells = {}
    for column in parameter.columns:
        cell = _as_parameter(parameter, column, number)
        cells[column.name] = str(check_answer(cell, row.get(column.name), library))
    return cells


def _as_parameter(parameter: Parameter, column: Column, number: int) -> Parameter:
    label = f"{name_of(parameter)}, row {number}, {column.title or column.name}"
    return Parameter(
        column.name, column.type, label, "", max_length=column.max_length, options=column.options
    )


_CHECKS: Mapping[ParameterType, Callable[[Parameter, object, Library], Answer]] = {
    ParameterType.INTEGER: _check_integer,
    ParameterType.MONEY: _check_money,
    ParameterType.PERCENT: _check_percent,
    ParameterType.DATE: _check_date,
    ParameterType.COUNTRY: _check_country,
    ParameterType.EMAIL: _check_email,
    ParameterType.TEXT: _check_text,
    ParameterType.ENUM: _check_enum,
    ParameterType.YESNO: _check_yesno,
    ParameterType.LIST: _check_list,
    ParameterType.TABLE: _check_table,
}


# --- parts -----------------------------------------------------------------------------


def _decimal(parameter: Parameter, raw: object) -> Decimal:
    """A number without sign from "1250.50", "1,250.50", 1250 or 1250.5."""
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        _refuse_answer(parameter)
    if isinstance(raw, int) and not _is_small_integer(raw):
        _refuse_answer(parameter)
    text = str(raw).strip()
    if _GROUPED.fullmatch(text):
        text = re.sub(r"[,\u00a0 ]", "", text)
    try:
        number = Decimal(text) if _DECIMAL.fullmatch(text) else None
    except InvalidOperation:
        number = None
    if number is None:
        _refuse_answer(parameter)
    return number


def _is_small_integer(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**MAX_WHOLE_DIGITS


def _check_range(parameter: Parameter, number: Decimal) -> None:
    low, high = parameter.minimum, parameter.maximum
    if (low is not None and number < Decimal(low)) or (high is not None and number > Decimal(high)):
        _refuse_answer(parameter)


def _check_count(parameter: Parameter, count: int, noun: str) -> None:
    low, high = parameter.min_items, parameter.max_items or MAX_LIST
    if not low <= count <= high:
        wanted = f"{low} to {high} {noun}s" if low else f"at most {high} {noun}s"
        _refuse(name_of(parameter), f"Enter {wanted}; there are {count}.")


def _refuse_answer(parameter: Parameter) -> NoReturn:
    _refuse(name_of(parameter), allowed_answers(parameter))


def _refuse(question: str, remedy: str) -> NoReturn:
    message = f"The answer to \u201c{question}\u201d cannot be used."
    raise InvalidInput(INVALID, message, remedy.replace(NO_BREAK_SPACE, " "))
