"""The signing request under load: fifty signers at once, each with an envelope of their own.

What is timed is what the page asks for: prepare the update, and finish the signature with its
timestamp and check. 95 of 100 requests take no longer than the p95 printed.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import tomllib
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.bench.measuring import Row
from app.bench.samples import SMALLER
from app.config import Configuration
from app.domain.actor import APPLICATION, Actor, Part
from app.domain.answers import Answers
from app.domain.audit import AuditEvent
from app.domain.digest import sha256_hex
from app.domain.disclosure import DISCLOSURE
from app.domain.envelope import Envelope
from app.domain.signature import KeyHeldBy
from app.installation import open_installation
from app.services import ceremony, drafting, gate, sending
from app.services.sending_form import SendingForm
from app.toolkit import Toolkit

ENVELOPES = 50
AT_ONCE = 8  # as many as the server has threads
OWNER = Actor(Part.OWNER, "bench-owner", "Bench Owner")


def bench_ceremony(configuration: Configuration) -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(
            configuration, instance=Path(folder), database_url=f"sqlite:///{folder}/bench.sqlite"
        )
        installation = open_installation(settings, organisation="Bench Ltd", country="GB")
        try:
            devices = _ready_to_sign(installation.toolkit, configuration)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                timed = list(pool.map(lambda device: device.sign(), devices))
        finally:
            installation.close()
    prepare, finish = ([one[i] for one in timed] for i in (0, 1))
    name = f"{ENVELOPES} envelopes, {AT_ONCE} signing at once"
    return [
        Row(f"Prepare request, p95 of {name}", _p95(prepare)),
        Row(f"Finish request, p95 of {name}", _p95(finish)),
    ]


@dataclass(frozen=True, slots=True)
class _Device:
    """One signer at the last page."""

    kit: Toolkit
    envelope: Envelope

    def sign(self) -> tuple[float, float]:
        """Milliseconds of the two requests."""
        signer = self.envelope.signers[0]
        actor = Actor(Part.SIGNER, signer.id, signer.name, signer.email)
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        ids = (self.envelope.id, signer.id)
        ceremony.issue_credential(self.kit, actor, *ids, public, KeyHeldBy.SIGNER_CLIENT)
        started = time.perf_counter()
        view = ceremony.prepare_adopted(self.kit, actor, *ids, sha256_hex(public))
        prepared = time.perf_counter()
        value = key.sign(view.signed_attributes, ec.ECDSA(hashes.SHA256()))
        signed = time.perf_counter()
        ceremony.apply_signature(self.kit, actor, *ids, view.prepared_digest, value)
        return (prepared - started) * 1000, (time.perf_counter() - signed) * 1000


def _ready_to_sign(kit: Toolkit, configuration: Configuration) -> list[_Device]:
    """Fifty envelopes on one certified file, every first signer at the last page."""
    sample = configuration.contract_templates / SMALLER / "sample_answers.toml"
    answers = Answers.from_json(tomllib.loads(sample.read_text(encoding="utf-8")))
    agreement = drafting.start_draft(kit, OWNER, SMALLER, answers)
    gate.override_review(kit, OWNER, agreement.id, "a measurement, which binds nobody")
    envelope = sending.send(kit, OWNER, agreement.id, SendingForm())
    devices = []
    for number in range(ENVELOPES):
        copy = _copy(kit, agreement.id, envelope, number)
        _go_to_last_page(kit, copy)
        devices.append(_Device(kit, copy))
    return devices


def _copy(kit: Toolkit, agreement_id: str, envelope: Envelope, number: int) -> Envelope:
    """Another agreement with an envelope on the same file."""
    agreement_copy, envelope_copy = uuid.uuid4().hex, uuid.uuid4().hex
    signers = tuple(replace(signer, id=uuid.uuid4().hex) for signer in envelope.signers)
    copy = replace(envelope, id=envelope_copy, agreement_id=agreement_copy, signers=signers, revision=0)
    with kit.unit_of_work() as unit:
        agreement = unit.agreements.get(agreement_id)
        unit.agreements.add(
            replace(
                agreement,
                id=agreement_copy,
                number=f"BENCH-{number}",
                current_envelope=envelope_copy,
                revision=0,
            ),
            AuditEvent("agreement.drafted", APPLICATION, agreement_copy),
        )
        unit.envelopes.add(copy, AuditEvent("envelope.opened", APPLICATION, agreement_copy, envelope_copy))
    return copy


def _go_to_last_page(kit: Toolkit, envelope: Envelope) -> None:
    signer = envelope.signers[0]
    actor = Actor(Part.SIGNER, signer.id, signer.name, signer.email)
    ids = (envelope.id, signer.id)
    ceremony.identify(kit, actor, *ids, ("bench",))
    ceremony.accept_disclosure(kit, actor, *ids, DISCLOSURE.digest)
    ceremony.begin_reading(kit, actor, *ids)
    for family in signer.asked_initials:
        ceremony.give_initials(kit, *ids, family)
    ceremony.adopt_typed(kit, *ids)


def _p95(milliseconds: list[float]) -> float:
    return statistics.quantiles(milliseconds, n=20)[-1]
