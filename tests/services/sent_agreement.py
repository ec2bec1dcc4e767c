"""An installation with one sent agreement, made once; each test works on a copy of its database."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from app.config import ROOT, read_configuration
from app.domain.actor import APPLICATION, Actor, Part
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.digest import sha256_hex
from app.domain.disclosure import DISCLOSURE
from app.domain.envelope import Envelope
from app.domain.review import Decision
from app.domain.signature import KeyHeldBy
from app.domain.workflow import SignerStatus
from app.installation import open_installation
from app.persistence.database import Database, open_database
from app.services import ceremony, drafting, review, sending
from app.services.settings import change_business
from app.toolkit import Toolkit

OWNER = Actor(Part.OWNER, "owner", "Nora Whitlow", "nora@larkfield.example")
LAWYER = Actor(Part.LAWYER, "lawyer", "SAMPLE sign-off")
TEMPLATES = ROOT / "contract_templates"
SAMPLE = TEMPLATES / "va-nda" / "sample_answers.toml"


class MovableClock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Model:
    """The sent agreement as it was made: to be copied, never changed."""

    kit: Toolkit
    database: Path
    envelope: Envelope
    agreement_id: str


def make_model(folder: Path, template_id: str = "va-nda") -> Model:
    """The contract template's sample, signed off and sent."""
    configuration = read_configuration({}, instance=folder)
    installation = open_installation(configuration)
    kit = installation.toolkit
    change_business(
        kit, OWNER, {"organisation": "Larkfield Bookkeeping Ltd", "country": "GB", "sender": "Nora Whitlow"}
    )
    sample = TEMPLATES / template_id / "sample_answers.toml"
    answers = Answers.from_json(tomllib.loads(sample.read_text(encoding="utf-8")))
    agreement = drafting.start_draft(kit, OWNER, template_id, answers)
    waiting = drafting.assess(kit, agreement.id)
    digests = {clause.clause_id: clause.digest for clause in waiting.text.clauses()}
    review.sign_off_clauses(
        kit,
        LAWYER,
        [(clause_id, digests[clause_id]) for clause_id in waiting.review.waiting],
        review.DecisionForm(decision=Decision.APPROVED, comment="SAMPLE", sample=True),
    )
    envelope = sending.send(kit, OWNER, agreement.id, sending.SendingForm())
    installation.database.close()
    return Model(kit, folder / "countersign.sqlite", envelope, agreement.id)


@dataclass
class Room:
    """One test's own copy. `actor` acts as a signer of the envelope."""

    kit: Toolkit
    database: Database
    clock: MovableClock
    envelope_id: str
    agreement_id: str

    def envelope(self) -> Envelope:
        with self.kit.unit_of_work(read_only=True) as unit:
            return unit.envelopes.get(self.envelope_id)

    def events(self) -> list[str]:
        with self.kit.unit_of_work(read_only=True) as unit:
            return [leaf.name for leaf in unit.audit.leaves() if leaf.envelope_id == self.envelope_id]

    def actor(self, number: int = 0) -> Actor:
        signer = self.envelope().signers[number]
        return Actor(Part.SIGNER, signer.id, signer.name, signer.email, "203.0.113.7", "test")

    def ids(self, number: int = 0) -> tuple[str, str]:
        return self.envelope_id, self.envelope().signers[number].id

    def let_everybody_sign_at_once(self) -> None:
        """As if the contract template gave both roles the same order."""
        with self.kit.unit_of_work() as unit:
            envelope = unit.envelopes.get(self.envelope_id)
            signers = tuple(
                replace(signer, order=1, status=SignerStatus.INVITED) for signer in envelope.signers
            )
            event = AuditEvent("envelope.opened", APPLICATION, self.agreement_id, self.envelope_id)
            unit.envelopes.save(replace(envelope, signers=signers), event)

    def to_reading(self, number: int = 0) -> None:
        actor, ids = self.actor(number), self.ids(number)
        ceremony.identify(self.kit, actor, *ids, ("link by e-mail",))
        ceremony.accept_disclosure(self.kit, actor, *ids, DISCLOSURE.digest)
        ceremony.begin_reading(self.kit, actor, *ids)

    def to_final(self, number: int = 0) -> None:
        self.to_reading(number)
        ids = self.ids(number)
        for family in self.envelope().signers[number].asked_initials:
            ceremony.give_initials(self.kit, *ids, family)
        ceremony.adopt_typed(self.kit, *ids)


def copy_model(model: Model, folder: Path) -> Room:
    path = folder / "copy.sqlite"
    shutil.copy(model.database, path)
    clock = MovableClock()
    database = open_database(f"sqlite:///{path}", clock.now)
    kit = replace(model.kit, unit_of_work=database.unit_of_work, clock=clock)
    return Room(kit, database, clock, model.envelope.id, model.agreement_id)


class Device:
    """A signer's device: makes a key, and signs what it is given."""

    def __init__(self, key: ec.EllipticCurvePrivateKey | None = None) -> None:
        self._key = key or ec.generate_private_key(ec.SECP256R1())
        self.public_key = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def pem(self) -> str:
        """Its key, for a process that goes on with it."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def get_credential(self, room: Room, number: int = 0) -> None:
        ceremony.issue_credential(
            room.kit, room.actor(number), *room.ids(number), self.public_key, KeyHeldBy.SIGNER_CLIENT
        )

    def prepare(self, room: Room, number: int = 0) -> tuple[str, bytes]:
        """The digest of the prepared file, and the signature over its attributes."""
        view = ceremony.prepare_adopted(
            room.kit, room.actor(number), *room.ids(number), sha256_hex(self.public_key)
        )
        return view.prepared_digest, self._key.sign(view.signed_attributes, ec.ECDSA(hashes.SHA256()))

    def finish(self, room: Room, prepared: tuple[str, bytes], number: int = 0) -> Envelope:
        return ceremony.apply_signature(room.kit, room.actor(number), *room.ids(number), *prepared)
