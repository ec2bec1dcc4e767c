"""Review by a lawyer: the sign-off of a clause version, and the gate before sending.

A sign-off is bound to a clause digest, so any edit of a clause makes it count no longer.
Sending needs either a valid sign-off of every clause or an approval of the whole text;
the owner's override needs a written reason and is printed (design: two gates).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.agreement_text import AgreementText

EVERYWHERE = "*"


class Decision(StrEnum):
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class SignOff:
    """One decision of one lawyer on one clause version. Never changed; a later one supersedes it."""

    id: str
    clause_id: str
    clause_version: str
    clause_digest: str
    lawyer_id: str
    lawyer_name: str
    bar_number: str
    bar_jurisdiction: str
    decision: Decision
    jurisdictions: tuple[str, ...]  # governing laws it holds for; "*" for all
    contract_templates: tuple[str, ...]  # "*" for all
    conditions: str
    comment: str
    decided_at: datetime
    expires_at: datetime | None = None
    sample: bool = False

    def holds_for(self, contract_template: str, jurisdictions: Iterable[str], at: datetime) -> bool:
        """Whether this sign-off carries an agreement under these laws on this day."""
        if self.decision is Decision.REFUSED or (self.expires_at is not None and self.expires_at <= at):
            return False
        fits_template = EVERYWHERE in self.contract_templates or contract_template in self.contract_templates
        return fits_template and (
            EVERYWHERE in self.jurisdictions or all(code in self.jurisdictions for code in jurisdictions)
        )


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What the gate found: the clauses without a valid sign-off, and whether samples were used."""

    text_approved: bool
    waiting: tuple[str, ...]  # clause ids
    sample: bool

    @property
    def passes(self) -> bool:
        return self.text_approved or not self.waiting


def review_state(
    text: AgreementText,
    sign_offs: Iterable[SignOff],
    *,
    jurisdictions: tuple[str, ...],
    at: datetime,
    text_approved: bool = False,
) -> ReviewState:
    """Judge the gate for `text`. Of several decisions on one digest by one lawyer the last counts,
    and one lawyer's refusal outweighs another's approval."""
    latest: dict[tuple[str, str], SignOff] = {}
    for sign_off in sorted(sign_offs, key=lambda s: s.decided_at):
        latest[sign_off.clause_digest, sign_off.lawyer_id] = sign_off
    waiting: list[str] = []
    sample = False
    for clause in text.clauses():
        decisions = [s for (digest, _), s in latest.items() if digest == clause.digest]
        refused = any(s.decision is Decision.REFUSED for s in decisions)
        held = [s for s in decisions if s.holds_for(text.contract_template, jurisdictions, at)]
        if refused or not held:
            waiting.append(clause.clause_id)
        else:
            sample = sample or all(s.sample for s in held)
    return ReviewState(text_approved=text_approved, waiting=tuple(waiting), sample=sample)


def review_note(state: ReviewState, *, overridden: bool) -> str:
    """What the footer of the paper says of the review; "" where a lawyer's decision carries the text."""
    if not state.passes or overridden:
        return "Not reviewed by a lawyer"
    return "Review: SAMPLE, no lawyer has approved this text" if state.sample else ""
