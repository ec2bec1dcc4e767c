"""A temporary office with many invented agreements, for measuring pages.

A hundred agreements are stored as the application stores them; the rest are copies of their rows, made
by the database itself, so that ten thousand take a second or two.
"""

from __future__ import annotations

import re
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient

from app import create_app
from app.bench.samples import SMALLER, Sample, read_sample
from app.config import Configuration
from app.domain.actor import APPLICATION
from app.domain.agreement import Agreement
from app.domain.answers import SignerAnswer
from app.domain.audit import AuditEvent
from app.domain.envelope import Envelope, Signer
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus
from app.installation import open_installation
from app.services.accounts import NewAccount, make_first_owner, set_up_url
from app.services.assessment import assess_text
from app.toolkit import Toolkit, UnitOfWork
from app.web.account.security import hash_new_password

SEEDS = 100
OWNER = ("Bench Owner", "owner@bench.example")
PASSWORD = "a password of the bench"  # noqa: S105 - of a folder that is deleted
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# Of a hundred agreements so many stand like this.
MIX = (
    (10, AgreementStatus.DRAFT, None),
    (5, AgreementStatus.DRAFT, EnvelopeStatus.DECLINED),
    (5, AgreementStatus.IN_REVIEW, None),
    (20, AgreementStatus.OUT, EnvelopeStatus.OUT),
    (5, AgreementStatus.OUT, EnvelopeStatus.PAUSED),
    (55, AgreementStatus.SEALED, EnvelopeStatus.COMPLETED),
)
NAMES = ("Liza Santos", "Daniel Mensah", "Priya Raman", "Amara Bello", "Rosa Quispe")
COUNTRIES = ("PH", "IN", "KE", "ID", "PL")
# Table -> the columns that get the number of the copy behind their value.
COPIED = {
    "agreements": ("id", "number", "current_envelope"),
    "envelopes": ("id", "agreement_id"),
    "signers": ("envelope_id", "id"),
    "agreement_listing": ("agreement_id", "number", "envelope_id", "counterparty", "sort_name", "search"),
    "agreement_people": ("agreement_id",),
    "agreement_clauses": ("agreement_id",),
}


@dataclass(frozen=True, slots=True)
class Office:
    """A signed-in browser of the owner."""

    browser: FlaskClient

    def get(self, path: str) -> str:
        """The text of a page. Raises RuntimeError for anything but a page."""
        answer = self.browser.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answers {answer.status_code}")
        return answer.text


@contextmanager
def office_with(configuration: Configuration, agreements: int, folder: Path) -> Iterator[Office]:
    """An office with so many agreements, a multiple of a hundred."""
    path = folder / "bench.sqlite"
    settings = replace(configuration, instance=folder, database_url=f"sqlite:///{path}")
    installation = open_installation(settings)
    try:
        web = create_app(settings, installation=installation)
        web.testing = True
        with web.test_request_context():
            hashed = hash_new_password(PASSWORD)
        url = set_up_url(installation.toolkit)
        assert url is not None
        make_first_owner(installation.toolkit, url.rpartition("/")[2], NewAccount(*OWNER, hashed))
        _store_seeds(installation.toolkit, read_sample(configuration, SMALLER))
        _copy_rows(path, agreements // SEEDS)
        browser = web.test_client()
        found = TOKEN.search(browser.get("/sign-in").text)
        assert found is not None
        browser.post("/sign-in", data={"csrf_token": found[1], "email": OWNER[1], "password": PASSWORD})
        yield Office(browser)
    finally:
        installation.close()


def _store_seeds(kit: Toolkit, sample: Sample) -> None:
    states = [(status, envelope) for count, status, envelope in MIX for _ in range(count)]
    with kit.unit_of_work() as unit:
        for number, (status, state) in enumerate(states):
            _store_seed(kit, unit, sample, number, status, state)


def _store_seed(
    kit: Toolkit,
    unit: UnitOfWork,
    sample: Sample,
    number: int,
    status: AgreementStatus,
    state: EnvelopeStatus | None,
) -> None:
    at = datetime.now(UTC) - timedelta(days=number % 20, minutes=number)
    name, country = NAMES[number % len(NAMES)], COUNTRIES[number % len(COUNTRIES)]
    parties = {**sample.answers.families.get("parties", {}), "assistant_name": name}
    roles = sample.contract_template.signer_roles
    people = {
        role.id: SignerAnswer(OWNER[0], OWNER[1], "director")
        if role.side == "client"
        else SignerAnswer(name, f"{name.replace(' ', '.').lower()}@example.com", "")
        for role in roles
    }
    answers = replace(
        sample.answers,
        families={**sample.answers.families, "parties": parties},
        facts={**sample.answers.facts, "assistant_country": country},
        signers=people,
    )
    made = assess_text(kit.library.library(), sample.contract_template.id, answers, number=f"BENCH-{number}")
    agreement = Agreement(
        id=uuid.uuid4().hex,
        number=f"BENCH-{number}",
        title=sample.contract_template.title,
        contract_template=sample.contract_template.id,
        contract_template_version=sample.contract_template.version,
        answers=answers,
        status=status,
        created_at=at,
        updated_at=at,
        text_digest=made.digest,
        clause_versions=made.clause_versions,
        current_envelope=uuid.uuid4().hex if state else "",
    )
    unit.agreements.add(agreement, AuditEvent("agreement.drafted", APPLICATION, agreement.id))
    if state is not None:
        turn = number % 2  # in half of those that are out it is the owner's turn
        envelope = _envelope(agreement, state, at, turn, sample)
        unit.envelopes.add(
            envelope, AuditEvent("envelope.opened", APPLICATION, agreement.id, envelope.id)
        )


def _envelope(
    agreement: Agreement, state: EnvelopeStatus, at: datetime, turn: int, sample: Sample
) -> Envelope:
    roles = sorted(sample.contract_template.signer_roles, key=lambda role: role.order)
    done = SignerStatus.SIGNED
    signers = tuple(
        Signer(
            id=uuid.uuid4().hex,
            role=role.id,
            side=str(role.side),
            order=role.order,
            name=agreement.answers.signers[role.id].name,
            email=agreement.answers.signers[role.id].email,
            capacity="",
            country="",
            status=done if place < turn or state is EnvelopeStatus.COMPLETED else SignerStatus.INVITED,
        )
        for place, role in enumerate(roles)
    )
    digest = agreement.text_digest
    return Envelope(
        id=agreement.current_envelope,
        agreement_id=agreement.id,
        status=state,
        created_at=at,
        expires_at=at + timedelta(days=30),
        original_digest=digest,
        current_digest=digest,
        text_digest=digest,
        signers=signers,
    )


def _copy_rows(path: Path, times: int) -> None:
    """Copy the rows of the seeds until there are `times` of each."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, numbered in COPIED.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            values = ", ".join(_numbered(one) if one in numbered else f'"{one}"' for one in columns)
            names = ", ".join(f'"{one}"' for one in columns)
            copies = "WITH RECURSIVE copies(n) AS (SELECT 1 WHERE ? > 1 UNION ALL SELECT n + 1 FROM copies"
            insert = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, copies"  # noqa: S608 - ours
            connection.execute(f"{copies} WHERE n + 1 < ?) {insert}", (times, times))
        # Moments come from the log of events, which is not copied: let them lie as far back as the rest.
        connection.execute("UPDATE agreement_listing SET moved_at = created_at, waiting_since = created_at")


def _numbered(column: str) -> str:
    return f"CASE \"{column}\" WHEN '' THEN '' ELSE \"{column}\" || '-' || n END"
