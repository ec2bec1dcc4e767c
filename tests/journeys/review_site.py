"""What a review needs in an installation: earlier wordings, decisions on them, an agreement in review."""

from __future__ import annotations

import tomllib
import uuid
from dataclasses import replace
from datetime import timedelta

from app.config import ROOT
from app.domain.account import Account
from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.clause import Clause
from app.domain.review import Decision, SignOff
from app.library.clause_file import parse_clause
from app.services import drafting
from app.services.accounts import add_account
from app.services.gate import request_review
from app.services.review import DecisionForm, sign_off_clauses
from app.toolkit import Toolkit

SAMPLE = ROOT / "contract_templates" / "va-nda" / "sample_answers.toml"
LAWYER_NAME, LAWYER_EMAIL = "Elena Marsh", "elena@marsh.example"
PASSWORD = "blue kettle sings at noon"


def add_lawyer(kit: Toolkit, hashed: str) -> Account:
    """A lawyer with a password and an admission."""
    add_account(kit, LAWYER_NAME, LAWYER_EMAIL, Part.LAWYER)
    with kit.unit_of_work() as unit:
        added = unit.accounts.by_email(LAWYER_EMAIL)
        assert added is not None
        lawyer = replace(
            added, password_hash=hashed, bar_number="000000", bar_jurisdiction="England and Wales"
        )
        unit.accounts.save(
            lawyer, AuditEvent(name="account.password_chosen", actor=lawyer.as_actor(), subject=lawyer.id)
        )
    return lawyer


def clause_of(kit: Toolkit, clause_id: str) -> Clause:
    return kit.library.library().clauses[clause_id]


def take_in_earlier(
    kit: Toolkit, clause_id: str, *changes: tuple[str, str], version: str = "0.0.9"
) -> Clause:
    """An earlier wording of a clause, as if it had been in the files before: `changes` are undone in it."""
    clause = clause_of(kit, clause_id)
    source = clause.source.replace(f'version = "{clause.version}"', f'version = "{version}"')
    for present, earlier in changes:
        assert present in source, present
        source = source.replace(present, earlier)
    parsed, findings = parse_clause(source, clause.path)
    assert parsed is not None, findings
    with kit.unit_of_work() as unit:
        unit.clause_versions.add_missing([parsed], kit.clock.now())
    return parsed


def decide(kit: Toolkit, lawyer: Actor, clause_id: str, decision: Decision, **form: object) -> SignOff:
    clause = clause_of(kit, clause_id)
    made = DecisionForm(decision=decision, **form)  # type: ignore[arg-type]
    return sign_off_clauses(kit, lawyer, [(clause.id, clause.digest)], made)[0]


def record_old_decision(
    kit: Toolkit, lawyer: Actor, clause: Clause, days_ago: int = 90, **changed: object
) -> SignOff:
    """A decision of the past on any version, valid or not, as the database may hold it."""
    now = kit.clock.now() - timedelta(days=days_ago)
    decision = SignOff(
        id=uuid.uuid4().hex,
        clause_id=clause.id,
        clause_version=clause.version,
        clause_digest=clause.digest,
        lawyer_id=lawyer.id,
        lawyer_name=lawyer.name,
        bar_number="000000",
        bar_jurisdiction="England and Wales",
        decision=Decision.APPROVED,
        jurisdictions=("GB", "PH"),
        contract_templates=("*",),
        conditions="",
        comment="",
        decided_at=now,
    )
    decision = replace(decision, **changed)  # type: ignore[arg-type]
    event = AuditEvent(name="clause.signed_off", actor=lawyer, subject=clause.id, digest=clause.digest)
    with kit.unit_of_work() as unit:
        unit.sign_offs.add(decision, event)
    return decision


def agreement_in_review(kit: Toolkit, owner: Actor) -> Agreement:
    """The sample NDA under the law of England and Wales, for an assistant in the Philippines."""
    answers = Answers.from_json(tomllib.loads(SAMPLE.read_text(encoding="utf-8")))
    drafted = drafting.start_draft(kit, owner, "va-nda", answers)
    return request_review(kit, owner, drafted.id)
