"""Many people at once: fifty envelopes signed together, and ten signers on one envelope."""

from __future__ import annotations

import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from app.domain.actor import APPLICATION
from app.domain.agreement_text import signature_field
from app.domain.answers import SignerAnswer
from app.domain.audit import AuditEvent
from app.domain.clause import Role
from app.domain.contract_template import Library, SignerRole
from app.domain.digest import sha256_hex
from app.domain.envelope import Envelope
from app.domain.errors import WrongState
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.services import drafting, gate, sending
from app.services.audit import verify_log
from app.signing.verification import verify_pdf
from tests.services.sent_agreement import OWNER, Device, Room, copy_model, make_model

ENVELOPES = 50
SIGNERS = 10
THREADS = 10


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def room(model, tmp_path):
    made = copy_model(model, tmp_path)
    yield made
    made.database.close()


def sign_patiently(room: Room, number: int = 0) -> None:
    """As the page's script does: prepare again with the same key while others are faster."""
    device = Device()
    for _ in range(300):
        try:
            device.get_credential(room, number)
            device.finish(room, device.prepare(room, number), number)
        except WrongState as refusal:
            if not refusal.retryable:
                raise
            time.sleep(random.uniform(0.02, 0.2))
        else:
            return
    raise AssertionError("never got a turn")


def copies_of(room: Room, count: int) -> list[Room]:
    """More agreements out for signature, on the same certified file."""
    rooms = []
    with room.kit.unit_of_work() as unit:
        agreement = unit.agreements.get(room.agreement_id)
        envelope = unit.envelopes.get(room.envelope_id)
        for number in range(count):
            ids = [uuid.uuid4().hex for _ in range(2)]
            unit.agreements.add(
                replace(agreement, id=ids[0], number=f"COPY-{number}", current_envelope=ids[1], revision=0),
                AuditEvent("agreement.drafted", APPLICATION, ids[0]),
            )
            signers = tuple(replace(signer, id=uuid.uuid4().hex) for signer in envelope.signers)
            unit.envelopes.add(
                replace(envelope, id=ids[1], agreement_id=ids[0], signers=signers, revision=0),
                AuditEvent("envelope.opened", APPLICATION, ids[0], ids[1]),
            )
            rooms.append(replace(room, envelope_id=ids[1], agreement_id=ids[0]))
    return rooms


def in_threads(acts) -> None:
    ready = threading.Barrier(THREADS)
    waiting = list(acts)

    def work(number: int) -> None:
        ready.wait()
        for act in waiting[number::THREADS]:
            act()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))


def signed_names(room: Room, envelope: Envelope) -> list[str]:
    file = room.kit.files.get(envelope.current_digest)
    root = room.kit.credentials.root_certificate()
    report = verify_pdf(file, sha256_hex(file), trust_roots=[root], own_root=root)
    assert report.integrity == "intact", report.reasons
    return [one.field for one in report.signatures]


def test_fifty_envelopes_signed_at_once_have_each_signature_once(room):
    rooms = copies_of(room, ENVELOPES)
    for one in rooms:
        one.to_final()
    in_threads([lambda one=one: sign_patiently(one) for one in rooms])
    for one in rooms:
        envelope = one.envelope()
        assert envelope.signers[0].status is SignerStatus.SIGNED
        assert one.events().count("signature.applied") == 1
        assert envelope.signers[1].status is SignerStatus.INVITED, "the next signer is asked"
    assert signed_names(room, rooms[0].envelope()) == ["seal", "signature-assistant"]
    assert len({one.envelope().current_digest for one in rooms}) == ENVELOPES, "no file is shared by two"
    events, problems = verify_log(room.kit)
    assert events > ENVELOPES
    assert not problems


class WithManySigners:
    """The library, with ten places for signers that may all sign at once."""

    def __init__(self, source) -> None:
        self._source = source

    def library(self) -> Library:
        library = self._source.library()
        roles = tuple(
            SignerRole(f"signer-{n}", Role.ASSISTANT if n % 2 else Role.CLIENT, f"Signer {n}", 1)
            for n in range(SIGNERS)
        )
        template = replace(library.contract_templates["va-nda"], signer_roles=roles)
        return replace(library, contract_templates={**library.contract_templates, "va-nda": template})

    def word_frame(self, contract_template: str) -> bytes:
        return self._source.word_frame(contract_template)


def test_ten_signers_on_one_envelope_are_all_in_the_file(room):
    kit = replace(room.kit, library=WithManySigners(room.kit.library))
    with kit.unit_of_work(read_only=True) as unit:
        answers = unit.agreements.get(room.agreement_id).answers
    people = {
        f"signer-{n}": SignerAnswer(f"Person Number{n}", f"person{n}@example.org", "for herself")
        for n in range(SIGNERS)
    }
    agreement = drafting.start_draft(kit, OWNER, "va-nda", replace(answers, signers=people))
    if not drafting.assess(kit, agreement.id).review.passes:
        gate.override_review(kit, OWNER, agreement.id, "a test of many signers at once")
    envelope = sending.send(kit, OWNER, agreement.id, sending.SendingForm())
    many = replace(room, kit=kit, envelope_id=envelope.id, agreement_id=agreement.id)
    for number in range(SIGNERS):
        many.to_final(number)
    in_threads([lambda n=number: sign_patiently(many, n) for number in range(SIGNERS)])
    done = many.envelope()
    assert done.status is EnvelopeStatus.COMPLETED
    assert many.events().count("signature.applied") == SIGNERS
    fields = signed_names(many, done)
    assert sorted(fields) == sorted(["seal", *(signature_field(role) for role in people)])
    assert len(fields) == len(set(fields)), "each signature exactly once"
