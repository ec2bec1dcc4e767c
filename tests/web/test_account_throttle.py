"""Guessing passwords: the same answer for everybody, and an end after ten tries."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta

import pytest

from app.domain.actor import Part
from app.web.limits import limiter

from .conftest import OWNER, PASSWORD

STRANGER = "nobody@larkfield.example"


@pytest.fixture(autouse=True)
def owner(site):
    return site.make(Part.OWNER)


def test_ten_failures_close_the_account_for_this_address_only(site, visitor):
    for _ in range(10):
        assert visitor.sign_in(password="wrong").status_code == 200
    shut = visitor.sign_in()
    assert shut.status_code == 429
    assert "Wait 15 minutes" in shut.text
    assert shut.headers["Retry-After"] == "900"
    # nobody else is locked out: not the owner from elsewhere, not others from here
    elsewhere = site.browser()
    elsewhere.client.environ_base["REMOTE_ADDR"] = "127.0.0.2"
    assert elsewhere.sign_in().status_code == 302
    assert visitor.sign_in(email=STRANGER).status_code == 200
    site.clock.ahead = timedelta(minutes=16)
    assert visitor.sign_in().status_code == 302


def test_strangers_are_counted_as_well(visitor):
    for _ in range(10):
        visitor.sign_in(email=STRANGER)
    assert visitor.sign_in(email=STRANGER).status_code == 429


def test_a_success_clears_the_count(site, visitor):
    for _ in range(9):
        visitor.sign_in(password="wrong")
    assert visitor.sign_in().status_code == 302
    other = site.browser()
    for _ in range(9):
        assert other.sign_in(password="wrong").status_code == 200


def test_stale_and_empty_forms_do_not_count(visitor):
    for _ in range(12):
        visitor.client.post("/sign-in", data={"email": OWNER[1], "password": "wrong"})
        visitor.post("/sign-in", email=OWNER[1], password="")
    assert visitor.sign_in().status_code == 302


def test_one_address_may_ask_sixty_times(site, visitor):
    token = visitor.token_of("/sign-in")
    answers = [
        visitor.client.post("/sign-in", data={"csrf_token": token, "email": "", "password": ""}).status_code
        for _ in range(61)
    ]
    assert answers == [200] * 60 + [429]
    assert visitor.get("/sign-in").status_code == 200
    limiter.reset()


def test_a_stranger_gets_the_answer_of_a_wrong_password(visitor):
    def said(email: str) -> str:
        page = visitor.sign_in(email=email, password="wrong").text
        return page.replace(email, "").split("<main")[1].split('name="csrf_token"')[0]

    assert said(OWNER[1]) == said(STRANGER)
    assert "E-mail or password is wrong." in said(STRANGER)


def test_closed_and_invited_accounts_get_that_answer_too(site, visitor):
    from app.services.accounts import add_account, set_active

    actor = site.account(OWNER[1]).as_actor()
    add_account(site.kit, "Ivo", "ivo@larkfield.example", Part.STAFF)
    assert "E-mail or password is wrong." in visitor.sign_in(email="ivo@larkfield.example").text
    site.make(Part.LAWYER)
    set_active(site.kit, actor, site.account("elena@marsh.example").id, active=False)
    assert "E-mail or password is wrong." in visitor.sign_in(email="elena@marsh.example").text


def test_it_takes_as_long_for_a_stranger(visitor):
    def seconds(email: str) -> float:
        token = visitor.token_of("/sign-in")
        took = []
        for _ in range(4):
            start = time.perf_counter()
            visitor.client.post("/sign-in", data={"csrf_token": token, "email": email, "password": "wrong"})
            took.append(time.perf_counter() - start)
        return statistics.median(took)

    known, unknown = seconds(OWNER[1]), seconds(STRANGER)
    assert 0.4 < known / unknown < 2.5


def test_a_password_of_megabytes_is_not_hashed(visitor):
    answer = visitor.post("/sign-in", email=OWNER[1], password="x" * 1_000_000)
    assert answer.status_code == 400


def test_ten_wrong_passwords_close_the_password_page_too(site, visitor):
    visitor.sign_in()
    for _ in range(10):
        visitor.post("/password-again", password="wrong")
    assert visitor.post("/password-again", password=PASSWORD).status_code == 429
