"""A real SQLite database for each test, and a few domain values to put into it."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine

from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement, TextApproval
from app.domain.answers import Answers, SignerAnswer
from app.domain.audit import AuditEvent
from app.domain.envelope import (
    Consent,
    CopyRecipient,
    Envelope,
    Preparation,
    Signature,
    Signer,
    SignerCredential,
)
from app.domain.reminder import ReminderPlan
from app.domain.signature import KeyHeldBy, Level
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus
from app.persistence.database import open_database

# Named by whoever has a PostgreSQL at hand: the whole folder then runs against it, emptied each time.
POSTGRESQL = os.environ.get("COUNTERSIGN_TEST_POSTGRESQL", "")
sqlite_only = pytest.mark.skipif(bool(POSTGRESQL), reason="about SQLite itself")

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
OWNER = Actor(Part.OWNER, "owner-1", "Ada Larkfield", "ada@larkfield.example", "203.0.113.9", "Firefox")


class TestClock:
    """Stands still until it is moved."""

    __test__ = False

    def __init__(self):
        self.moment = NOON

    def now(self):
        return self.moment


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def url(tmp_path):
    """A new SQLite file; or, emptied, the PostgreSQL database that the environment names."""
    if not POSTGRESQL:
        return f"sqlite:///{tmp_path}/countersign.db"
    engine = create_engine(POSTGRESQL)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return POSTGRESQL


@pytest.fixture
def database(url, clock):
    database = open_database(url, clock.now)
    database.upgrade()
    yield database
    database.close()


def event(name="agreement.edited", agreement_id="a1", envelope_id="", **more):
    return AuditEvent(name, OWNER, agreement_id=agreement_id, envelope_id=envelope_id, **more)


def agreement(agreement_id="a1", number="LB-2026-001", **more):
    values = {
        "id": agreement_id,
        "number": number,
        "title": "Assistance with bookkeeping",
        "contract_template": "va-services",
        "contract_template_version": "1.0",
        "answers": Answers(
            facts={"governing_law": "GB", "fee": "12.50", "days": 30, "remote": True},
            families={"take-home": {"rooms": ["kitchen", "attic"], "copies": [{"what": "CSV", "n": "2"}]}},
            positions={"take-home": "strict"},
            signers={"assistant": SignerAnswer("María Cruz", "maria@cruz.example", "for herself")},
        ),
        "status": AgreementStatus.DRAFT,
        "created_at": NOON,
        "updated_at": NOON,
        "text_digest": "ab" * 32,
        "clause_versions": {"take-home.strict": "cd" * 32},
        "approval": TextApproval("l1", "Lex", "ab" * 32, NOON, "fine \u2026", sample=True),
        "override_reason": "in a hurry",
        "accepted_gaps": {"R4": "no travel"},
    }
    return Agreement(**{**values, **more})


def signature(signer_id="s1"):
    return Signature(
        field=f"signature.{signer_id}",
        signed_at=NOON,
        timestamped_at=NOON + timedelta(seconds=1),
        timestamp_authority="local clock",
        level=Level.B_T,
        key_held_by=KeyHeldBy.SIGNER_CLIENT,
        credential_serial="0a1b",
        certificate_digest="ef" * 32,
        file_digest="12" * 32,
        initialled=("take-home", "sign-in"),
        kind="drawn",
    )


def signer(signer_id="s1", order=1, **more):
    values = {
        "id": signer_id,
        "role": "assistant",
        "side": "assistant",
        "order": order,
        "name": "María Cruz",
        "email": "maria@cruz.example",
        "capacity": "for herself",
        "country": "PH",
        "status": SignerStatus.CONSENTED,
        "asked_initials": ("take-home", "sign-in"),
        "identity_checks": ("e-mail link",),
        "consent": Consent("1", "34" * 32, NOON),
        "credential": SignerCredential("0a1b", "ef" * 32, "90" * 32, NOON, KeyHeldBy.SIGNER_CLIENT),
        "message": "Dear María",
        "invited_at": NOON,
        "reminded_at": NOON + timedelta(days=2),
    }
    return Signer(**{**values, **more})


def preparation():
    return Preparation(
        signer_id="s1",
        base_digest="56" * 32,
        prepared_digest="57" * 32,
        signed_attributes="31ff",
        document_digest="58" * 32,
        base_length=1000,
        contents_offset=1200,
        contents_length=80,
        field="signature.s1",
        signed_at=NOON,
        initialled=("take-home",),
        kind="typed",
    )


def envelope(envelope_id="e1", **more):
    values = {
        "id": envelope_id,
        "agreement_id": "a1",
        "status": EnvelopeStatus.OUT,
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=30),
        "original_digest": "56" * 32,
        "current_digest": "56" * 32,
        "text_digest": "ab" * 32,
        "signers": (
            signer("s2", 2, status=SignerStatus.WAITING, consent=None, credential=None),
            signer("s1", 1),
        ),
        "message": "Please sign \U0001f58a",
        "agreement_json_digest": "78" * 32,
        "text_file_digest": "9a" * 32,
        "reminders": ReminderPlan((2, 5), (1,), stopped=True),
        "copy_recipients": (CopyRecipient("Dana Reyes", "dana@reyes.example"),),
        "in_person": True,
    }
    return Envelope(**{**values, **more})


def raw(database, statement, *parameters):
    """Run SQL past the repositories, as somebody with the file in hand could."""
    with database.engine.begin() as connection:
        result = connection.exec_driver_sql(statement, parameters)
        return result.fetchall() if result.returns_rows else result.rowcount
