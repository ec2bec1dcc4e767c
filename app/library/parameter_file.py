"""Parameters as files write them (`[params.x]`, `[facts.x]`) turned into domain parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.answer_value import answer_fault, is_date, is_decimal
from app.domain.clause import Column, Option, Parameter, ParameterType
from app.domain.role_words import has_role_word
from app.library.findings import FindingList, shorten

UNITS = ("minutes", "hours", "days", "business days", "weeks", "months", "years")
MAX_PRINTED_WORDS = 12


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class OptionFile(_Strict):
    value: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,60}$")
    print: str = Field(min_length=1, max_length=200)


class ColumnFile(_Strict):
    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")
    type: str
    title: str = Field(min_length=1, max_length=80)
    max_length: int | None = Field(None, ge=1, le=1000)
    options: list[OptionFile] | None = None


class ParameterFile(_Strict):
    type: str
    label: str = Field(min_length=1, max_length=120)
    ask: str = Field(min_length=1, max_length=400)
    help: str = ""
    default: bool | int | str | list[str] | list[dict[str, str]] | None = None
    when: str = ""
    unit: str | None = None
    min: int | str | None = None
    max: int | str | None = None
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    max_length: int | None = Field(None, ge=1, le=1000)
    options: list[OptionFile] | None = None
    of: str | None = None
    join: str | None = None
    min_items: int | None = Field(None, ge=0, le=100)
    max_items: int | None = Field(None, ge=1, le=100)
    min_rows: int | None = Field(None, ge=0, le=100)
    max_rows: int | None = Field(None, ge=1, le=100)
    columns: list[ColumnFile] | None = None


_COMMON = frozenset({"type", "label", "ask", "help", "default", "when"})
_KEYS: Mapping[ParameterType, frozenset[str]] = {
    ParameterType.INTEGER: frozenset({"unit", "min", "max"}),
    ParameterType.MONEY: frozenset({"min", "max", "currency"}),
    ParameterType.PERCENT: frozenset({"min", "max"}),
    ParameterType.DATE: frozenset({"min", "max"}),
    ParameterType.COUNTRY: frozenset(),
    ParameterType.EMAIL: frozenset(),
    ParameterType.TEXT: frozenset({"max_length"}),
    ParameterType.ENUM: frozenset({"options"}),
    ParameterType.YESNO: frozenset(),
    ParameterType.LIST: frozenset({"of", "join", "options", "max_length", "min_items", "max_items"}),
    ParameterType.TABLE: frozenset({"columns", "min_rows", "max_rows"}),
}
_REQUIRED: Mapping[ParameterType, frozenset[str]] = {
    ParameterType.TEXT: frozenset({"max_length"}),
    ParameterType.ENUM: frozenset({"options"}),
    ParameterType.LIST: frozenset({"of"}),
    ParameterType.TABLE: frozenset({"columns"}),
}
_NO_COLUMN = frozenset({ParameterType.YESNO, ParameterType.LIST, ParameterType.TABLE})


class _Fault(Exception):
    """Why a parameter cannot be used; becomes one finding."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def build_parameter(name: str, file: ParameterFile, line: int, findings: FindingList) -> Parameter | None:
    """The domain parameter, or None with `param-schema` findings. Reports default and range too."""
    try:
        kind = _type_of(file.type)
        _check_keys(kind, file)
        parameter = _assemble(name, kind, file, line)
    except _Fault as fault:
        findings.error("param-schema", line, f"Parameter {name}: {fault.message}", fault.remedy, name)
        return None
    _check_range(parameter, findings)
    _check_default(parameter, findings)
    _check_printed(parameter, findings)
    return parameter


def _type_of(text: str) -> ParameterType:
    try:
        return ParameterType(text)
    except ValueError:
        names = ", ".join(ParameterType)
        raise _Fault(f"the type {shorten(text)!r} does not exist.", f"Use one of {names}.") from None


def _check_keys(kind: ParameterType, file: ParameterFile) -> None:
    given = frozenset(file.model_fields_set)
    surplus = given - _COMMON - _KEYS[kind]
    if surplus:
        raise _Fault(f"a parameter of type {kind} has no {', '.join(sorted(surplus))}.", "Remove it.")
    required = _REQUIRED.get(kind, frozenset())
    if kind is ParameterType.LIST:
        required |= frozenset({"options" if file.of == ParameterType.ENUM else "max_length"})
        surplus = (given & {"options", "max_length"}) - required
        if surplus:
            raise _Fault(f"a list of {file.of} has no {', '.join(sorted(surplus))}.", "Remove it.")
    if missing := required - given:
        raise _Fault(f"{', '.join(sorted(missing))} is missing.", "Add it.")


def _assemble(name: str, kind: ParameterType, file: ParameterFile, line: int) -> Parameter:
    if file.unit is not None and file.unit not in UNITS:
        raise _Fault(f"the unit {shorten(file.unit)!r} does not exist.", f"Use one of {', '.join(UNITS)}.")
    if file.join not in (None, "and", "or"):
        raise _Fault("join is neither “and” nor “or”.", "Use one of the two.")
    if file.of is not None and file.of not in (ParameterType.ENUM, ParameterType.TEXT):
        raise _Fault("a list is of enum or text.", 'Write of = "enum" or of = "text".')
    return Parameter(
        name=name,
        type=kind,
        label=file.label,
        ask=file.ask,
        help=file.help,
        default=file.default,
        when=file.when,
        unit=file.unit or "",
        minimum=_limit(kind, file.min),
        maximum=_limit(kind, file.max),
        currency=file.currency or "",
        max_length=file.max_length,
        options=_options(file.options),
        of=ParameterType(file.of) if file.of else None,
        join=file.join or "and",
        min_items=(file.min_rows if kind is ParameterType.TABLE else file.min_items) or 0,
        max_items=file.max_rows if kind is ParameterType.TABLE else file.max_items,
        columns=_columns(file.columns or []),
        line=line,
    )


def _limit(kind: ParameterType, value: int | str | None) -> str | None:
    """A limit in the form of the answers: whole numbers plain, amounts and dates in quotes."""
    if value is None:
        return None
    if kind is ParameterType.INTEGER:
        if isinstance(value, str):
            raise _Fault("min and max of an integer are whole numbers.", "Remove the quotes.")
        return str(value)
    fits = isinstance(value, str) and (is_date(value) if kind is ParameterType.DATE else is_decimal(value))
    if not fits:
        raise _Fault(f"{shorten(str(value))} is no limit of type {kind}.", 'Write it in quotes: "1.50".')
    return str(value)


def _options(files: Sequence[OptionFile] | None) -> tuple[Option, ...]:
    if files is None:
        return ()
    values = [file.value for file in files]
    if not values or len(set(values)) != len(values):
        raise _Fault("the options are empty or have a value twice.", "Give each option its own value.")
    return tuple(Option(file.value, file.print) for file in files)


def _columns(files: Sequence[ColumnFile]) -> tuple[Column, ...]:
    if len({file.name for file in files}) != len(files):
        raise _Fault("two columns have one name.", "Name each column differently.")
    return tuple(_column(file) for file in files)


def _column(file: ColumnFile) -> Column:
    kind = _type_of(file.type)
    if kind in _NO_COLUMN:
        raise _Fault(f"a column cannot be of type {kind}.", "Use text, country, date, enum or a number.")
    given = frozenset(file.model_fields_set)
    allowed = _KEYS[kind] & {"max_length", "options"}
    if given & {"max_length", "options"} != allowed:
        needed = ", ".join(sorted(allowed)) or "no limits"
        raise _Fault(f"the column {file.name} of type {kind} needs exactly {needed}.", "Correct its keys.")
    return Column(file.name, kind, file.title, file.max_length, _options(file.options))


# --- values ----------------------------------------------------------------------------


def _check_range(parameter: Parameter, findings: FindingList) -> None:
    low, high = parameter.minimum, parameter.maximum
    if low is not None and high is not None:
        crossed = low > high if parameter.type is ParameterType.DATE else Decimal(low) > Decimal(high)
        if crossed:
            _report(parameter, "param-range", f"min {low} is more than max {high}.", findings)
    if parameter.max_items is not None and parameter.min_items > parameter.max_items:
        _report(parameter, "param-range", "the least number of entries is above the greatest.", findings)


def _check_default(parameter: Parameter, findings: FindingList) -> None:
    default = parameter.default
    if default is None:
        return
    if parameter.type is ParameterType.MONEY:
        _report(parameter, "param-default", "a sum has no default.", findings)
        return
    fault = answer_fault(parameter, default)
    if fault:
        outside = fault.startswith(_OUTSIDE)
        rule = "param-range" if outside else "param-default"
        _report(parameter, rule, f"the default {fault}.", findings)
    texts = [default] if isinstance(default, str) else default if isinstance(default, list) else []
    free = parameter.type is ParameterType.TEXT or parameter.of is ParameterType.TEXT
    if free and any(isinstance(text, str) and has_role_word(text) for text in texts):
        _report(parameter, "param-default", "the default contains a role word.", findings)


def _check_printed(parameter: Parameter, findings: FindingList) -> None:
    """Options and column titles are printed as they stand: short, and without role words."""
    columns = parameter.columns
    options = [*parameter.options, *(option for column in columns for option in column.options)]
    for option in options:
        if len(option.printed.split()) > MAX_PRINTED_WORDS:
            message = f"the option {option.value} prints more than {MAX_PRINTED_WORDS} words."
            _report(parameter, "enum-print-long", message, findings)
    for text in [option.printed for option in options] + [column.title for column in columns]:
        if has_role_word(text):
            _report(parameter, "role-form", f"{shorten(text)!r} prints a role word unchanged.", findings)


_OUTSIDE = ("is more", "is less", "is longer", "has more than", "has fewer")  # faults of range, not form

_REMEDIES = {
    "param-range": "Correct min, max or the default.",
    "param-default": "Correct the default or remove it.",
    "enum-print-long": "Shorten what the option prints.",
    "role-form": "Word it without “Assistant” and “Client”.",
}


def _report(parameter: Parameter, rule: str, message: str, findings: FindingList) -> None:
    text = f"Parameter {parameter.name}: {message}"
    findings.error(rule, parameter.line, text, _REMEDIES[rule], parameter.name)
