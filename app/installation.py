"""Opens an installation: settings -> database, files, keys, library, mailer -> Toolkit.

`create_app` and the command line build their Toolkit here and nowhere else.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any, cast

from app.clock import SystemClock
from app.config import Configuration
from app.domain.actor import APPLICATION
from app.domain.audit import AuditEvent
from app.domain.errors import KeysUnavailable
from app.library.file_library import FileLibrary
from app.mail.outbox import OutboxMailer
from app.mail.smtp import SmtpMailer
from app.maintenance.in_use import Hold, hold
from app.persistence.database import Database, open_database
from app.persistence.files import open_local_files
from app.services.clause_library import take_in
from app.signing import SigningOffice, external_authorities, timestamp_roots
from app.toolkit import Credentials, Mailer, Toolkit, UnitOfWorkFactory


@dataclass(frozen=True, slots=True)
class Installation:
    """An opened installation. `database` is for upgrades, backups and closing."""

    configuration: Configuration
    database: Database
    toolkit: Toolkit

    in_use: Hold

    def close(self) -> None:
        """Close the connections, and let go of the installation."""
        self.database.close()
        self.in_use.release()


def open_installation(
    configuration: Configuration, *, organisation: str = "", country: str = "", for_repair: bool = False
) -> Installation:
    """Open, and at the first start make, an installation.

    Keys that are not there yet are made at once for the organisation named here; without a name
    they are made once the owner has entered the business (`KeysOfBusiness`). for_repair: opens
    also where the keys do not, or where one of them expired or was revoked; then what needs
    them raises KeysUnavailable.
    Raises LibraryBroken, KeysUnavailable, StorageFailed: nothing is served half.
    """
    held = hold(configuration.instance)
    library = FileLibrary(configuration.clauses, configuration.contract_templates)
    library.library()
    database = open_database(configuration.database_url)
    database.upgrade()
    toolkit = Toolkit(
        clock=SystemClock(),
        unit_of_work=database.unit_of_work,
        files=open_local_files(configuration.files),
        library=library,
        credentials=_credentials(
            configuration, database.unit_of_work, organisation, country, for_repair=for_repair
        ),
        mailer=_mailer(configuration),
        public_url=configuration.public_url,
    )
    take_in(toolkit)
    return Installation(configuration, database, toolkit, held)


class KeysOfBusiness:
    """The organisation's keys of a new installation, made when they are first needed.

    The certificates name the business, so it must be known first: until then every use raises
    KeysUnavailable. Stands in for `Credentials`; afterwards it is the opened office.
    """

    def __init__(
        self, configuration: Configuration, unit_of_work: UnitOfWorkFactory, *, for_repair: bool = False
    ) -> None:
        self._for_repair = for_repair
        self._configuration = configuration
        self._unit_of_work = unit_of_work
        self._office: SigningOffice | None = None
        self._making = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        with self._making:
            if self._office is None:
                self._office = self._open()
        return getattr(self._office, name)

    def _open(self) -> SigningOffice:
        if SigningOffice.exists(self._configuration.keys):
            return open_office(self._configuration, "", "", for_repair=self._for_repair)
        with self._unit_of_work(read_only=True) as unit:
            organisation, country = unit.settings.get("organisation"), unit.settings.get("country")
        if not organisation or not country:
            raise KeysUnavailable(
                "keys-before-business",
                "This installation has no keys yet: they name the business, which is not entered.",
                "Open the set-up link that the server printed when it started.",
            )
        return open_office(self._configuration, organisation, country.partition("-")[0])


def _credentials(
    configuration: Configuration,
    unit_of_work: UnitOfWorkFactory,
    organisation: str,
    country: str,
    *,
    for_repair: bool,
) -> Credentials:
    if not for_repair and (organisation or SigningOffice.exists(configuration.keys)):
        return open_office(configuration, organisation, country)
    return cast(Credentials, KeysOfBusiness(configuration, unit_of_work, for_repair=for_repair))


def open_office(
    configuration: Configuration, organisation: str, country: str, *, for_repair: bool = False
) -> SigningOffice:
    """The organisation's keys: made at the first start, opened afterwards. Raises KeysUnavailable."""
    roots = timestamp_roots(configuration.timestamp_roots, configuration.timestamp_urls)
    authorities = external_authorities(
        configuration.timestamp_urls, roots, timeout=configuration.timestamp_seconds
    )
    first_start = not SigningOffice.exists(configuration.keys)
    passphrase = configuration.passphrase(create=first_start)
    if first_start:
        return SigningOffice.create(
            configuration.keys,
            passphrase,
            organisation,
            country,
            SystemClock().now(),
            clock=SystemClock(),
            timestamp_authorities=authorities,
            trust_url=configuration.trust_url,
        )
    return SigningOffice.open(
        configuration.keys,
        passphrase,
        clock=SystemClock(),
        timestamp_authorities=authorities,
        timestamp_roots=roots,
        trust_url=configuration.trust_url,
        even_unusable=for_repair,
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
