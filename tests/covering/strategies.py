"""Hypothesis strategies: any answer that a question accepts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from app.domain.clause import Answer, Clause, Column, Parameter, ParameterType
from app.domain.contract_template import Library

# No controls, line ends, surrogates, direction marks or noncharacters: the question refuses those.
_LETTERS = st.characters(
    exclude_categories=("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"), exclude_characters="\u200e\u200f\u061c"
)
_EMAILS = st.sampled_from(("a@b.example", "liza.santos+x@mail.example", "o'neil@shop.example"))


def texts(max_length: int) -> st.SearchStrategy[str]:
    """One line without spaces around it."""
    plain = st.text(_LETTERS, min_size=1, max_size=min(max_length, 30)).map(str.strip)
    return plain.filter(bool) | st.sampled_from(("{{7*7}}", "{ref:x}", "[[Thing]]", "<b>", "Client"))


def answers_to(library: Library, parameter: Parameter) -> st.SearchStrategy[Answer]:
    """Any valid answer as it is stored."""
    low, high = parameter.minimum, parameter.maximum
    match parameter.type:
        case ParameterType.YESNO:
            return st.booleans()
        case ParameterType.INTEGER:
            return st.integers(int(low or 0), int(high or 1000))
        case ParameterType.MONEY:
            return st.integers(int(low or 1), int(Decimal(high or "999999"))).map(str)
        case ParameterType.PERCENT:
            return st.integers(int(Decimal(low or "0")), int(Decimal(high or "100"))).map(str)
        case ParameterType.DATE:
            first, last = low or "2026-01-01", high or "2040-12-31"
            return st.dates(date.fromisoformat(first), date.fromisoformat(last)).map(date.isoformat)
        case ParameterType.COUNTRY:
            is_law = parameter.name == "governing_law"  # which may be that of a state
            return st.sampled_from([code for code in library.jurisdictions if is_law or "-" not in code])
        case ParameterType.EMAIL:
            return _EMAILS
        case ParameterType.ENUM:
            return st.sampled_from([option.value for option in parameter.options])
        case ParameterType.LIST:
            return _lists(parameter)
        case ParameterType.TABLE:
            cells = {column.name: _cells(library, column) for column in parameter.columns}
            row = st.fixed_dictionaries(cells)
            return st.lists(row, min_size=parameter.min_items, max_size=min(parameter.max_items or 3, 3))
    return texts(parameter.max_length or 100)


def _lists(parameter: Parameter) -> st.SearchStrategy[Answer]:
    most = min(parameter.max_items or 5, 5)
    if parameter.of is not ParameterType.ENUM:
        elements = texts(parameter.max_length or 100)
        return st.lists(elements, min_size=parameter.min_items, max_size=most, unique=True)
    order = [option.value for option in parameter.options]
    chosen = st.sets(st.sampled_from(order), min_size=parameter.min_items)
    return chosen.map(lambda some: [value for value in order if value in some])


def _cells(library: Library, column: Column) -> st.SearchStrategy[str]:
    parameter = Parameter(
        column.name, column.type, column.title, "", max_length=column.max_length, options=column.options
    )
    return answers_to(library, parameter).map(str)


def family_answers(
    library: Library, clauses: list[Clause]
) -> st.SearchStrategy[Mapping[str, dict[str, Answer]]]:
    """Answers to every question of these clauses."""
    return st.fixed_dictionaries(
        {
            clause.family: st.fixed_dictionaries(
                {name: answers_to(library, one) for name, one in clause.parameters.items()}
            )
            for clause in clauses
        }
    )
