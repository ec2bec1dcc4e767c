"""The dossier: everything that is known of one agreement, for the page of the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.actor import Actor
from app.domain.agreement import Agreement
from app.domain.audit import AuditLeaf
from app.domain.change_request import ChangeRequest
from app.domain.contract_template import ContractTemplate
from app.domain.envelope import Envelope
from app.domain.message import Message
from app.domain.review import Decision, SignOff
from app.domain.workflow import AgreementStatus
from app.services.assessment import assess_agreement, find_template
from app.services.overview import Row, read_row
from app.toolkit import Toolkit, UnitOfWork

SENT_BACK = "agreement.sent_back"
REVIEW_EVENTS = (SENT_BACK, "agreement.review_requested", "agreement.approved", "agreement.sent")
BEFORE_SENDING = (AgreementStatus.DRAFT, AgreementStatus.IN_REVIEW, AgreementStatus.APPROVED)
LONGEST_STORY = 500  # events; the newest are shown


@dataclass(frozen=True, slots=True)
class Happening:
    """One audit event with the personal values that still exist, by field."""

    leaf: AuditLeaf
    personal: Mapping[str, str]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.leaf.at)

    @property
    def who(self) -> str:
        if self.leaf.actor_part == "application":
            return "The application"
        return self.personal.get("actor_name", f"A former {self.leaf.actor_part}")


@dataclass(frozen=True, slots=True)
class ClauseDecisions:
    """What one lawyer decided in one go about clauses of this text. clause_ids: in no order."""

    at: datetime
    who: str
    decision: Decision
    clause_ids: tuple[str, ...]
    words: tuple[str, ...]  # conditions and comments
    sample: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """row: how it stands. envelopes: oldest first. happenings: newest first.

    omitted: how many older events are not among them. signers: signer id -> name, of all envelopes.
    """

    row: Row
    contract_template: ContractTemplate
    envelopes: tuple[Envelope, ...]
    messages: tuple[Message, ...]
    requests: tuple[ChangeRequest, ...]
    happenings: tuple[Happening, ...]
    omitted: int
    signers: Mapping[str, str]
    decisions: tuple[ClauseDecisions, ...] = ()

    @property
    def agreement(self) -> Agreement:
        return self.row.agreement

    @property
    def envelope(self) -> Envelope | None:
        return self.row.envelope

    @property
    def open_requests(self) -> tuple[ChangeRequest, ...]:
        return tuple(one for one in self.requests if one.answered_at is None)

    @property
    def has_record(self) -> bool:
        ready = self.agreement.status in (AgreementStatus.SEALED, AgreementStatus.ENDED)
        return ready and self.envelope is not None and bool(self.envelope.completion_digest)


def read_dossier(kit: Toolkit, actor: Actor, agreement_id: str) -> Dossier:
    """Raises NotFound."""
    library = kit.library.library()
    with kit.unit_of_work(read_only=True) as unit:
        agreement = unit.agreements.get(agreement_id)
        envelopes = tuple(unit.envelopes.of_agreement(agreement_id))
        leaves = unit.audit.of_agreement(agreement_id)
        shown = leaves[-LONGEST_STORY:]
        messages = sorted(
            unit.messages.of_agreement(agreement_id), key=lambda one: one.created_at, reverse=True
        )
        return Dossier(
            row=read_row(kit, unit, actor, agreement),
            contract_template=find_template(library, agreement.contract_template),
            envelopes=envelopes,
            messages=tuple(messages),
            requests=tuple(
                request for envelope in envelopes for request in unit.change_requests.of_envelope(envelope.id)
            ),
            happenings=tuple(reversed(_tell(unit, shown))),
            omitted=len(leaves) - len(shown),
            signers={signer.id: signer.name for envelope in envelopes for signer in envelope.signers},
            decisions=_decisions(kit, unit, agreement, envelopes),
        )


def _decisions(
    kit: Toolkit, unit: UnitOfWork, agreement: Agreement, envelopes: Sequence[Envelope]
) -> tuple[ClauseDecisions, ...]:
    """The sign-offs of exactly the clause versions in this text, until it was sent; newest first."""
    if agreement.status in BEFORE_SENDING:
        text = assess_agreement(unit, kit.library.library(), agreement, kit.clock.now()).text
        digests, until = [clause.digest for clause in text.clauses()], kit.clock.now()
    elif envelopes:
        digests, until = list(agreement.clause_versions.values()), envelopes[-1].created_at
    else:
        return ()
    groups: dict[tuple[datetime, str, Decision], list[SignOff]] = {}
    for one in unit.sign_offs.of_digests(digests):
        if one.decided_at <= until:
            groups.setdefault((one.decided_at, one.lawyer_id, one.decision), []).append(one)
    told = [
        ClauseDecisions(
            at=at,
            who=group[0].lawyer_name,
            decision=decision,
            clause_ids=tuple(one.clause_id for one in group),
            words=tuple(dict.fromkeys(w for one in group for w in (one.conditions, one.comment) if w)),
            sample=group[0].sample,
        )
        for (at, _, decision), group in groups.items()
    ]
    return tuple(sorted(told, key=lambda one: one.at, reverse=True))


def last_sent_back(kit: Toolkit, agreement_id: str) -> Happening | None:
    """The lawyer's last return of the text, if nobody asked again since."""
    with kit.unit_of_work(read_only=True) as unit:
        asked = [leaf for leaf in unit.audit.of_agreement(agreement_id) if leaf.name in REVIEW_EVENTS]
        if not asked or asked[-1].name != SENT_BACK:
            return None
        return _tell(unit, asked[-1:])[0]


def _tell(unit: UnitOfWork, leaves: Sequence[AuditLeaf]) -> list[Happening]:
    opened = unit.audit.opened([leaf.sequence for leaf in leaves])
    return [
        Happening(leaf, {value.field: value.value for value in opened.get(leaf.sequence, ())})
        for leaf in leaves
    ]
