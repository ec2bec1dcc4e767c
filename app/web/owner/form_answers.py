"""Answers as a form gives them: which fields belong to a question, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from app.domain.clause import ParameterType
from app.domain.questionnaire import Question

FIELD = "a:"
PRESENT = ":here"  # says that the form asked, where no box was ticked or no row is left
LARGEST_ROW = 200
_CELL = re.compile(r"([0-9]{1,3}):([a-z][a-z0-9_]*)", re.ASCII)


def field_name(question: Question) -> str:
    return FIELD + question.key


def is_many(question: Question) -> bool:
    """Whether the question is answered by ticking boxes."""
    parameter = question.parameter
    return parameter.type is ParameterType.LIST and parameter.of is ParameterType.ENUM


def read_answers(form: MultiDict[str, str], questions: tuple[Question, ...]) -> dict[str, object]:
    """Question key -> what was entered, for those questions that the form asked. Nothing is checked."""
    given: dict[str, object] = {}
    for question in questions:
        name = field_name(question)
        if question.parameter.type is ParameterType.TABLE:
            if name + PRESENT in form:
                given[question.key] = _read_rows(form, name)
        elif is_many(question):
            if name + PRESENT in form:
                given[question.key] = form.getlist(name)
        elif name in form:
            given[question.key] = form[name]
    return given


def _read_rows(form: MultiDict[str, str], name: str) -> list[dict[str, str]]:
    """The rows in their order, without those that are empty."""
    rows: dict[int, dict[str, str]] = {}
    for field, value in form.items():
        cell = _CELL.fullmatch(field.removeprefix(name + ":")) if field.startswith(name + ":") else None
        if cell and int(cell[1]) <= LARGEST_ROW:
            rows.setdefault(int(cell[1]), {})[cell[2]] = value
    return without_empty_rows([rows[number] for number in sorted(rows)])


def without_empty_rows(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if any(value.strip() for value in row.values())]


def read_json_answer(value: object) -> object:
    """The same from a script: a text, a list of texts, or rows of texts; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    if isinstance(value, list) and all(_is_row(item) for item in value):
        return without_empty_rows(value)
    return None


def _is_row(item: object) -> bool:
    return isinstance(item, Mapping) and all(isinstance(cell, str) for cell in item.values())
