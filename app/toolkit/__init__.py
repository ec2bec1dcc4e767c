"""The Toolkit: everything with state that services need, as Protocols and one frozen dataclass.

*Import what is a function, pass what has state.* `create_app` and the start of the command
line build the only Toolkits; tests build theirs from the same real parts.
Imports: `app.domain` and the standard library.
Entry: `Toolkit`, `UnitOfWork`; one file for each kind of port, all of them named here.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.toolkit.agreements import (
    Agreements,
    ChangeRequests,
    Envelopes,
    Listings,
    Messages,
    SigningProgresses,
)
from app.toolkit.clauses import ClauseVersions, LibrarySource, SignOffs
from app.toolkit.keeping import AuditLog, Files, Jobs, Settings
from app.toolkit.outside import Clock, Credentials, Mailer
from app.toolkit.people import (
    AccessLinks,
    Accounts,
    IdentityChannels,
    LoginAttempts,
    OneTimeCodes,
    People,
    Sessions,
)
from app.toolkit.unit_of_work import UnitOfWork, UnitOfWorkFactory

__all__ = [
    "AccessLinks",
    "Accounts",
    "Agreements",
    "AuditLog",
    "ChangeRequests",
    "ClauseVersions",
    "Clock",
    "Credentials",
    "Envelopes",
    "Files",
    "IdentityChannels",
    "Jobs",
    "LibrarySource",
    "Listings",
    "LoginAttempts",
    "Mailer",
    "Messages",
    "OneTimeCodes",
    "People",
    "Sessions",
    "Settings",
    "SignOffs",
    "SigningProgresses",
    "Toolkit",
    "UnitOfWork",
    "UnitOfWorkFactory",
]


@dataclass(frozen=True, slots=True)
class Toolkit:
    """Passed as `kit` to every service."""

    clock: Clock
    unit_of_work: UnitOfWorkFactory
    files: Files
    library: LibrarySource
    credentials: Credentials
    mailer: Mailer
    public_url: str
