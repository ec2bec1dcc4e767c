"""What is kept of the library: clause versions and sign-offs; and where the library is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from app.domain.audit import AuditEvent
from app.domain.clause import Clause
from app.domain.contract_template import Library
from app.domain.review import SignOff


class ClauseVersions(Protocol):
    def add_missing(self, clauses: Iterable[Clause], at: datetime) -> Sequence[str]:
        """Take clause versions in; those already known by digest stay. Returns the new ids."""
        ...

    def source(self, digest: str) -> str:
        """The source text of a clause version, byte for byte. Raises NotFound."""
        ...

    def digests_of(self, clause_id: str) -> Sequence[str]:
        """The digests of all versions of a clause, oldest first."""
        ...


class SignOffs(Protocol):
    def add(self, sign_off: SignOff, event: AuditEvent) -> None: ...

    def of_digests(self, digests: Iterable[str]) -> Sequence[SignOff]: ...


class LibrarySource(Protocol):
    def library(self) -> Library:
        """The clause versions in use now."""
        ...

    def word_frame(self, contract_template: str) -> bytes:
        """The docxtpl frame of a contract template."""
        ...
