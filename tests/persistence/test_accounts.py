"""Accounts, sessions and attempts to sign in."""

import threading
from dataclasses import fields, replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.domain.account import Account, WebSession
from app.domain.actor import Part
from app.domain.errors import InvalidInput, NotFound, StorageFailed
from tests.persistence.conftest import NOON, event, raw

text = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)
ids = map("row-{}".format, count())


def account(account_id="u1", email="ada@larkfield.example", **more):
    values = {
        "id": account_id, "email": email, "name": "Ada Larkfield", "part": Part.LAWYER,
        "password_hash": "$argon2id$x", "session_key": f"key of {account_id}", "created_at": NOON,
        "active": False, "second_factor": "authenticator", "totp_secret": "secret",
        "recovery_codes": ("one", "two"), "bar_number": "77", "bar_jurisdiction": "GB",
        "time_zone": "Asia/Manila", "last_signed_in_at": NOON + timedelta(days=1),
    }
    return Account(**{**values, **more})


def about(subject, name="account.changed"):
    return event(name, agreement_id="", subject=subject)


def session(key="a", account_id="u1", **more):
    values = {
        "key_digest": key * 64, "account_id": account_id, "data": '{"n": 1}',
        "created_at": NOON, "seen_at": NOON,
    }
    return WebSession(**{**values, **more})


def test_every_field_of_an_account_comes_back(database):
    full = account()
    defaults = Account("", "", "", Part.OWNER, "", "", NOON - timedelta(days=1))
    assert [f.name for f in fields(Account) if getattr(full, f.name) == getattr(defaults, f.name)] == []
    with database.unit_of_work() as uow:
        uow.accounts.add(full, about("u1", "account.added"))
    with database.unit_of_work(read_only=True) as uow:
        assert uow.accounts.get("u1") == full
        assert uow.accounts.by_email("ADA@Larkfield.example") == full
        assert uow.accounts.by_session_key("key of u1") == full
        assert uow.accounts.by_email("other@larkfield.example") is None
        assert uow.accounts.by_session_key("") is None
        assert [leaf.name for leaf in uow.audit.leaves()] == ["account.added"]


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(email=text, name=text, secret=text, codes=st.lists(text, max_size=3))
def test_hostile_texts_of_an_account_come_back(database, email, name, secret, codes):
    name_of_row = next(ids)
    unique = f"{name_of_row}{email}"
    hostile = account(
        name_of_row, unique, name=name, totp_secret=secret, password_hash=secret, recovery_codes=tuple(codes)
    )
    with database.unit_of_work() as uow:
        uow.accounts.add(hostile, about(name_of_row))
        stored = uow.accounts.get(name_of_row)
        assert stored == replace(hostile, email=unique.lower())
        assert uow.accounts.by_email(unique.lower()) == uow.accounts.by_email(unique) == stored


def test_an_email_has_one_account_whatever_its_case(database):
    with database.unit_of_work() as uow:
        uow.accounts.add(account(), about("u1"))
        uow.accounts.add(account("u2", "second@larkfield.example"), about("u2"))
    for change in (
        lambda uow: uow.accounts.add(account("u3", "ADA@larkfield.EXAMPLE"), about("u3")),
        lambda uow: uow.accounts.save(account("u2", "Ada@larkfield.example"), about("u2")),
    ):
        with pytest.raises(InvalidInput) as caught, database.unit_of_work() as uow:
            change(uow)
        assert caught.value.code == "account-exists"
    with database.unit_of_work() as uow:
        assert [found.id for found in uow.accounts.list()] == ["u1", "u2"]
        assert uow.audit.size() == 2
        uow.accounts.save(account(email="ADA@larkfield.example", name="Ada"), about("u1"))  # its own
        assert uow.accounts.get("u1").name == "Ada"


def test_of_two_accounts_made_at_once_for_an_email_one_is_made(database):
    said = []
    barrier = threading.Barrier(2)

    def add(account_id):
        barrier.wait()
        try:
            with database.unit_of_work() as uow:
                uow.accounts.add(account(account_id), about(account_id))
            said.append("made")
        except InvalidInput as error:
            said.append(error.code)

    threads = [threading.Thread(target=add, args=(name,)) for name in ("u1", "u2")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(said) == ["account-exists", "made"]
    assert raw(database, "SELECT COUNT(*) FROM accounts") == [(1,)]


def test_bookkeeping_needs_no_event_and_is_stored(database):
    with database.unit_of_work() as uow:
        uow.accounts.add(account(), about("u1"))
        seen = account(last_signed_in_at=NOON + timedelta(days=2), time_zone="UTC", bar_number="78")
        uow.accounts.save(seen, None)
        uow.accounts.save(seen, None)
        assert uow.accounts.get("u1") == seen
        assert uow.audit.size() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"active": True}, {"password_hash": "x"}, {"session_key": "x"}, {"totp_secret": "x"},
        {"recovery_codes": ("one",)}, {"part": Part.OWNER}, {"email": "x@x.example"}, {"second_factor": ""},
    ],
)
def test_rights_and_secrets_need_an_event_of_this_account(database, change):
    with database.unit_of_work() as uow:
        uow.accounts.add(account(), about("u1"))
    for wrong in (None, about("u2")):
        with pytest.raises(ValueError, match=r"event"), database.unit_of_work() as uow:
            uow.accounts.save(account(**change), wrong)
    with database.unit_of_work() as uow:
        assert uow.accounts.get("u1") == account()
        uow.accounts.save(account(**change), about("u1"))
        assert uow.accounts.get("u1") == account(**change)
        assert uow.audit.size() == 2


def test_an_unknown_account_is_not_found(database):
    with database.unit_of_work() as uow:
        with pytest.raises(NotFound):
            uow.accounts.get("u1")
        with pytest.raises(NotFound):
            uow.accounts.save(account(), about("u1"))
        assert uow.audit.size() == 0


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=text.filter(bool), account_id=text)
def test_a_session_comes_back_and_is_replaced(database, data, account_id):
    first = session(data="{}")
    later = session(account_id=account_id, data=data, seen_at=NOON + timedelta(hours=1))
    with database.unit_of_work() as uow:
        for saved in (first, later):
            uow.sessions.save(saved)
            assert uow.sessions.get("a" * 64) == saved
        assert uow.sessions.get("b" * 64) is None


def test_an_ended_session_is_not_stored_again_by_a_slow_request(database):
    with database.unit_of_work() as uow:
        uow.sessions.save(session())
        uow.sessions.end("a" * 64)
        uow.sessions.end("b" * 64)
    with database.unit_of_work() as uow:
        uow.sessions.save(session())
        assert uow.sessions.get("a" * 64) is None
    assert raw(database, "SELECT data, account_id FROM sessions") == [("", "")]
    with pytest.raises(ValueError, match="JSON"), database.unit_of_work() as uow:
        uow.sessions.save(session(data=""))


def test_all_sessions_of_an_account_end_but_the_one_kept(database):
    with database.unit_of_work() as uow:
        for key, owner in (("a", "u1"), ("b", "u1"), ("c", "u2"), ("d", "")):
            uow.sessions.save(session(key, owner))
        uow.sessions.end_all("u1", keep="b" * 64)
        assert [bool(uow.sessions.get(key * 64)) for key in "abcd"] == [False, True, True, True]
        uow.sessions.end_all("u1")
        assert [bool(uow.sessions.get(key * 64)) for key in "abcd"] == [False, False, True, True]
        with pytest.raises(ValueError, match="one account"):
            uow.sessions.end_all("")
        assert uow.sessions.get("d" * 64) == session("d", "")


def test_sessions_seen_long_ago_are_deleted(database):
    with database.unit_of_work() as uow:
        for key, hours in (("a", 0), ("b", 1), ("c", 2)):
            uow.sessions.save(session(key, seen_at=NOON + timedelta(hours=hours)))
        uow.sessions.end("a" * 64)
        uow.sessions.delete_seen_before(NOON + timedelta(hours=1))
        assert [bool(uow.sessions.get(key * 64)) for key in "abc"] == [False, True, True]
    assert raw(database, "SELECT COUNT(*) FROM sessions") == [(2,)]


def test_concurrent_saves_of_sessions_all_succeed_and_one_of_them_stands(database):
    failed = []
    barrier = threading.Barrier(4)

    def save(number):
        barrier.wait()
        try:
            for turn in range(5):
                with database.unit_of_work() as uow:
                    uow.sessions.save(session(data=f"[{number}, {turn}]"))
                    uow.sessions.save(session(str(number), data=f"[{number}]"))
        except StorageFailed as error:
            failed.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert failed == []
    with database.unit_of_work(read_only=True) as uow:
        assert uow.sessions.get("a" * 64).data in [f"[{number}, 4]" for number in range(4)]
        assert [uow.sessions.get(str(n) * 64).data for n in range(4)] == [f"[{n}]" for n in range(4)]


def test_failures_count_since_a_moment_and_since_the_last_success(database):
    def minute(number):
        return NOON + timedelta(minutes=number)

    with database.unit_of_work() as uow:
        for number in range(3):
            uow.login_attempts.add("k", minute(number), succeeded=False)
        uow.login_attempts.add("other", minute(1), succeeded=False)
        assert uow.login_attempts.failures_since("k", NOON) == 3
        assert uow.login_attempts.failures_since("k", minute(1)) == 2
        assert uow.login_attempts.failures_since("k", minute(3)) == 0
        uow.login_attempts.add("k", minute(3), succeeded=True)
        assert uow.login_attempts.failures_since("k", NOON) == 0
        uow.login_attempts.add("k", minute(4), succeeded=False)
        assert uow.login_attempts.failures_since("k", NOON) == 1
        assert uow.login_attempts.failures_since("other", NOON) == 1


def test_old_attempts_do_not_pile_up(database):
    with database.unit_of_work() as uow:
        for number in range(5):
            uow.login_attempts.add(f"k{number}", NOON, succeeded=False)
        uow.login_attempts.add("new", NOON + timedelta(days=31), succeeded=False)
    assert raw(database, "SELECT key FROM login_attempts") == [("new",)]
