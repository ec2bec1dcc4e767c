"""What an agreement says and how it stands: its text, findings, coverage and review state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.agreement import Agreement
from app.domain.agreement_text import AgreementText
from app.domain.answers import Answers
from app.domain.assembly import print_agreement
from app.domain.contract_template import ContractTemplate, Library
from app.domain.coverage import Coverage, compute_coverage
from app.domain.errors import NotFound
from app.domain.finding import Finding, has_errors
from app.domain.guidance.guide import effective_fact
from app.domain.lint.agreement_rules import lint_agreement
from app.domain.outline import outline_agreement
from app.domain.review import ReviewState, review_note, review_state
from app.services.recent_texts import AssessedText, RecentTexts
from app.toolkit import UnitOfWork

REVIEWED_FOR = ("governing_law", "assistant_country")
_RECENT = RecentTexts()


@dataclass(frozen=True, slots=True)
class Assessment:
    """`text` is exactly what would be frozen if the agreement were sent now.

    draft_digest: the digest of the text without its review note; a lawyer approves this one.
    """

    text: AgreementText
    findings: tuple[Finding, ...]
    coverage: Coverage
    review: ReviewState
    draft_digest: str

    @property
    def may_be_sent(self) -> bool:
        return not has_errors(self.findings)


def find_template(library: Library, template_id: str) -> ContractTemplate:
    """Raises NotFound that lists the contract templates there are."""
    template = library.contract_templates.get(template_id)
    if template is None:
        raise NotFound(
            "contract-template-not-found",
            f"There is no contract template \u201c{template_id}\u201d.",
            f"Choose one of: {', '.join(sorted(library.contract_templates))}.",
        )
    return template


def assess_answers(
    library: Library, template_id: str, answers: Answers, *, number: str = ""
) -> tuple[AgreementText, tuple[Finding, ...], Coverage]:
    """Assemble, lint and measure coverage, without any stored state."""
    made = assess_text(library, template_id, answers, number=number)
    return made.text, made.findings, made.coverage


def assess_text(library: Library, template_id: str, answers: Answers, *, number: str = "") -> AssessedText:
    """The same with the digest of the text; what was assembled lately comes from memory."""
    template = find_template(library, template_id)

    def make() -> AssessedText:
        outline = outline_agreement(library, template, answers)
        text = print_agreement(outline, number=number)
        return AssessedText(
            text,
            lint_agreement(library, template, answers, text, outline),
            compute_coverage(library, template, text),
            text.digest,
        )

    return _RECENT.find_or_make(library, template_id, answers, number, make)


def assess_agreement(unit: UnitOfWork, library: Library, agreement: Agreement, at: datetime) -> Assessment:
    """Assess a stored agreement with the sign-offs and the approval it has."""
    made = assess_text(library, agreement.contract_template, agreement.answers, number=agreement.number)
    state = review_state(
        made.text,
        unit.sign_offs.of_digests({clause.digest for clause in made.text.clauses()}),
        jurisdictions=review_jurisdictions(library, agreement.contract_template, agreement.answers),
        at=at,
        text_approved=agreement.is_approved(made.digest),
    )
    # The note is printed, so it belongs to the frozen text; an approved text carries none.
    note = review_note(state, overridden=bool(agreement.override_reason) and not state.passes)
    text = replace(made.text, review_note=note)
    return Assessment(text, made.findings, made.coverage, state, made.digest)


def review_jurisdictions(library: Library, template_id: str, answers: Answers) -> tuple[str, ...]:
    """The laws that a sign-off must hold for: the governing law and the Assistant's country."""
    template = find_template(library, template_id)
    facts = (effective_fact(library, template, answers, name) for name in REVIEWED_FOR)
    return tuple(sorted({code for code in facts if isinstance(code, str) and code}))
