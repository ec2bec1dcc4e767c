"""Opens an installation: settings -> database, files, keys, library, mailer -> Toolkit.

`create_app` and the command line build their Toolkit here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.clock import SystemClock
from app.config import Configuration
from app.domain.actor import APPLICATION
from app.domain.audit import AuditEvent
from app.library.file_library import FileLibrary
from app.mail.outbox import OutboxMailer
from app.mail.smtp import SmtpMailer
from app.persistence.database import Database, open_database
from app.persistence.files import open_local_files
from app.services.clause_library import take_in
from app.signing import SigningOffice, external_authorities
from app.toolkit import Mailer, Toolkit

DEFAULT_ORGANISATION = "Countersign installation"
DEFAULT_COUNTRY = "GB"


@dataclass(frozen=True, slots=True)
class Installation:
    """An opened installation. `database` is for upgrades, backups and closing."""

    configuration: Configuration
    database: Database
    toolkit: Toolkit

    def close(self) -> None:
        self.database.close()


def open_installation(
    configuration: Configuration, *, organisation: str = DEFAULT_ORGANISATION, country: str = DEFAULT_COUNTRY
) -> Installation:
    """Open, and at the first start make, an installation.

    Raises LibraryBroken, KeysUnavailable, StorageFailed: nothing is served half.
    """
    configuration.instance.mkdir(parents=True, exist_ok=True, mode=0o700)
    library = FileLibrary(configuration.clauses, configuration.contract_templates)
    library.library()
    office = open_office(configuration, organisation, country)
    database = open_database(configuration.database_url)
    database.upgrade()
    toolkit = Toolkit(
        clock=SystemClock(),
        unit_of_work=database.unit_of_work,
        files=open_local_files(configuration.files),
        library=library,
        credentials=office,
        mailer=_mailer(configuration),
        public_url=configuration.public_url,
    )
    take_in(toolkit)
    return Installation(configuration, database, toolkit)


def open_office(configuration: Configuration, organisation: str, country: str) -> SigningOffice:
    """The organisation's keys: made at the first start, opened afterwards. Raises KeysUnavailable."""
    authorities = external_authorities(configuration.timestamp_urls)
    first_start = not SigningOffice.exists(configuration.keys)
    passphrase = configuration.passphrase(create=first_start)
    if first_start:
        SigningOffice.create(configuration.keys, passphrase, organisation, country, SystemClock().now())
    return SigningOffice.open(
        configuration.keys, passphrase, clock=SystemClock(), timestamp_authorities=authorities
    )


def _mailer(configuration: Configuration) -> Mailer:
    smtp = configuration.smtp
    if smtp is None:
        return OutboxMailer(configuration.outbox)
    return SmtpMailer(
        host=smtp.host,
        port=smtp.port,
        username=smtp.username,
        password=smtp.password,
        security=smtp.security,
        sender=smtp.sender,
    )


def record_first_start(installation: Installation, organisation: str) -> None:
    """Write the name of the business, once."""
    kit = installation.toolkit
    with kit.unit_of_work() as unit:
        if not unit.settings.get("organisation"):
            unit.settings.set(
                "organisation",
                organisation,
                AuditEvent(name="settings.changed", actor=APPLICATION, details={"setting": "organisation"}),
            )
