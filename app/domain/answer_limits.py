"""What a question accepts, in words for the person who answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.domain.answer_value import MAX_TEXT
from app.domain.clause import Parameter, ParameterType
from app.domain.printing import plain_number, print_amount, print_date

ONE_ADDRESS = "Enter one e-mail address, such as name@example.com."

_ALLOWED: Mapping[ParameterType, str] = {
    ParameterType.COUNTRY: "Enter the two-letter code of a country in the list, such as PH.",
    ParameterType.YESNO: "Answer yes or no.",
    ParameterType.EMAIL: ONE_ADDRESS,
    ParameterType.LIST: "Enter one item on each line.",
    ParameterType.TABLE: "Fill in the rows of the table.",
}


def allowed_answers(parameter: Parameter) -> str:
    """What a question accepts, as a sentence: "Enter 1 to 72 hours."."""
    low, high = parameter.minimum, parameter.maximum
    match parameter.type:
        case ParameterType.INTEGER:
            return f"Enter {_limits(low, high, plain_number) or 'a whole number'}{_unit(parameter)}."
        case ParameterType.MONEY:
            limits = _limits(low, high, print_amount)
            return f"Enter an amount such as 1250.50{f', {limits}' if limits else ''}."
        case ParameterType.PERCENT:
            return f"Enter a percentage, {_limits(low or '0', high or '100', plain_number)}."
        case ParameterType.DATE:
            limits = _limits(low, high, print_date)
            return f"Enter a date as year-month-day, such as 2027-03-31{f', {limits}' if limits else ''}."
        case ParameterType.ENUM:
            return "Choose one of: " + ", ".join(option.value for option in parameter.options) + "."
        case ParameterType.TEXT:
            return f"Enter one line of at most {parameter.max_length or MAX_TEXT} characters."
    return _ALLOWED[parameter.type]


def name_of(parameter: Parameter) -> str:
    return parameter.label or parameter.ask or parameter.name


def _limits(low: str | None, high: str | None, printed: Callable[[str], str]) -> str:
    if low is not None and high is not None:
        return f"{printed(low)} to {printed(high)}"
    if low is not None:
        return f"at least {printed(low)}"
    return f"at most {printed(high)}" if high is not None else ""


def _unit(parameter: Parameter) -> str:
    return f" {parameter.unit}" if parameter.unit else ""
