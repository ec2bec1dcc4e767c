"""What tests of the office's pages begin with: people, drafts that can be sent, signatures."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.config import ROOT
from app.domain.account import Account
from app.domain.actor import Actor, Part
from app.domain.agreement import Agreement
from app.domain.agreement_text import AgreementText
from app.domain.answers import Answers
from app.domain.disclosure import DISCLOSURE
from app.domain.envelope import Envelope, Signer
from app.domain.person import Person
from app.domain.review import Decision
from app.domain.signature import KeyHeldBy
from app.rendering.pdf import render_pdf
from app.rendering.stationery import Stationery
from app.services import ceremony, drafting, gate, review, sending
from app.services.people import PersonForm, add_person
from app.toolkit import Toolkit

from .conftest import OWNER, Site

_PAPERS: dict[tuple[str, Stationery], bytes] = {}


def remember_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Typeset a text once for all tests: the real paper, made the first time, serves again."""

    def render(
        text: AgreementText, *, attachment: bytes, created_at: datetime, stationery: Stationery
    ) -> bytes:
        key = (text.digest, stationery)
        if key not in _PAPERS:
            _PAPERS[key] = render_pdf(
                text, attachment=attachment, created_at=created_at, stationery=stationery
            )
        return _PAPERS[key]

    monkeypatch.setattr(sending, "render_pdf", render)


LIZA = PersonForm(
    "Liza Santos", "liza@santos.example", "PH", "for herself", address="14 Mango Road, Cebu City"
)
LAWYER = Actor(Part.LAWYER, "a-lawyer", "Elena Marsh", "elena@marsh.example")


def add_liza(site: Site, owner: Account) -> Person:
    return add_person(site.kit, owner.as_actor(), LIZA)


def sample_answers(template: str = "va-nda") -> Answers:
    """Complete answers, with the site's owner as the signer of the business."""
    path = ROOT / "contract_templates" / template / "sample_answers.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    for role, who in data["signers"].items():
        if role in ("client", "company"):
            who["name"], who["email"] = OWNER
    return Answers.from_json(data)


def complete_draft(site: Site, owner: Account, template: str = "va-nda") -> Agreement:
    return drafting.start_draft(site.kit, owner.as_actor(), template, sample_answers(template))


def sign_off_all(kit: Toolkit, agreement_id: str) -> None:
    text = drafting.assess(kit, agreement_id).text
    clauses = [(clause.clause_id, clause.digest) for clause in text.clauses()]
    review.sign_off_clauses(kit, LAWYER, clauses, review.DecisionForm(Decision.APPROVED))


def overridden_draft(site: Site, owner: Account) -> Agreement:
    draft = complete_draft(site, owner)
    return gate.override_review(site.kit, owner.as_actor(), draft.id, "The assistant starts tomorrow.")


def send_out(site: Site, owner: Account, **options: object) -> Envelope:
    draft = overridden_draft(site, owner)
    return sending.send(site.kit, owner.as_actor(), draft.id, sending.SendingForm(**options))


def sign_as(kit: Toolkit, envelope: Envelope, signer: Signer) -> Envelope:
    """All steps of one signer, with a key of this process."""
    part = Part.OWNER if signer.side == "client" else Part.SIGNER
    actor = Actor(part, signer.id, signer.name, signer.email)
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    ceremony.identify(kit, actor, envelope.id, signer.id, ("a test",))
    ceremony.accept_disclosure(kit, actor, envelope.id, signer.id, DISCLOSURE.digest)
    ceremony.issue_credential(kit, actor, envelope.id, signer.id, public, KeyHeldBy.DEMO_PROCESS)
    view = ceremony.prepare_signature(
        kit, actor, envelope.id, signer.id, ceremony.Adoption("typed"), signer.asked_initials
    )
    value = key.sign(view.signed_attributes, ec.ECDSA(hashes.SHA256()))
    return ceremony.apply_signature(kit, actor, envelope.id, signer.id, view.prepared_digest, value)


def stored(site: Site, agreement_id: str) -> Agreement:
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.agreements.get(agreement_id)


def later(site: Site, **span: int) -> None:
    site.clock.ahead += timedelta(**span)
