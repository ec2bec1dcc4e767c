"""The lint of one agreement: every rule once, errors first. Errors block sending."""

from __future__ import annotations

from app.domain.agreement_text import AgreementText
from app.domain.answers import Answers
from app.domain.contract_template import ContractTemplate, Library
from app.domain.finding import Finding, Severity
from app.domain.lint import advice_rules, answer_rules, enforcement_rules, selection_rules, text_rules
from app.domain.lint.examination import Rule, examine
from app.domain.outline import Outline

RULES: tuple[Rule, ...] = (
    *selection_rules.RULES,
    *text_rules.RULES,
    *answer_rules.RULES,
    *advice_rules.RULES,
    *enforcement_rules.RULES,
)
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def lint_agreement(
    library: Library,
    contract_template: ContractTemplate,
    answers: Answers,
    text: AgreementText,
    outline: Outline | None = None,
) -> tuple[Finding, ...]:
    """All findings on `text`, which was assembled from the same three.

    outline: the one from which `text` was printed, where it is at hand.
    """
    seen = examine(library, contract_template, answers, text, outline)
    findings = [finding for rule in RULES for finding in rule(seen)]
    return tuple(sorted(findings, key=lambda finding: _ORDER.index(finding.severity)))
