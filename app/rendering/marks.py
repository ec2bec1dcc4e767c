"""The words CONFIDENTIAL and DRAFT on every page, as the printed text asks for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.domain.agreement_text import AgreementText, ClauseText, Paragraph, Run, RunKind
from app.rendering.direction import join_plain

CONFIDENTIAL = "CONFIDENTIAL"
DRAFT = "DRAFT"
MARKING_FAMILY = "marking"
LABEL = "marking.label"
STAMPED = "strict"  # the position under which documents are stamped, not only labelled


@dataclass(frozen=True, slots=True)
class Marks:
    """head: words of the running head, or "". watermark: the word across each page, or ""."""

    head: str
    watermark: str


def marks_of(text: AgreementText, *, draft: bool) -> Marks:
    """The agreement bears the label that its own marking clause demands of confidential documents.

    The label stands in the running head; under the clause's strict position it lies across the
    pages too. On a draft the word DRAFT takes that place.
    """
    clause = next((clause for clause in text.clauses() if clause.family == MARKING_FAMILY), None)
    label = ""
    if text.confidential:
        label = (_label_of(clause) if clause else "") or CONFIDENTIAL
    stamped = label if clause and clause.position == STAMPED else ""
    return Marks(join_plain((DRAFT if draft else "", label)), DRAFT if draft else stamped)


def _label_of(clause: ClauseText) -> str:
    """The label as the clause prints it, "" while it is still asked for."""
    runs = _runs(clause.paragraphs)
    return next((run.text for run in runs if run.kind is RunKind.ANSWER and run.target == LABEL), "")


def _runs(paragraphs: tuple[Paragraph, ...]) -> Iterator[Run]:
    for paragraph in paragraphs:
        yield from paragraph.runs
        yield from _runs(paragraph.children)
