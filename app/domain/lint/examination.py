"""What every rule for agreements looks at: the text, and the skeleton it was printed from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.agreement_text import AgreementText
from app.domain.answer_limits import name_of
from app.domain.answers import Answers
from app.domain.clause import Clause, Parameter
from app.domain.contract_template import ContractTemplate, Library
from app.domain.finding import Finding, Severity
from app.domain.outline import Outline, outline_agreement
from app.domain.printed_runs import PlacedRuns, placed_runs
from app.domain.printing import join_words
from app.domain.questionnaire import Questionnaire, read_questionnaire
from app.domain.typography import print_heading


@dataclass(frozen=True, slots=True)
class Examination:
    """One agreement under the lint; made once and shared by all rules."""

    library: Library
    contract_template: ContractTemplate
    answers: Answers
    text: AgreementText
    outline: Outline
    questionnaire: Questionnaire
    runs: tuple[PlacedRuns, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return self.outline.deal.selection.clauses

    def place_of(self, family: str) -> str:
        """ "clause 7", or the family where it is not in the agreement."""
        for clause in self.text.clauses():
            if clause.family == family:
                return f"{self.text.unit_word} {clause.number}"
        return family

    def label(self, parameter: Parameter) -> str:
        """How the paper names the question, in typographic quotes."""
        named = print_heading(name_of(parameter), self.contract_template.role_words)
        return f"\u201c{named}\u201d"

    def numbers(self, families: Iterable[str]) -> str:
        """ "clauses 5, 11 and 17" of families that are in the agreement."""
        wanted = set(families)
        found = [clause.number for clause in self.text.clauses() if clause.family in wanted]
        unit = self.text.unit_word + ("s" if len(found) > 1 else "")
        return f"{unit} {join_words(found, 'and')}"


Rule: TypeAlias = Callable[[Examination], Iterator[Finding]]


def examine(
    library: Library,
    contract_template: ContractTemplate,
    answers: Answers,
    text: AgreementText,
    outline: Outline | None = None,
) -> Examination:
    outline = outline or outline_agreement(library, contract_template, answers)
    return Examination(
        library=library,
        contract_template=contract_template,
        answers=answers,
        text=text,
        outline=outline,
        questionnaire=read_questionnaire(outline.deal),
        runs=tuple(placed_runs(text)),
    )


def error(rule: str, message: str, remedy: str, *, where: str = "", subject: str = "") -> Finding:
    return Finding(rule, Severity.ERROR, message, remedy, where=where, subject=subject)


def warning(rule: str, message: str, remedy: str, *, where: str = "", subject: str = "") -> Finding:
    return Finding(rule, Severity.WARNING, message, remedy, where=where, subject=subject)


def info(rule: str, message: str, remedy: str, *, where: str = "", subject: str = "") -> Finding:
    return Finding(rule, Severity.INFO, message, remedy, where=where, subject=subject)
