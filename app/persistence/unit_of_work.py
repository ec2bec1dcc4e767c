"""The unit of work: one transaction, and the repositories that share it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from app.persistence.access_links import AccessLinkRows
from app.persistence.accounts import AccountRows
from app.persistence.agreement_listing import ListingWriter
from app.persistence.agreements import AgreementRows
from app.persistence.audit_log import AuditRows
from app.persistence.change_requests import ChangeRequestRows
from app.persistence.clause_versions import ClauseVersionRows
from app.persistence.envelopes import EnvelopeRows
from app.persistence.identity_channels import IdentityChannelRows
from app.persistence.jobs import JobRows
from app.persistence.listing_queries import ListingRows
from app.persistence.login_attempts import LoginAttemptRows
from app.persistence.messages import MessageRows
from app.persistence.one_time_codes import OneTimeCodeRows
from app.persistence.people import PersonRows
from app.persistence.sessions import SessionRows
from app.persistence.settings import SettingRows
from app.persistence.sign_offs import SignOffRows
from app.persistence.signing_progress import SigningProgressRows


class Transaction:
    """Implements the Protocol `UnitOfWork`. Made and ended by `Database.unit_of_work` only."""

    def __init__(self, connection: Connection, now: Callable[[], datetime]) -> None:
        self._touched: set[str] = set()  # agreements whose row in the list is to be written anew
        self.audit = AuditRows(connection, now)
        self.agreements = AgreementRows(connection, self.audit, self._touched)
        self.envelopes = EnvelopeRows(connection, self.audit, self._touched)
        self.clause_versions = ClauseVersionRows(connection)
        self.sign_offs = SignOffRows(connection, self.audit)
        self.messages = MessageRows(connection, self.audit, self._touched)
        self.jobs = JobRows(connection)
        self.settings = SettingRows(connection, self.audit)
        self.accounts = AccountRows(connection, self.audit)
        self.sessions = SessionRows(connection)
        self.people = PersonRows(connection, self.audit)
        self.access_links = AccessLinkRows(connection)
        self.one_time_codes = OneTimeCodeRows(connection)
        self.identity_channels = IdentityChannelRows(connection)
        self.change_requests = ChangeRequestRows(connection)
        self.login_attempts = LoginAttemptRows(connection)
        self.signing_progress = SigningProgressRows(connection)
        self.listing = ListingRows(connection)
        self.listing_writer = ListingWriter(connection, self.agreements, self.envelopes)

    def complete(self) -> None:
        """The last thing before the commit: rows of the list that follow from what was saved."""
        for agreement_id in sorted(self._touched):
            self.listing_writer.write(agreement_id)
        self._touched.clear()
