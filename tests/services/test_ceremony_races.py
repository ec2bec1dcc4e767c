"""Many at once on one envelope, in threads and on the real database: one outcome, each signature once."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from app.domain.digest import sha256_hex
from app.domain.envelope import Envelope
from app.domain.errors import WrongState
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.services import ceremony, changes
from app.signing.verification import verify_pdf
from tests.services.sent_agreement import OWNER, Device, Room, copy_model, make_model

T = TypeVar("T")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def room(model, tmp_path):
    made = copy_model(model, tmp_path)
    yield made
    made.database.close()


def at_once(acts: Sequence[Callable[[], T]]) -> list[T | WrongState]:
    """Run all acts at the same moment; refusals by the workflow are results, other errors are raised."""
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T | WrongState:
        ready.wait()
        try:
            return act()
        except WrongState as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def sign_patiently(room: Room, number: int) -> Envelope:
    """As the page's script does: prepare again with the same key while others are faster."""
    device = Device()
    for _ in range(60):
        try:
            device.get_credential(room, number)
            return device.finish(room, device.prepare(room, number), number)
        except WrongState as refusal:
            if not refusal.retryable:
                raise
            time.sleep(0.1 + random.random() / 5)
    raise AssertionError("never got a turn")


def report_of(room: Room):
    file = room.kit.files.get(room.envelope().current_digest)
    root = room.kit.credentials.root_certificate()
    return verify_pdf(file, sha256_hex(file), trust_roots=[root], own_root=root)


def test_two_signers_at_once_are_both_in_the_file(room):
    room.let_everybody_sign_at_once()
    for number in (0, 1):
        room.to_final(number)
    results = at_once([lambda: sign_patiently(room, 0), lambda: sign_patiently(room, 1)])
    assert not [result for result in results if isinstance(result, WrongState)]
    envelope = room.envelope()
    assert envelope.status is EnvelopeStatus.COMPLETED
    assert room.events().count("signature.applied") == 2
    assert room.events().count("envelope.completed") == 1
    report = report_of(room)
    assert report.integrity == "intact"
    fields = [signature.field for signature in report.signatures if signature.kind == "signature"]
    assert sorted(fields) == ["signature-assistant", "signature-client"]


def test_twenty_finishes_at_once_sign_once(room):
    room.to_final()
    device = Device()
    device.get_credential(room)
    prepared = device.prepare(room)
    results = at_once([lambda: device.finish(room, prepared)] * 20)
    refusals = [result for result in results if isinstance(result, WrongState)]
    assert not refusals
    assert {result.current_digest for result in results} == {room.envelope().current_digest}
    assert room.events().count("signature.applied") == 1


def test_two_devices_of_one_signer_sign_once(room):
    room.to_final()
    results = at_once([lambda: sign_patiently(room, 0)] * 3)
    signed = [result for result in results if isinstance(result, Envelope)]
    assert signed
    assert all(result.code == "already-signed" for result in results if isinstance(result, WrongState))
    assert room.events().count("signature.applied") == 1


def test_the_server_key_pressed_five_times_signs_once(room):
    room.to_final()
    actor, ids = room.actor(), room.ids()
    at_once([lambda: ceremony.sign_on_server(room.kit, actor, *ids)] * 5)
    assert room.envelope().signers[0].status is SignerStatus.SIGNED
    assert room.events().count("signature.applied") == 1


@pytest.mark.parametrize("round_number", range(3))
def test_withdrawing_against_signing_has_one_outcome(room, round_number):
    room.to_final()
    device = Device()
    device.get_credential(room)
    prepared = device.prepare(room)
    _, voided = at_once(
        [
            lambda: device.finish(room, prepared),
            lambda: changes.void(room.kit, OWNER, room.envelope_id, "Withdrawn."),
        ]
    )
    envelope = room.envelope()
    assert isinstance(voided, Envelope)
    assert envelope.status is EnvelopeStatus.VOIDED
    events = room.events()
    assert events.count("envelope.voided") == 1
    signed = envelope.signers[0].signature is not None
    assert events.count("signature.applied") == signed
    if signed:
        assert events.index("signature.applied") < events.index("envelope.voided")
    with pytest.raises(WrongState):
        device.prepare(room)
