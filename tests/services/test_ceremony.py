"""The steps of a signer in their order, repeated, out of order, and after others were faster."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.disclosure import DISCLOSURE
from app.domain.errors import InvalidInput, StorageFailed, TimestampUnavailable, WrongState
from app.domain.signature import KeyHeldBy
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.services import ceremony, changes
from app.services.signer_view import read_frozen_text
from app.signing import one_time_key as key_module
from tests.services.sent_agreement import OWNER, Device, copy_model, make_model


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def room(model, tmp_path):
    made = copy_model(model, tmp_path)
    yield made
    made.database.close()


def code_of(raised) -> str:
    return raised.value.code


def test_nothing_is_signed_out_of_order(room):
    actor, ids = room.actor(), room.ids()
    device = Device()
    with pytest.raises(WrongState):
        ceremony.accept_disclosure(room.kit, actor, *ids, DISCLOSURE.digest)
    with pytest.raises(WrongState):
        device.get_credential(room)
    with pytest.raises(WrongState):
        ceremony.give_initials(room.kit, *ids, "take-home")
    room.to_reading()
    device.get_credential(room)
    with pytest.raises(WrongState) as raised:
        device.prepare(room)
    assert code_of(raised) == "not-ready"
    ceremony.adopt_typed(room.kit, *ids)
    with pytest.raises(InvalidInput) as raised:
        device.prepare(room)
    assert code_of(raised) == "initials-missing"


def test_the_second_in_order_waits(room):
    with pytest.raises(WrongState) as raised:
        ceremony.identify(room.kit, room.actor(1), *room.ids(1), ("link by e-mail",))
    assert code_of(raised) == "not-your-turn"


def test_another_disclosure_than_the_present_one_is_not_consent(room):
    ceremony.identify(room.kit, room.actor(), *room.ids(), ("link by e-mail",))
    with pytest.raises(WrongState) as raised:
        ceremony.accept_disclosure(room.kit, room.actor(), *room.ids(), "0" * 64)
    assert code_of(raised) == "disclosure-changed"


def test_steps_repeated_leave_one_event(room):
    room.to_reading()
    ceremony.accept_disclosure(room.kit, room.actor(), *room.ids(), DISCLOSURE.digest)
    ceremony.begin_reading(room.kit, room.actor(), *room.ids())
    assert room.events().count("consent.given") == 1
    assert room.events().count("envelope.viewed") == 1


def test_initials_are_given_once_taken_back_and_refused_where_not_asked(room):
    room.to_reading()
    first, second, *_ = room.envelope().signers[0].asked_initials
    ceremony.give_initials(room.kit, *room.ids(), first)
    ceremony.give_initials(room.kit, *room.ids(), second)
    assert ceremony.give_initials(room.kit, *room.ids(), first).initialled == (first, second)
    assert ceremony.take_back_initials(room.kit, *room.ids(), first).initialled == (second,)
    with pytest.raises(InvalidInput) as raised:
        ceremony.give_initials(room.kit, *room.ids(), "parties")
    assert code_of(raised) == "initials-not-asked"


def test_an_agreement_signed_by_both(room):
    for number in (0, 1):
        room.to_final(number)
        device = Device()
        device.get_credential(room, number)
        envelope = device.finish(room, device.prepare(room, number), number)
    assert envelope.status is EnvelopeStatus.COMPLETED
    original = room.kit.files.get(envelope.original_digest)
    assert room.kit.files.get(envelope.current_digest).startswith(original)
    assert room.events().count("signature.applied") == 2


def test_a_new_key_replaces_the_old_one_and_what_was_prepared_for_it(room):
    room.to_final()
    old, new = Device(), Device()
    old.get_credential(room)
    prepared = old.prepare(room)
    with pytest.raises(WrongState) as raised:
        new.get_credential(room)
    assert (code_of(raised), raised.value.retryable) == ("envelope-busy", True), "the other page is at it"
    room.clock.ahead += timedelta(seconds=21)
    new.get_credential(room)
    with pytest.raises(WrongState) as raised:
        old.finish(room, prepared)
    assert (code_of(raised), raised.value.retryable) == ("stale-base", True)
    with pytest.raises(WrongState) as raised:
        old.prepare(room)
    assert (code_of(raised), raised.value.retryable) == ("key-superseded", True)
    assert new.finish(room, new.prepare(room)).signers[0].status is SignerStatus.SIGNED


def test_the_same_key_has_one_credential(room):
    room.to_final()
    device = Device()
    device.get_credential(room)
    device.get_credential(room)
    assert room.events().count("credential.issued") == 1


def test_the_lease_keeps_others_away_for_twenty_seconds(room):
    room.let_everybody_sign_at_once()
    first, second = Device(), Device()
    for number, device in enumerate((first, second)):
        room.to_final(number)
        device.get_credential(room, number)
    prepared = first.prepare(room, 0)
    with pytest.raises(WrongState) as raised:
        second.prepare(room, 1)
    assert (code_of(raised), raised.value.retryable) == ("envelope-busy", True)
    room.clock.ahead += timedelta(seconds=21)
    late = second.prepare(room, 1)
    second.finish(room, late, 1)
    with pytest.raises(WrongState) as raised:
        first.finish(room, prepared, 0)
    assert (code_of(raised), raised.value.retryable) == ("stale-base", True)
    done = first.finish(room, first.prepare(room, 0), 0)
    assert done.status is EnvelopeStatus.COMPLETED


def test_without_a_timestamp_nothing_is_signed_and_nothing_lost(room):
    room.to_final()
    device = Device()
    device.get_credential(room)
    prepared = device.prepare(room)
    working = room.kit

    class NoTimestamp:
        def __getattr__(self, name):
            return getattr(working.credentials, name)

        def finish(self, *_):
            raise TimestampUnavailable("no-timestamp", "No authority answered.", "Try again.", retryable=True)

    room.kit = replace(working, credentials=NoTimestamp())
    with pytest.raises(TimestampUnavailable):
        device.finish(room, prepared)
    assert room.envelope().signers[0].status is SignerStatus.CONSENTED
    room.kit = working
    assert device.finish(room, prepared).signers[0].status is SignerStatus.SIGNED


@pytest.mark.parametrize("ending", ["void", "expire", "pause"])
def test_nothing_is_signed_after_the_end(room, ending):
    room.to_final()
    device = Device()
    device.get_credential(room)
    prepared = device.prepare(room)
    if ending == "void":
        changes.void(room.kit, OWNER, room.envelope_id, "A mistake.")
    elif ending == "pause":
        changes.request_change(room.kit, room.actor(), *room.ids(), "", "Please change it.")
    else:
        room.clock.ahead += timedelta(days=31)
    with pytest.raises(WrongState):
        device.finish(room, prepared)
    assert "signature.applied" not in room.events()


def test_the_servers_key_signs_once_and_is_gone(room, monkeypatch):
    made = []
    really = key_module.generate_key

    def remember():
        made.append(really())
        return made[-1]

    monkeypatch.setattr(key_module, "generate_key", remember)
    room.to_final()
    envelope = ceremony.sign_on_server(room.kit, room.actor(), *room.ids())
    again = ceremony.sign_on_server(room.kit, room.actor(), *room.ids())
    assert again.current_digest == envelope.current_digest
    assert room.events().count("signature.applied") == len(made) == 1
    signature = envelope.signers[0].signature
    assert signature.key_held_by is KeyHeldBy.SERVER_ONE_TIME
    secret = made[0].private_numbers().private_value.to_bytes(32, "big")
    database = room.database.engine.url.database
    for path in [database, f"{database}-wal"]:
        with open(path, "rb") as stored:
            content = stored.read()
        assert secret not in content
        assert secret.hex().encode() not in content
    assert secret not in room.kit.files.get(envelope.current_digest)


def test_a_text_that_was_changed_on_disk_is_not_shown(room, model):
    envelope = room.envelope()
    assert read_frozen_text(room.kit, envelope).digest == envelope.text_digest
    stored = room.kit.files.get(envelope.text_file_digest)
    changed = room.kit.files.put(stored.replace(b"shall", b"may", 1).replace(b"must", b"may", 1))
    with pytest.raises(StorageFailed):
        read_frozen_text(room.kit, replace(envelope, text_file_digest=changed))
    with pytest.raises(StorageFailed):
        read_frozen_text(room.kit, replace(envelope, text_file_digest=""))
