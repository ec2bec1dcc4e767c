"""People, change requests, and what an envelope remembers about its signers and results."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.change_request import ChangeRequest
from app.domain.envelope import Preparation, Signer, SignerCredential
from app.domain.errors import NotFound, WrongState
from app.domain.person import Person
from app.domain.signature import KeyHeldBy, Level
from app.domain.workflow import EnvelopeStatus
from tests.persistence.conftest import NOON, agreement, envelope, event, raw, signature, signer

text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
ids = map("row-{}".format, count())
hostile_settings = hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def person(person_id="p1", name="María Cruz", **more):
    values = {
        "id": person_id, "name": name, "email": "maria@cruz.example", "country": "PH",
        "capacity": "director", "kind": "company", "created_at": NOON, "company": "Cruz & Co.",
        "address": "Manila",
    }
    return Person(**{**values, **more})


def about(person_id, name="person.added"):
    return event(name, agreement_id="", subject=person_id)


def request(request_id="r1", **more):
    values = {
        "id": request_id, "envelope_id": "e1", "signer_id": "s1", "family": "take-home",
        "text": "Ten days, please", "asked_at": NOON,
    }
    return ChangeRequest(**{**values, **more})


@pytest.fixture
def sent(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(envelope(), event(envelope_id="e1"))
    return database


def test_every_field_of_a_person_comes_back(database):
    full = person(archived=True)
    assert all(getattr(full, field.name) for field in fields(Person))
    with database.unit_of_work() as uow:
        uow.people.add(person(), about("p1"))
        uow.people.save(full, about("p1", "person.archived"))
        assert uow.people.get("p1") == full
        assert [leaf.name for leaf in uow.audit.leaves()] == ["person.added", "person.archived"]


@hostile_settings
@given(name=text, company=text, address=text)
def test_hostile_texts_of_a_person_come_back(database, name, company, address):
    name_of_row = next(ids)
    hostile = person(name_of_row, name, company=company, address=address, capacity=name)
    with database.unit_of_work() as uow:
        uow.people.add(hostile, about(name_of_row))
        assert uow.people.get(name_of_row) == hostile
        assert hostile in uow.people.list()


def test_people_are_listed_as_a_reader_sorts_names(database):
    names = ["Zoe", "álvaro", "Bea", "Ángela", "ben", "E\u0301va"]
    with database.unit_of_work() as uow:
        for name in (*names, "Gone"):
            uow.people.add(person(name, name, archived=name == "Gone"), about(name))
        listed = [found.name for found in uow.people.list()]
    assert listed == ["álvaro", "Ángela", "Bea", "ben", "E\u0301va", "Zoe"]


def test_a_person_is_saved_with_an_event_about_them_only(database):
    with database.unit_of_work() as uow:
        with pytest.raises(ValueError, match="does not name"):
            uow.people.add(person(), about("p2"))
        with pytest.raises(NotFound):
            uow.people.save(person(), about("p1"))
        with pytest.raises(NotFound):
            uow.people.get("p1")
        assert uow.audit.size() == 0


@hostile_settings
@given(family=text, words=text, answer=text)
def test_a_change_request_comes_back_with_its_answer(sent, family, words, answer):
    name_of_row = next(ids)
    asked = request(name_of_row, family=family, text=words)
    with sent.unit_of_work() as uow:
        uow.change_requests.add(asked)
        assert uow.change_requests.get(name_of_row) == asked
        answered = replace(asked, answer=answer, answered_at=NOON + timedelta(days=1))
        uow.change_requests.save(answered)
        assert uow.change_requests.get(name_of_row) == answered


def test_change_requests_are_listed_oldest_first_and_answered_once(sent):
    with sent.unit_of_work() as uow:
        for day in (3, 1, 2):
            uow.change_requests.add(request(f"r{day}", asked_at=NOON + timedelta(days=day)))
        assert [found.id for found in uow.change_requests.of_envelope("e1")] == ["r1", "r2", "r3"]
        assert uow.change_requests.of_envelope("e2") == []
        answered = replace(uow.change_requests.get("r1"), answer="yes", answered_at=NOON)
        uow.change_requests.save(answered)
    for again in (replace(answered, answer="no"), answered):
        with pytest.raises(WrongState), sent.unit_of_work() as uow:
            uow.change_requests.save(again)
    with sent.unit_of_work() as uow:
        assert uow.change_requests.get("r1") == answered
        with pytest.raises(NotFound):
            uow.change_requests.save(request("r9"))
        with pytest.raises(NotFound):
            uow.change_requests.get("r9")


def test_a_change_request_needs_its_envelope(sent):
    with pytest.raises(WrongState, match="not there"), sent.unit_of_work() as uow:
        uow.change_requests.add(request(envelope_id="e9"))
    assert raw(sent, "SELECT COUNT(*) FROM change_requests") == [(0,)]


def credential():
    return SignerCredential("0a1b", "ef" * 32, "12" * 32, NOON + timedelta(days=430), KeyHeldBy.SIGNER_CLIENT)


def preparation():
    return Preparation(
        signer_id="s1", base_digest="56" * 32, prepared_digest="78" * 32, signed_attributes="3100",
        document_digest="9a" * 32, base_length=1000, contents_offset=1200, contents_length=16384,
        field="signature.s1", signed_at=NOON, initialled=("take-home", "sign-in"), kind="drawn",
    )


def full_envelope():
    everything = signer(
        asked_initials=("take-home",), credential=credential(), signature=signature(), declined_reason="no"
    )
    return envelope(
        status=EnvelopeStatus.COMPLETED, signers=(everything,), agreement_json_digest="bc" * 32,
        completed_at=NOON, sealed_digest="de" * 32, sealed_at=NOON, level=Level.B_LTA,
        timestamp_authority="local clock", completion_digest="f0" * 32, lease_holder="s1",
        lease_until=NOON, preparation=preparation(),
    )


def test_every_field_of_an_envelope_and_its_signers_comes_back(database):
    full = full_envelope()
    for thing, may_be_empty in ((full, {"revision"}), (full.signers[0], set())):
        empty = {field.name for field in fields(thing) if not getattr(thing, field.name)}
        assert empty == may_be_empty
    assert {field.name for field in fields(Signer)} >= {"asked_initials", "credential"}
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(full, event(envelope_id="e1"))
    with database.unit_of_work() as uow:
        assert uow.envelopes.get("e1") == full
        bare = replace(full, preparation=None, signers=(replace(full.signers[0], credential=None),))
        assert uow.envelopes.save(bare, event(envelope_id="e1")) == uow.envelopes.get("e1")
        assert uow.envelopes.get("e1") == replace(bare, revision=1)


def test_a_lease_takes_the_preparation_along(sent):
    leased = envelope(lease_holder="s1", lease_until=NOON, preparation=preparation())
    with sent.unit_of_work() as uow:
        uow.envelopes.save_lease(replace(leased, message="not stored"))
        assert uow.envelopes.get("e1") == replace(leased, revision=1)
        assert uow.audit.size() == 2


def test_a_result_is_stored_without_an_event_and_nothing_else_with_it(sent):
    result = {
        "current_digest": "aa" * 32, "sealed_digest": "aa" * 32, "sealed_at": NOON, "level": Level.B_LTA,
        "timestamp_authority": "local clock", "completion_digest": "bb" * 32,
    }
    changed = envelope(**result, message="not stored", status=EnvelopeStatus.VOIDED, signers=())
    with sent.unit_of_work() as uow:
        assert uow.envelopes.save_result(changed).revision == 1
        assert uow.envelopes.get("e1") == replace(envelope(**result), revision=1)
        assert uow.audit.size() == 2
    with pytest.raises(WrongState) as caught, sent.unit_of_work() as uow:
        uow.envelopes.save_result(changed)
    assert caught.value.code == "stale-revision"
