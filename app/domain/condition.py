"""Condition expressions of clause files: parsed into a small tree of our own, never executed.

An expression compares the clause's own parameters and `deal.x` facts with literals. What
has not been answered yet makes the result open (None) by three-valued logic, unless the
rest of the expression decides it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from app.domain.comparison import Scalar, Value, compare
from app.domain.errors import InvalidInput

MAX_LENGTH = 500  # characters; the longest useful condition has a tenth of that

Lookup: TypeAlias = Callable[[str], Value | None]


@dataclass(frozen=True, slots=True)
class Literal:
    value: Scalar


@dataclass(frozen=True, slots=True)
class ListLiteral:
    items: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A parameter, or a fact with its `deal.` prefix."""

    name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Operand
    operator: str  # one of == != < <= > >= in, not in
    right: Operand


@dataclass(frozen=True, slots=True)
class Not:
    inner: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]


Operand: TypeAlias = Literal | ListLiteral | Name
Condition: TypeAlias = Name | Literal | Comparison | Not | AllOf | AnyOf

_OPERATORS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not in",
}


# --- parsing ---------------------------------------------------------------------------


def parse_condition(text: str) -> Condition:
    """Parse one expression. Raises InvalidInput (`condition-syntax`) for everything outside the language."""
    if len(text) > MAX_LENGTH:
        raise _refusal(f"The condition is longer than {MAX_LENGTH} characters.")
    if "\\" in text:
        raise _refusal("The condition contains a backslash.")
    try:
        # Only the syntax tree is taken from Python; nothing of it is compiled or run.
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refusal(f"The condition {text!r} cannot be read.") from None
    return _condition(tree.body)


def _condition(node: ast.expr) -> Condition:
    match node:
        case ast.BoolOp(op=ast.And(), values=values):
            return AllOf(tuple(_condition(value) for value in values))
        case ast.BoolOp(values=values):
            return AnyOf(tuple(_condition(value) for value in values))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_condition(operand))
        case ast.Compare(left=left, ops=operators, comparators=rights):
            return _comparisons(left, operators, rights)
        case ast.Constant(value=bool() as value):
            return Literal(value)
        case ast.Name() | ast.Attribute():
            return _name(node)
    raise _refusal(f"The condition uses {ast.unparse(node)!r} where a yes or no is needed.")


def _comparisons(left: ast.expr, operators: list[ast.cmpop], rights: list[ast.expr]) -> Condition:
    """A comparison, or the chain `a < b < c` as both of its halves."""
    parts: list[Condition] = []
    for operator, right in zip(operators, rights, strict=True):
        symbol = _OPERATORS.get(type(operator))
        if symbol is None:
            raise _refusal("The condition uses a comparison that does not exist here.")
        comparison = Comparison(_operand(left), symbol, _operand(right))
        if symbol in ("in", "not in") and isinstance(comparison.right, Literal):
            raise _refusal(f"The right side of {symbol!r} is not a list.")
        parts.append(comparison)
        left = right
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def _operand(node: ast.expr) -> Operand:
    if isinstance(node, ast.List | ast.Tuple):
        return ListLiteral(tuple(_literal(item) for item in node.elts))
    if isinstance(node, ast.Name | ast.Attribute):
        return _name(node)
    return _literal(node)


def _name(node: ast.Name | ast.Attribute) -> Name:
    match node:
        case ast.Name(id=name):
            return Name(name)
        case ast.Attribute(value=ast.Name(id="deal"), attr=fact):
            return Name(f"deal.{fact}")
    raise _refusal(f"{ast.unparse(node)!r} is neither a parameter nor a fact of the deal.")


def _literal(node: ast.expr) -> Literal:
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)) if (
            not isinstance(value, bool)
        ):
            return Literal(-_number(value))
        case ast.Constant(value=bool() | str() as value):
            return Literal(value)
        case ast.Constant(value=int() | float() as value):
            return Literal(_number(value))
    raise _refusal(f"{ast.unparse(node)!r} is not a text, a number, True, False or a list of these.")


def _number(value: int | float) -> int | Decimal:
    if isinstance(value, int):
        return value
    exact = Decimal(repr(value))
    if not exact.is_finite():
        raise _refusal("The condition contains a number that is too large.")
    return exact


def _refusal(message: str) -> InvalidInput:
    return InvalidInput(
        "condition-syntax",
        message,
        "Use parameters, deal.x, literals, == != < <= > >= in, not in, and, or, not.",
    )


# --- names -----------------------------------------------------------------------------


def names_used(condition: Condition) -> frozenset[str]:
    """All parameters, and facts with their `deal.` prefix, on which the condition depends."""
    return frozenset(_names(condition))


def _names(condition: Condition) -> Iterator[str]:
    match condition:
        case Name(name):
            yield name
        case Comparison(left, _, right):
            yield from (side.name for side in (left, right) if isinstance(side, Name))
        case Not(inner):
            yield from _names(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _names(part)


def comparisons_of(condition: Condition) -> Iterator[Comparison]:
    match condition:
        case Comparison():
            yield condition
        case Not(inner):
            yield from comparisons_of(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from comparisons_of(part)


def yes_no_names(condition: Condition) -> Iterator[str]:
    """Names that stand alone, so that only a yes or no makes sense for them."""
    match condition:
        case Name(name):
            yield name
        case Not(inner):
            yield from yes_no_names(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from yes_no_names(part)


# --- evaluation ------------------------------------------------------------------------


def evaluate(condition: Condition, lookup: Lookup) -> bool | None:
    """True, False, or None while a missing (or unfitting) answer leaves the result open.

    `lookup` gives the answer of a parameter or `deal.x`, None where there is none.
    """
    match condition:
        case Literal(value):
            return value if isinstance(value, bool) else None
        case Name(name):
            answer = lookup(name)
            return answer if isinstance(answer, bool) else None
        case Not(inner):
            result = evaluate(inner, lookup)
            return None if result is None else not result
        case AllOf(parts):
            return _all(evaluate(part, lookup) for part in parts)
        case AnyOf(parts):
            inverted = _all(_inverse(evaluate(part, lookup)) for part in parts)
            return _inverse(inverted)
        case Comparison(left, operator, right):
            return compare(_resolve(left, lookup), operator, _resolve(right, lookup))


def _inverse(result: bool | None) -> bool | None:
    return None if result is None else not result


def _all(results: Iterator[bool | None]) -> bool | None:
    open_parts = False
    for result in results:
        if result is False:
            return False
        open_parts = open_parts or result is None
    return None if open_parts else True


def _resolve(operand: Operand, lookup: Lookup) -> Value | None:
    match operand:
        case Literal(value):
            return value
        case ListLiteral(items):
            return [item.value for item in items]
        case Name(name):
            return lookup(name)
