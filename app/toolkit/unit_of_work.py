"""One unit of work: everything that is stored or read together."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from app.toolkit.agreements import (
    Agreements,
    ChangeRequests,
    Envelopes,
    Listings,
    Messages,
    SigningProgresses,
)
from app.toolkit.clauses import ClauseVersions, SignOffs
from app.toolkit.keeping import AuditLog, Jobs, Settings
from app.toolkit.people import (
    AccessLinks,
    Accounts,
    IdentityChannels,
    LoginAttempts,
    OneTimeCodes,
    People,
    Sessions,
)


class UnitOfWork(Protocol):
    """One transaction. It commits when the `with` block ends well, else nothing of it remains."""

    @property
    def agreements(self) -> Agreements: ...

    @property
    def envelopes(self) -> Envelopes: ...

    @property
    def listing(self) -> Listings: ...

    @property
    def clause_versions(self) -> ClauseVersions: ...

    @property
    def sign_offs(self) -> SignOffs: ...

    @property
    def messages(self) -> Messages: ...

    @property
    def jobs(self) -> Jobs: ...

    @property
    def audit(self) -> AuditLog: ...

    @property
    def settings(self) -> Settings: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def people(self) -> People: ...

    @property
    def access_links(self) -> AccessLinks: ...

    @property
    def one_time_codes(self) -> OneTimeCodes: ...

    @property
    def identity_channels(self) -> IdentityChannels: ...

    @property
    def change_requests(self) -> ChangeRequests: ...

    @property
    def login_attempts(self) -> LoginAttempts: ...

    @property
    def signing_progress(self) -> SigningProgresses: ...


class UnitOfWorkFactory(Protocol):
    def __call__(self, *, read_only: bool = False) -> AbstractContextManager[UnitOfWork]:
        """`read_only`: a snapshot that waits for nobody and in which nothing can be written."""
        ...
