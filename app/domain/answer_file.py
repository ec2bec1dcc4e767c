"""Answers from a TOML or JSON file: the form of `Answers.to_json`, checked question by question.

    [deal]                        governing_law = "GB"
    [positions]                   take-home = "standard"      # or "none" to leave a family out
    [signers.client]              name, email, capacity
    [answers.take-home]           erase_hours = 24
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.answer_checks import INVALID, check_answer
from app.domain.answers import LEFT_OUT, Answers, SignerAnswer
from app.domain.clause import Answer, Parameter
from app.domain.contract_template import ContractTemplate, Library, SignerRole
from app.domain.deal import DEAL
from app.domain.errors import InvalidInput
from app.domain.finding import Finding, Severity
from app.domain.questionnaire import SIGNER_FIELDS, SIGNERS, signer_parameter

UNKNOWN = "answer-unknown"
TABLES = ("deal", "positions", "signers", "answers")
PLAIN_KEYS = ("number",)  # the owner's reference; read by whoever reads the file


def read_answers(
    library: Library, contract_template: ContractTemplate, data: Mapping[str, object]
) -> tuple[Answers, tuple[Finding, ...]]:
    """The answers that can be used, and a finding (`answer-invalid`, `answer-unknown`) for each other."""
    reader = _Reader(library, contract_template)
    for key in data:
        if key not in TABLES + PLAIN_KEYS:
            reader.unknown(str(key), f"A file of answers has the tables {', '.join(TABLES)}.")
    answers = Answers(
        facts=dict(reader.facts(reader.table(data, "deal"))),
        positions=dict(reader.positions(reader.table(data, "positions"))),
        signers=dict(reader.signers(reader.table(data, "signers"))),
        families=dict(reader.families(reader.table(data, "answers"))),
    )
    return answers, tuple(reader.findings)


class _Reader:
    """Reads one file and gathers what is wrong with it."""

    def __init__(self, library: Library, contract_template: ContractTemplate) -> None:
        self._library = library
        self._template = contract_template
        self.findings: list[Finding] = []

    def table(self, data: Mapping[str, object], key: str) -> Mapping[str, object]:
        found = data.get(key, {})
        if isinstance(found, Mapping):
            return found
        self._report(INVALID, key, f"{key} is not a table.", f"Write it as [{key}].")
        return {}

    def facts(self, table: Mapping[str, object]) -> Iterator[tuple[str, Answer]]:
        for name, raw in table.items():
            fact = self._template.facts.get(name)
            if fact is None:
                self.unknown(DEAL + name, "The contract template does not ask for that fact.")
                continue
            yield from self._checked(DEAL + name, fact, raw)

    def positions(self, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
        slots = {slot.family for slot in self._template.slots()}
        for family, position in table.items():
            key = f"positions.{family}"
            if family not in slots:
                self.unknown(key, "The contract template has no such family.")
            elif isinstance(position, str) and self._is_position(family, position):
                yield family, position
            else:
                offered = [str(clause.position) for clause in self._library.positions_of(family)]
                remedy = f"Write one of {', '.join([*offered, LEFT_OUT])}."
                self._report(INVALID, key, f"{family} has no position {position!r}.", remedy)

    def signers(self, table: Mapping[str, object]) -> Iterator[tuple[str, SignerAnswer]]:
        roles = {role.id: role for role in self._template.signer_roles}
        for role_id in table:
            if role_id not in roles:
                self.unknown(f"{SIGNERS}.{role_id}", f"The signers are {', '.join(roles)}.")
                continue
            yield role_id, self._signer(roles[role_id], self.table(table, role_id))

    def families(self, table: Mapping[str, object]) -> Iterator[tuple[str, Mapping[str, Answer]]]:
        for family in table:
            known = self._parameters(family)
            values: dict[str, Answer] = {}
            for name, raw in self.table(table, family).items():
                key = f"{family}.{name}"
                if name in known:
                    values.update(dict(self._checked(key, known[name], raw)))
                else:
                    self.unknown(key, f"{family} asks: {', '.join(known) or 'nothing'}.")
            if values:
                yield family, values

    def unknown(self, key: str, reason: str) -> None:
        self._report(UNKNOWN, key, f"There is no question {key}.", reason)

    def _checked(self, key: str, parameter: Parameter, raw: object) -> Iterator[tuple[str, Answer]]:
        try:
            yield parameter.name, check_answer(parameter, raw, self._library)
        except InvalidInput as error:
            self._report(INVALID, key, error.message, error.remedy)

    def _signer(self, role: SignerRole, given: Mapping[str, object]) -> SignerAnswer:
        for name in given:
            if name not in SIGNER_FIELDS:
                self.unknown(f"{SIGNERS}.{role.id}.{name}", f"A signer has {', '.join(SIGNER_FIELDS)}.")
        values = {field: self._signer_field(role, field, given.get(field, "")) for field in SIGNER_FIELDS}
        return SignerAnswer(values["name"], values["email"], values["capacity"])

    def _signer_field(self, role: SignerRole, field: str, raw: object) -> str:
        if raw == "":
            return ""  # missing, which the lint reports as `signer-missing`
        key = f"{SIGNERS}.{role.id}.{field}"
        return next((str(value) for _, value in self._checked(key, signer_parameter(role, field), raw)), "")

    def _parameters(self, family: str) -> Mapping[str, Parameter]:
        """The questions of all positions of a family; answers survive a change of position."""
        clauses = reversed(self._library.positions_of(family))
        return {name: parameter for clause in clauses for name, parameter in clause.parameters.items()}

    def _is_position(self, family: str, position: str) -> bool:
        return position == LEFT_OUT or self._library.clause(family, position) is not None

    def _report(self, rule: str, key: str, message: str, remedy: str) -> None:
        self.findings.append(Finding(rule, Severity.ERROR, message, remedy, where=key, subject=key))

