"""Everything that goes in comes out equal, whatever people answered."""

from dataclasses import MISSING, fields, replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.answers import Answers, SignerAnswer
from app.domain.clause import Clause, Jurisdictions, Position
from app.domain.errors import InvalidInput, NotFound, WrongState
from app.domain.message import Attachment, DeliveryState, Message, Secret
from app.domain.review import Decision, SignOff
from app.domain.signature import Level
from app.domain.workflow import AgreementStatus, EnvelopeStatus, SignerStatus
from tests.persistence.conftest import NOON, agreement, envelope, event, preparation, raw, signature, signer


def test_an_agreement_comes_back_equal(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
    with database.unit_of_work(read_only=True) as uow:
        assert uow.agreements.get("a1") == agreement()


def test_an_agreement_without_approval_comes_back_equal(database):
    bare = agreement(approval=None, clause_versions={}, accepted_gaps={}, answers=Answers())
    with database.unit_of_work() as uow:
        uow.agreements.add(bare, event())
        assert uow.agreements.get("a1") == bare


text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
answer = st.one_of(
    text,
    st.booleans(),
    st.integers(-(2**53) + 1, 2**53 - 1),
    st.lists(text, max_size=3),
    st.lists(st.dictionaries(text, text, max_size=2), max_size=2),
)
all_answers = st.builds(
    Answers,
    facts=st.dictionaries(text, answer, max_size=4),
    families=st.dictionaries(text, st.dictionaries(text, answer, max_size=3), max_size=3),
    positions=st.dictionaries(text, text, max_size=3),
    signers=st.dictionaries(text, st.builds(SignerAnswer, text, text, text), max_size=2),
)


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(answers=all_answers, title=st.text(st.characters(blacklist_categories=("Cs",))))
def test_hostile_answers_come_back_as_given(database, answers, title):
    with database.unit_of_work() as uow:
        numbered = uow.agreements.next_number("H", 2026)
        hostile = agreement(numbered, numbered, answers=answers, title=title)
        uow.agreements.add(hostile, event(agreement_id=numbered))
    with database.unit_of_work(read_only=True) as uow:
        assert uow.agreements.get(numbered) == hostile


@pytest.mark.parametrize("value", ["\ud800", 2**53, 1.5])
def test_an_answer_without_an_exact_form_is_refused_and_nothing_stored(database, value):
    with pytest.raises(InvalidInput) as caught, database.unit_of_work() as uow:
        uow.agreements.add(agreement(answers=Answers(facts={"x": value})), event())
    assert caught.value.code == "not-storable"
    with pytest.raises(InvalidInput), database.unit_of_work() as uow:
        uow.agreements.add(agreement(title="\ud800"), event())
    assert raw(database, "SELECT COUNT(*) FROM agreements") == [(0,)]


def test_times_of_other_zones_come_back_as_utc_and_naive_ones_are_refused(database):
    manila = timezone(timedelta(hours=8))
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(created_at=NOON.astimezone(manila)), event())
        stored = uow.agreements.get("a1").created_at
    assert stored == NOON
    assert stored.utcoffset() == timedelta(0)
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    with pytest.raises(ValueError, match="aware"), database.unit_of_work() as uow:
        uow.agreements.add(agreement("a2", "2", updated_at=naive), event(agreement_id="a2"))


def test_agreements_are_listed_newest_first_and_by_status(database):
    with database.unit_of_work() as uow:
        for day in (1, 3, 2):
            name = f"a{day}"
            dated = agreement(name, name, created_at=NOON + timedelta(days=day))
            uow.agreements.add(dated, event(agreement_id=name))
        out = replace(uow.agreements.get("a2"), status=AgreementStatus.OUT)
        uow.agreements.save(out, event(agreement_id="a2"))
        assert [found.id for found in uow.agreements.list()] == ["a3", "a2", "a1"]
        assert [found.id for found in uow.agreements.list(AgreementStatus.OUT)] == ["a2"]


def test_numbers_are_counted_by_prefix_and_year(database):
    with database.unit_of_work() as uow:
        assert [uow.agreements.next_number("LB", 2026) for _ in range(3)] == [
            "LB-2026-001", "LB-2026-002", "LB-2026-003",
        ]
        assert uow.agreements.next_number("LB", 2027) == "LB-2027-001"
        assert uow.agreements.next_number("XX", 2026) == "XX-2026-001"


def test_what_is_not_there_is_not_found(database):
    with database.unit_of_work(read_only=True) as uow:
        for read in (uow.agreements.get, uow.envelopes.get, uow.messages.get, uow.clause_versions.source):
            with pytest.raises(NotFound):
                read("missing")


def full_envelope():
    """An envelope of which one signer has signed, with no field at its default."""
    signed = signer("s1", status=SignerStatus.SIGNED, signature=signature(), declined_reason="first no")
    return envelope(
        status=EnvelopeStatus.COMPLETED,
        signers=(replace(envelope().signers[0], status=SignerStatus.REPLACED), signed, signer("s3", 2)),
        completed_at=NOON + timedelta(hours=1),
        sealed_at=NOON + timedelta(hours=2),
        sealed_digest="77" * 32,
        level=Level.B_LTA,
        timestamp_authority="local clock",
        completion_digest="88" * 32,
        lease_holder="s1",
        lease_until=NOON + timedelta(seconds=20),
        preparation=preparation(),
    )


def test_an_envelope_grows_from_sending_to_seal(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(envelope(), event("agreement.sent", envelope_id="e1"))
    with database.unit_of_work() as uow:
        assert uow.envelopes.get("e1") == envelope()
        saved = uow.envelopes.save(full_envelope(), event("envelope.completed", envelope_id="e1"))
        assert saved == replace(full_envelope(), revision=1)
    with database.unit_of_work(read_only=True) as uow:
        assert uow.envelopes.get("e1") == saved
        assert uow.envelopes.out() == []


def test_the_samples_leave_no_field_at_its_default():
    """So that a field that is added to the domain and forgotten in a table fails a round trip."""
    envelope_sample = replace(full_envelope(), revision=1)
    agreement_sample = agreement(current_envelope="e1", revision=1)
    for sample in (agreement_sample, envelope_sample, envelope_sample.signers[1], sign_off(1), message()):
        for field in fields(sample):
            default = field.default if field.default_factory is MISSING else field.default_factory()
            assert default is MISSING or getattr(sample, field.name) != default, field.name


def test_envelopes_by_agreement_and_those_alive(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        for number, status in enumerate(EnvelopeStatus):
            name = f"e{number}"
            made = envelope(name, status=status, created_at=NOON - timedelta(hours=number))
            uow.envelopes.add(made, event(envelope_id=name))
        oldest_first = [found.id for found in uow.envelopes.of_agreement("a1")]
        assert oldest_first == ["e5", "e4", "e3", "e2", "e1", "e0"]
        assert [found.status for found in uow.envelopes.out()] == [EnvelopeStatus.PAUSED, EnvelopeStatus.OUT]


@pytest.mark.parametrize(
    ("save", "stored_fields"),
    [
        ("save_lease", {"lease_holder", "lease_until", "preparation"}),
        ("save_result", {"current_digest", "sealed_digest", "sealed_at", "level", "timestamp_authority",
                         "completion_digest"}),
    ],
)
def test_what_has_no_event_of_its_own_stores_nothing_else(database, save, stored_fields):
    changed = replace(full_envelope(), message="other", current_digest="99" * 32)
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(envelope(), event(envelope_id="e1"))
        assert getattr(uow.envelopes, save)(changed) == replace(changed, revision=1)
        wanted = {name: getattr(changed, name) for name in stored_fields}
        assert uow.envelopes.get("e1") == replace(envelope(), revision=1, **wanted)
        assert uow.audit.size() == 2
    with pytest.raises(WrongState, match="Somebody else"), database.unit_of_work() as uow:
        getattr(uow.envelopes, save)(changed)


@pytest.mark.parametrize("forged", [None, replace(signature(), kind="typed")])
def test_a_stored_signature_is_never_dropped_or_changed(database, forged):
    signed = envelope().with_signer(signer(signature=signature(), status=SignerStatus.SIGNED))
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(signed, event(envelope_id="e1"))
    with pytest.raises(WrongState) as caught, database.unit_of_work() as uow:
        uow.envelopes.save(signed.with_signer(signer(signature=forged)), event(envelope_id="e1"))
    assert caught.value.code == "already-signed"
    with database.unit_of_work(read_only=True) as uow:
        assert uow.envelopes.get("e1") == signed


def test_a_signer_cannot_be_removed(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(envelope(), event(envelope_id="e1"))
    with pytest.raises(WrongState) as caught, database.unit_of_work() as uow:
        uow.envelopes.save(envelope(signers=(signer(),)), event(envelope_id="e1"))
    assert caught.value.code == "signer-missing"


def clause(clause_id, digest, source):
    family, position = clause_id.split(".")
    return Clause(
        id=clause_id, family=family, position=Position(position), version="1.0", category="people",
        title="Copies", fallback_to="", addresses=("R1",), requires=(), conflicts=(), initials=False,
        mandatory=False, prominent=False, cites=(), jurisdictions=Jurisdictions((), ()), summary=(),
        lawyer_notes="", provenance={}, terms={}, parameters={}, conditions={}, blocks=(), schedules=(),
        digest=digest, source=source,
    )


def test_clause_versions_stay_byte_for_byte(database):
    source = "+++\r\nx\n+++\n\u00e9 e\u0301\t\n"
    first, second = clause("copies.strict", "a" * 64, source), clause("copies.strict", "b" * 64, "new")
    with database.unit_of_work() as uow:
        assert uow.clause_versions.add_missing([first, first], NOON) == ["copies.strict"]
        changed = replace(first, source="changed")
        assert uow.clause_versions.add_missing([changed, second], NOON) == ["copies.strict"]
        assert uow.clause_versions.add_missing([first, second], NOON) == []
        assert uow.clause_versions.source("a" * 64) == source
        assert uow.clause_versions.digests_of("copies.strict") == ["a" * 64, "b" * 64]


def sign_off(number, digest="a" * 64, **more):
    values = {
        "id": f"o{number}", "clause_id": "copies.strict", "clause_version": "1.0", "clause_digest": digest,
        "lawyer_id": "l1", "lawyer_name": "Lex", "bar_number": "77", "bar_jurisdiction": "GB",
        "decision": Decision.APPROVED_WITH_CONDITIONS, "jurisdictions": ("GB", "PH"),
        "contract_templates": ("*",), "conditions": "only", "comment": "so",
        "decided_at": NOON + timedelta(minutes=number), "expires_at": NOON + timedelta(days=9),
        "sample": True,
    }
    return SignOff(**{**values, **more})


def test_sign_offs_come_back_oldest_first(database):
    second = sign_off(2, expires_at=None, sample=False)
    other = sign_off(3, digest="c" * 64)
    with database.unit_of_work() as uow:
        for made in (second, other, sign_off(1)):
            uow.sign_offs.add(made, event("clause.signed_off"))
        assert uow.sign_offs.of_digests(["a" * 64, "a" * 64]) == [sign_off(1), second]
        assert uow.sign_offs.of_digests([f"{n:064x}" for n in range(1500)] + ["c" * 64]) == [other]
        assert uow.sign_offs.of_digests([]) == []


def message(**more):
    values = {
        "id": "m1", "message_id": "<m1@x.example>", "to_name": "Mar\u00eda", "to_address": "m@x.example",
        "subject": "Hi \u2026", "text": "text", "html": "<p>text</p>", "created_at": NOON,
        "state": DeliveryState.DELAYED, "tries": 2, "last_error": "slow", "handed_over_at": NOON,
        "attachments": (Attachment("signed.pdf", "application/pdf", "a" * 64),),
        "agreement_id": "a1", "envelope_id": "e1", "signer_id": "s1",
        "secret": Secret.LINK, "secret_for": "sign:s1:e1", "secret_until": NOON + timedelta(days=1),
    }
    return Message(**{**values, **more})


def test_messages_come_back_and_change_state(database):
    bare = Message("m1", "<m1@x.example>", "", "m@x.example", "", "", "", NOON, agreement_id="a1")
    with database.unit_of_work() as uow:
        uow.messages.add(bare)
        assert uow.messages.get("m1") == bare
        uow.messages.save(message(), event("signer.mail_handed_over"))
        uow.messages.save(message())
        assert uow.messages.of_agreement("a1") == [message()]
        assert uow.audit.size() == 1
        with pytest.raises(NotFound):
            uow.messages.save(message(id="m2"))


def test_settings(database):
    with database.unit_of_work() as uow:
        assert uow.settings.get("prefix", "LB") == "LB"
        uow.settings.set("prefix", "AB", event("settings.changed"))
        uow.settings.set("prefix", "CD", event("settings.changed"))
        assert uow.settings.get("prefix") == "CD"
        assert uow.audit.size() == 2
