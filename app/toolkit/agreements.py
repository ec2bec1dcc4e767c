"""What is kept of agreements: the agreement, its envelopes, its place in lists, mails and requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from app.domain.agreement import Agreement
from app.domain.audit import AuditEvent
from app.domain.change_request import ChangeRequest
from app.domain.envelope import Envelope
from app.domain.listing import Listing, Standing
from app.domain.listing_query import ListQuery, Reader, SortBy
from app.domain.message import Message
from app.domain.signing_progress import SigningProgress
from app.domain.workflow import AgreementStatus


class Agreements(Protocol):
    def get(self, agreement_id: str) -> Agreement:
        """Raises NotFound."""
        ...

    def add(self, agreement: Agreement, event: AuditEvent) -> None:
        """Store a new agreement together with its first event."""
        ...

    def save(self, agreement: Agreement, event: AuditEvent) -> Agreement:
        """Store the change and its event. Raises WrongState if somebody saved in between."""
        ...

    def list(self, status: AgreementStatus | None = None) -> Sequence[Agreement]:
        """Newest first."""
        ...

    def of_ids(self, agreement_ids: Sequence[str]) -> Sequence[Agreement]:
        """Those that exist, in no order."""
        ...

    def save_clauses(self, agreement: Agreement) -> bool:
        """Store `clause_versions` only, without an event; False if somebody saved in between."""
        ...

    def next_number(self, prefix: str, year: int) -> str:
        """The next free number, "LB-2026-014"; never given twice."""
        ...


class Envelopes(Protocol):
    def get(self, envelope_id: str) -> Envelope:
        """Raises NotFound."""
        ...

    def add(self, envelope: Envelope, event: AuditEvent) -> None: ...

    def save(self, envelope: Envelope, event: AuditEvent) -> Envelope:
        """Store the change and its event. Raises WrongState if somebody saved in between."""
        ...

    def save_lease(self, envelope: Envelope) -> Envelope:
        """Store lease_holder, lease_until and preparation: they bind nobody and have no event."""
        ...

    def save_result(self, envelope: Envelope) -> Envelope:
        """Store where results lie (sealed file, certificate of completion).

        Their event is the agreement's, saved in the same unit of work.
        """
        ...

    def of_ids(self, envelope_ids: Sequence[str]) -> Sequence[Envelope]:
        """Those that exist, in no order."""
        ...

    def of_agreement(self, agreement_id: str) -> Sequence[Envelope]:
        """Oldest first."""
        ...

    def out(self) -> Sequence[Envelope]:
        """All envelopes that are OUT or PAUSED: what the sweep looks at."""
        ...


class Listings(Protocol):
    """The list of agreements; kept up to date by saving agreements, envelopes and messages."""

    def get(self, agreement_id: str) -> Listing:
        """Raises NotFound."""
        ...

    def page(self, query: ListQuery, sort: SortBy, limit: int, offset: int = 0) -> Sequence[Listing]: ...

    def find(
        self, query: ListQuery, sort: SortBy, limit: int, offset: int = 0
    ) -> tuple[Sequence[Listing], int]:
        """A page, and how many there are in all."""
        ...

    def first(
        self, reader: Reader, standings: frozenset[Standing], sort: SortBy, limit: int
    ) -> Sequence[Listing]:
        """The first of those that stand so, as fast with many as with few."""
        ...

    def tally(self, reader: Reader) -> Mapping[Standing, int]:
        """How many agreements stand how for this reader."""
        ...

    def count(self, query: ListQuery) -> int: ...

    def count_by_email(self, emails: Iterable[str]) -> Mapping[str, int]:
        """E-mail -> how many agreements name it as that of a signer."""
        ...

    def countries(self) -> Sequence[str]:
        """The countries of Assistants in any agreement."""
        ...

    def maybe_signed_off(self, limit: int) -> Sequence[str]:
        """Agreements with the lawyer, each clause of which some lawyer approved."""
        ...

    def outdated(self, digests: Iterable[str], limit: int) -> Sequence[str]:
        """Agreements before sending whose clauses are unknown, or not all among `digests`."""
        ...


class SigningProgresses(Protocol):
    """How far signers got before signing; it binds nobody and has no event."""

    def get(self, envelope_id: str, signer_id: str) -> SigningProgress:
        """An empty one for a signer who has done nothing yet."""
        ...

    def save(self, progress: SigningProgress) -> None:
        """Add or replace."""
        ...


class Messages(Protocol):
    def add(self, message: Message) -> None: ...

    def get(self, message_id: str) -> Message:
        """Raises NotFound."""
        ...

    def save(self, message: Message, event: AuditEvent | None = None) -> None: ...

    def of_agreement(self, agreement_id: str) -> Sequence[Message]: ...


class ChangeRequests(Protocol):
    def add(self, request: ChangeRequest) -> None: ...

    def get(self, request_id: str) -> ChangeRequest:
        """Raises NotFound."""
        ...

    def save(self, request: ChangeRequest) -> None: ...

    def of_envelope(self, envelope_id: str) -> Sequence[ChangeRequest]:
        """Oldest first."""
        ...
