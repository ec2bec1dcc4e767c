"""Inline text of clauses as final runs: words, terms, answers, references and role words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.agreement_text import Run, RunKind, Runs
from app.domain.clause import (
    Clause,
    Definition,
    FactUse,
    Inline,
    ParameterUse,
    Reference,
    ReferenceList,
    Role,
    RoleUse,
    TermUse,
    Words,
)
from app.domain.deal import Deal
from app.domain.printing import BUSINESS_DAY_TERM, blank, print_fact, print_parameter
from app.domain.references import ReferenceBook
from app.domain.terms import anchor_of_term
from app.domain.typography import typographic

# After one of these a quotation mark opens.
_BEFORE_OPENING_QUOTE = frozenset(" \u00a0([\u2013\u2014/\u201c\u2018")


@dataclass(frozen=True, slots=True)
class TextPrinter:
    """Prints the inline text of one agreement.

    anchors: printed form of a term -> anchor of its definition; only terms that are defined.
    """

    deal: Deal
    references: ReferenceBook
    anchors: Mapping[str, str]
    role_words: Mapping[Role, str]

    def runs(self, clause: Clause, inlines: Sequence[Inline]) -> Runs:
        """The runs of one block of `clause`, nothing left to be filled in or resolved."""
        printed: list[Run] = []
        for inline in inlines:
            if isinstance(inline, Words):
                opens = not printed or printed[-1].text[-1:] in _BEFORE_OPENING_QUOTE
                _append_words(printed, typographic(inline.text, opens=opens))
            else:
                printed.extend(self._print(clause, inline))
        return tuple(printed)

    def waiting_runs(self, waiting: Sequence[str]) -> Runs:
        """Marks in front of a block that stands only until these questions are answered."""
        marks: list[Run] = []
        for key in waiting:
            mark = blank(self.deal, key)
            marks += (Run(mark.text[:-1] + "?]", RunKind.OPEN, key), Run(" "))
        return tuple(marks)

    def _print(self, clause: Clause, inline: Inline) -> Runs:
        match inline:
            case RoleUse(role):
                return (Run(self.role_words.get(role, str(role)), RunKind.ROLE),)
            case TermUse(form):
                return (Run(typographic(form, opens=False), RunKind.TERM, self.anchors.get(form, "")),)
            case Definition(term):
                quoted = f"\u201c{typographic(term, opens=False)}\u201d"
                return (Run(quoted, RunKind.DEFINITION, anchor_of_term(term)),)
            case ParameterUse(name):
                return self._resolve_terms(print_parameter(self.deal, clause, name))
            case FactUse(name):
                return print_fact(self.deal, name)
            case Reference():
                return self.references.print_reference(clause, inline)
            case ReferenceList():
                return self.references.print_reference_list(inline)
            case Words(text):
                return (Run(typographic(text)),)

    def _resolve_terms(self, runs: Runs) -> Runs:
        """Units may use a term ("5 Business Days"), which must be defined like any other."""
        if all(run.kind is not RunKind.TERM for run in runs) or BUSINESS_DAY_TERM in self.anchors:
            return runs
        return tuple(Run(run.text, run.kind) if run.kind is RunKind.TERM else run for run in runs)


def _append_words(printed: list[Run], text: str) -> None:
    if not text:
        return
    if printed and printed[-1].kind is RunKind.TEXT:
        text = printed.pop().text + text
    printed.append(Run(text))
