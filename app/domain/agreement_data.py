"""`agreement.json`: the machine-readable side of an agreement, attached to its PDF.

An allow-list, made from the printed tree alone, so that nothing can get in that does not
stand on the paper: clause ids, versions, digests and positions, and the answers printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.agreement_text import AgreementText, Paragraph, Run, RunKind, TextTable, text_of
from app.domain.digest import canonical_json

SCHEMA = "agreement/1"


def agreement_data(text: AgreementText) -> dict[str, Any]:
    """The content of agreement.json as plain JSON values."""
    return {
        "schema": SCHEMA,
        "number": text.number,
        "title": text.title,
        "language": text.language,
        "contract_template": {"id": text.contract_template, "version": text.contract_template_version},
        "text_digest": text.digest,
        "clauses": [
            {
                "number": clause.number,
                "id": clause.clause_id,
                "family": clause.family,
                "position": clause.position,
                "version": clause.version,
                "digest": clause.digest,
            }
            for clause in text.clauses()
        ],
        "key_terms": [
            {"label": term.label, "value": text_of(term.value), "reference": term.reference}
            for term in text.key_terms
        ],
        "answers": _printed_answers(text),
        "signers": [
            {"role": block.role, "name": block.name, "capacity": block.capacity, "party": block.party}
            for block in text.signature_blocks
        ],
    }


def agreement_json(text: AgreementText) -> bytes:
    """agreement.json as it is stored and attached: canonical JSON with a final line feed."""
    return canonical_json(agreement_data(text)) + b"\n"


def _printed_answers(text: AgreementText) -> dict[str, list[str]]:
    """Every answer that is printed, by its question; a list of several printings in order."""
    answers: dict[str, list[str]] = {}
    for run in _all_runs(text):
        if run.kind is RunKind.ANSWER and run.target:
            printings = answers.setdefault(run.target, [])
            if run.text not in printings:
                printings.append(run.text)
    return answers


def _all_runs(text: AgreementText) -> Iterator[Run]:
    for clause in text.clauses():
        yield from _paragraph_runs(clause.paragraphs)
    for schedule in text.schedules:
        for block in schedule.blocks:
            if isinstance(block, TextTable):
                for row in block.rows:
                    for cell in row:
                        yield from cell
            else:
                yield from _paragraph_runs((block,))


def _paragraph_runs(paragraphs: Iterable[Paragraph]) -> Iterator[Run]:
    for paragraph in paragraphs:
        yield from paragraph.runs
        yield from _paragraph_runs(paragraph.children)
