"""Valid answers for any question, made from its type and limits."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from app.domain.answers import SignerAnswer
from app.domain.clause import Answer, Clause, Column, Option, Parameter, ParameterType
from app.domain.contract_template import ContractTemplate
from app.domain.guidance.advice import Guidance

TEXTS = (
    "Larkfield Bookkeeping Ltd",
    "O'Neil & S\u00f8n (\"the shop\"), 2nd floor",
    "The Assistant of the Client",
    "invoices; receipts, and so on",
    "5 days",
    "Nora Whitlow",
)
COUNTRIES = ("PH", "GB", "US", "DE", "IN", "BR")
SIGNERS = (
    SignerAnswer("Liza Santos", "liza@santos.example", "for herself"),
    SignerAnswer("Nora Whitlow", "nora@larkfield.example", "director"),
)


def answer_questions(
    clauses: Iterable[Clause], guidance: Guidance, chance: random.Random, *, every: bool, most: bool
) -> dict[str, dict[str, Answer]]:
    """Answers to the questions of these clauses.

    every: also where something is recommended or usual; else only what a person must answer.
    most: as many entries in lists and tables, and as long texts, as fit; else as few.
    """
    found: dict[str, dict[str, Answer]] = {}
    for clause in clauses:
        for name, parameter in clause.parameters.items():
            usual = parameter.default is not None or f"{clause.family}.{name}" in guidance.answers
            if every or not usual:
                found.setdefault(clause.family, {})[name] = valid_answer(parameter, chance, most=most)
    return found


def answer_signers(template: ContractTemplate) -> Mapping[str, SignerAnswer]:
    return {role.id: SIGNERS[index % 2] for index, role in enumerate(template.signer_roles)}


def valid_answer(parameter: Parameter, chance: random.Random, *, most: bool) -> Answer:
    match parameter.type:
        case ParameterType.YESNO:
            return chance.random() < 0.5
        case ParameterType.INTEGER:
            low = int(parameter.minimum or 0)
            return chance.choice((low, int(parameter.maximum or low + 30)))
        case ParameterType.LIST:
            return _list(parameter, chance, most)
        case ParameterType.TABLE:
            rows = _count(parameter, most, limit=4)
            return [{column.name: _cell(column, chance) for column in parameter.columns} for _ in range(rows)]
    return _scalar(
        parameter.type, parameter.options, parameter.max_length, parameter.minimum, parameter.maximum, chance
    )


def _list(parameter: Parameter, chance: random.Random, most: bool) -> Answer:
    if parameter.of is ParameterType.ENUM:
        values = [option.value for option in parameter.options]
        wanted = len(values) if most else max(parameter.min_items, 1)
        some = set(chance.sample(values, min(wanted, parameter.max_items or wanted)))
        return [value for value in values if value in some]
    texts = list(dict.fromkeys(text[: parameter.max_length] for text in TEXTS))
    return texts[: _count(parameter, most, limit=len(texts))]


def _count(parameter: Parameter, most: bool, *, limit: int) -> int:
    return min(limit, parameter.max_items or limit) if most else parameter.min_items


def _cell(column: Column, chance: random.Random) -> str:
    if column.type is ParameterType.INTEGER:
        return "12"
    return _scalar(column.type, column.options, column.max_length, None, None, chance)


def _scalar(
    kind: ParameterType,
    options: tuple[Option, ...],
    max_length: int | None,
    low: str | None,
    high: str | None,
    chance: random.Random,
) -> str:
    match kind:
        case ParameterType.ENUM:
            return chance.choice(options).value
        case ParameterType.MONEY:
            return high or str(int(low or 0) + 1250)
        case ParameterType.PERCENT:
            return low or high or "2.5"
        case ParameterType.DATE:
            first = date.fromisoformat(low or "2027-01-31")
            return high or (first + timedelta(days=chance.randrange(300))).isoformat()
        case ParameterType.COUNTRY:
            return chance.choice(COUNTRIES)
        case ParameterType.EMAIL:
            return "ann.o'neil+work@example.com"
    return chance.choice(TEXTS)[:max_length].strip()
