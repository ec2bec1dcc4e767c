"""Links and one-time codes: used once, counted exactly, never taken back."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.access_link import CODE_TRIES, AccessLink, LinkPurpose, LinkState, OneTimeCode
from app.domain.errors import NotFound, WrongState
from app.domain.identity_channel import Channel, IdentityChannel
from tests.persistence.conftest import NOON, agreement, envelope, event, raw

text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
ids = map("row-{}".format, count())
SOON = NOON + timedelta(minutes=1)


def link(link_id="l1", **more):
    values = {
        "id": link_id, "token_digest": f"digest of {link_id}", "purpose": LinkPurpose.SIGN, "subject": "s1",
        "created_at": NOON, "expires_at": NOON + timedelta(days=1), "envelope_id": "e1",
    }
    return AccessLink(**{**values, **more})


def code(code_id="c1", **more):
    values = {
        "id": code_id, "link_id": "l1", "session_digest": "d1", "channel": "one-time code by e-mail",
        "asked_at": NOON, "salt": "5a17",
    }
    return OneTimeCode(**{**values, **more})


def add_code(database):
    with database.unit_of_work() as uow:
        uow.access_links.add(link())
        uow.one_time_codes.add(code().with_code("123456", NOON))
    return code().with_code("123456", NOON)


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_every_field_of_a_link_comes_back(database, purpose):
    full = link(purpose=purpose, used_at=NOON, revoked_at=SOON)
    assert all(getattr(full, field.name) for field in fields(AccessLink))
    with database.unit_of_work() as uow:
        uow.access_links.add(full)
        uow.access_links.add(link("l2"))
        assert uow.access_links.get("l1") == uow.access_links.by_token_digest("digest of l1") == full
        assert uow.access_links.get("l2") == link("l2")
        assert uow.access_links.by_token_digest("unknown") is None


def test_a_token_belongs_to_one_link(database):
    with pytest.raises(WrongState) as caught, database.unit_of_work() as uow:  # noqa: PT012
        uow.access_links.add(link())
        uow.access_links.add(link("l2", token_digest="digest of l1"))
    assert caught.value.code == "conflict"
    assert raw(database, "SELECT COUNT(*) FROM access_links") == [(0,)]


def test_revoking_counts_the_valid_links_of_one_purpose_and_subject(database):
    kept = {
        "used": link("used", used_at=NOON),
        "gone": link("gone", revoked_at=NOON),
        "late": link("late", expires_at=SOON),  # not valid at its very end
        "else": link("else", purpose=LinkPurpose.IN_PERSON),
        "whose": link("whose", subject="s2"),
    }
    with database.unit_of_work() as uow:
        for made in (link("a"), link("b"), *kept.values()):
            uow.access_links.add(made)
        assert uow.access_links.revoke(LinkPurpose.SIGN, "s1", SOON) == 2
        assert uow.access_links.revoke(LinkPurpose.SIGN, "s1", SOON) == 0
        assert uow.access_links.get("a") == link("a", revoked_at=SOON)
        assert uow.access_links.get("b").state(SOON) is LinkState.REVOKED
        assert {name: uow.access_links.get(name) for name in kept} == kept


@pytest.mark.parametrize("mark", ["used_at", "revoked_at"])
def test_a_link_is_used_or_revoked_once(database, mark):
    with database.unit_of_work() as uow:
        uow.access_links.add(link())
        uow.access_links.save(link(**{mark: NOON}))
        assert uow.access_links.get("l1") == link(**{mark: NOON})
    for late in (link(**{mark: SOON}), link()):
        with pytest.raises(WrongState) as caught, database.unit_of_work() as uow:
            uow.access_links.save(late)
        assert caught.value.code == "stale-revision"
    with database.unit_of_work() as uow:
        assert uow.access_links.get("l1") == link(**{mark: NOON})


def test_what_is_unknown_is_not_found(database):
    with database.unit_of_work() as uow:
        for act in (
            lambda: uow.access_links.get("x"), lambda: uow.access_links.save(link()),
            lambda: uow.one_time_codes.get("x"), lambda: uow.one_time_codes.save(code()),
        ):
            with pytest.raises(NotFound):
                act()
        assert uow.one_time_codes.latest("l1", "d1") is None


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(subject=text, envelope_id=text, channel=text, session=text)
def test_hostile_texts_come_back(database, subject, envelope_id, channel, session):
    name = next(ids)
    hostile = link(name, subject=subject, envelope_id=envelope_id)
    asked = code(name, link_id=name, channel=channel, session_digest=session, salt=subject)
    with database.unit_of_work() as uow:
        uow.access_links.add(hostile)
        uow.one_time_codes.add(asked)
        assert uow.access_links.get(name) == hostile
        assert uow.one_time_codes.get(name) == uow.one_time_codes.latest(name, session) == asked
        uow.one_time_codes.save(asked.with_code("123456", NOON))
        assert uow.one_time_codes.get(name) == asked.with_code("123456", NOON)


def test_every_field_of_a_code_comes_back(database):
    full = replace(code().with_code("123456", NOON), tries=2, used_at=NOON)
    assert all(getattr(full, field.name) for field in fields(OneTimeCode))
    with database.unit_of_work() as uow:
        uow.access_links.add(link())
        uow.one_time_codes.add(full)
        assert uow.one_time_codes.get("c1") == full


def test_the_latest_code_is_the_one_asked_for_last_in_this_session(database):
    with database.unit_of_work() as uow:
        for link_id in ("l1", "l2"):
            uow.access_links.add(link(link_id))
        asked = [
            code("z"), code("a"), code("m"),  # at the same moment: the order of asking decides
            code("other-session", session_digest="d2", asked_at=SOON),
            code("other-link", link_id="l2", asked_at=SOON),
            code("older", asked_at=NOON - timedelta(hours=1)),
        ]
        for made in asked:
            uow.one_time_codes.add(made)
        assert uow.one_time_codes.latest("l1", "d1").id == "m"
        assert uow.one_time_codes.latest("l1", "d2").id == "other-session"
        assert uow.one_time_codes.latest("l2", "d2") is None
        assert uow.one_time_codes.count_since("l1", NOON) == 4
        assert uow.one_time_codes.count_since("l1", NOON + timedelta(microseconds=1)) == 1
        assert uow.one_time_codes.count_since("l3", NOON) == 0


def test_of_two_guesses_from_the_same_state_both_cannot_count_as_one(database):
    sent = add_code(database)
    with database.unit_of_work() as uow:
        uow.one_time_codes.save(replace(sent, tries=1))
    for late in (replace(sent, tries=1), sent, replace(sent, used_at=SOON)):
        with pytest.raises(WrongState), database.unit_of_work() as uow:
            uow.one_time_codes.save(late)
    with database.unit_of_work() as uow:
        for tries in range(2, CODE_TRIES + 1):
            uow.one_time_codes.save(replace(sent, tries=tries))
        assert not uow.one_time_codes.get("c1").accepts("123456", "d1", NOON)


def test_a_used_code_stays_used(database):
    sent = add_code(database)
    used = replace(sent, used_at=NOON)
    with database.unit_of_work() as uow:
        uow.one_time_codes.save(used)
    for late in (sent, replace(sent, tries=1), replace(sent, used_at=SOON), used):
        with pytest.raises(WrongState), database.unit_of_work() as uow:
            uow.one_time_codes.save(late)
    with database.unit_of_work() as uow:
        uow.one_time_codes.save(used.with_code("999999", SOON))  # a mail that is handed over again
        assert not uow.one_time_codes.get("c1").accepts("999999", "d1", SOON)


def test_an_identity_channel_comes_back_and_counts_every_wrong_try(database):
    with database.unit_of_work() as uow:
        uow.agreements.add(agreement(), event())
        uow.envelopes.add(envelope(), event(envelope_id="e1"))
    envelope_id, signer_id = "e1", "s1"
    with database.unit_of_work() as uow:
        assert uow.identity_channels.get(envelope_id, signer_id) == IdentityChannel(envelope_id, signer_id)
        chosen = IdentityChannel(envelope_id, signer_id, Channel.SECOND_EMAIL, "liza@work.example")
        uow.identity_channels.save(chosen)
        assert uow.identity_channels.get(envelope_id, signer_id) == chosen
        by_phone = IdentityChannel(envelope_id, signer_id, Channel.ACCESS_CODE)
        coded = by_phone.with_code("123456789", "5a17", NOON)
        uow.identity_channels.save(coded)
        assert uow.identity_channels.get(envelope_id, signer_id) == coded
    with database.unit_of_work() as uow:
        assert [uow.identity_channels.count_try(coded) for _ in range(2)] == [1, 2]
        replaced = coded.with_code("987654321", "0b0e", SOON)
        uow.identity_channels.save(replaced)
        assert uow.identity_channels.count_try(coded) == 0, "the new code is not charged with it"
