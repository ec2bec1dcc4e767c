"""Comparing answers in conditions: money and percent as decimals, lists by their elements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias, TypeGuard

Scalar: TypeAlias = str | int | bool | Decimal
# What an answer may be: a scalar, or a list (of strings, or of table rows).
Value: TypeAlias = Scalar | Sequence[object]

_DECIMAL = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?", re.ASCII)


def compare(left: Value | None, operator: str, right: Value | None) -> bool | None:
    """`left operator right`; None where a side is missing or the two have no such relation."""
    if left is None or right is None:
        return None
    match operator:
        case "==":
            return _equal(left, right)
        case "!=":
            return not _equal(left, right)
        case "in":
            return _contains(right, left)
        case "not in":
            contained = _contains(right, left)
            return None if contained is None else not contained
    return _ordered(left, operator, right)


def _equal(left: object, right: object) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if _is_list(left) and _is_list(right):
        return list(left) == list(right)
    numbers = _as_numbers(left, right)
    return numbers[0] == numbers[1] if numbers else left == right


def _contains(container: Value, element: Value) -> bool | None:
    if not _is_list(container):
        return None
    return any(_equal(item, element) for item in container)


def _ordered(left: Value, operator: str, right: Value) -> bool | None:
    """Numbers as decimals, two texts (ISO dates) as texts; nothing else has an order."""
    sign: int
    if numbers := _as_numbers(left, right):
        sign = (numbers[0] > numbers[1]) - (numbers[0] < numbers[1])
    elif isinstance(left, str) and isinstance(right, str):
        sign = (left > right) - (left < right)
    else:
        return None
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def _as_numbers(left: object, right: object) -> tuple[Decimal, Decimal] | None:
    """Both values as decimals: money and percent are stored as decimal strings."""
    first, second = _as_number(left), _as_number(right)
    return None if first is None or second is None else (first, second)


def _as_number(value: object) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def _is_list(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str)
