"""The agreement: the deal, through its whole life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.actor import Actor
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.workflow import Action, AgreementStatus, next_step


@dataclass(frozen=True, slots=True)
class TextApproval:
    """A lawyer's approval of one whole text, bound to its digest."""

    lawyer_id: str
    lawyer_name: str
    text_digest: str
    decided_at: datetime
    comment: str = ""
    sample: bool = False  # made by the demo: shown as SAMPLE wherever it appears


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement. Changes go through `take`, so that no status changes without an event.

    revision counts saves: a save based on an older revision is refused.
    clause_versions: clause id -> digest of the present text; pinned when the agreement is sent.
    accepted_gaps: coverage code -> the owner's reason.
    """

    id: str
    number: str
    title: str
    contract_template: str
    contract_template_version: str
    answers: Answers
    status: AgreementStatus
    created_at: datetime
    updated_at: datetime
    text_digest: str = ""
    clause_versions: Mapping[str, str] = field(default_factory=dict)
    approval: TextApproval | None = None
    override_reason: str = ""
    accepted_gaps: Mapping[str, str] = field(default_factory=dict)
    current_envelope: str = ""
    revision: int = 0

    def take(
        self,
        action: Action,
        actor: Actor,
        at: datetime,
        *,
        digest: str = "",
        details: Mapping[str, str | int | bool] | None = None,
        personal: Mapping[str, str] | None = None,
    ) -> tuple[Agreement, AuditEvent]:
        """The agreement after `action`, and the event to be saved with it.

        Raises WrongState or NotAllowed by the workflow table.
        """
        step = next_step(self.status, action, actor)
        assert isinstance(step.status, AgreementStatus)
        event = AuditEvent(
            name=step.event,
            actor=actor,
            agreement_id=self.id,
            envelope_id=self.current_envelope,
            digest=digest or self.text_digest,
            details=details or {},
            personal=personal or {},
        )
        return replace(self, status=step.status, updated_at=at), event

    def is_approved(self, text_digest: str) -> bool:
        """Whether a lawyer approved exactly this text."""
        return self.approval is not None and self.approval.text_digest == text_digest
