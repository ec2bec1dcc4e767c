"""The second step: a real authenticator code, once; recovery codes, once; at the terminal."""

from __future__ import annotations

import re
import time

import pytest
from passlib.totp import TOTP

from app.domain.actor import Part
from app.services.accounts import reset_url

from .conftest import OWNER, PASSWORD

KEY = re.compile(r"<p class=\"code\">([A-Z2-7-]+)</p>")
VALIDATE = re.compile(r'action="(/account/second-step/[^"]+)"')
STEP = 30


@pytest.fixture(autouse=True)
def owner(site):
    return site.make(Part.OWNER)


def turn_on(visitor) -> TOTP:
    """Set the app up with the code of the half-minute before, so that the present one is unused."""
    page = visitor.post("/account/second-step", setup="authenticator").text
    app = TOTP(key=KEY.search(page).group(1).replace("-", ""))
    answer = visitor.post(
        VALIDATE.search(page).group(1),
        page="/account",
        code=app.generate(int(time.time()) - STEP).token,
    )
    assert answer.status_code == 302
    assert answer.location == "/account/recovery-codes"
    return app


def codes_of(page: str) -> list[str]:
    return re.findall(r'<li class="code">([0-9a-f-]+)</li>', page)


def test_the_code_is_asked_for_and_works_once(site, visitor):
    visitor.sign_in()
    app = turn_on(visitor)
    assert site.account(OWNER[1]).second_factor == "authenticator"
    assert "account.second_factor_added" in site.events()

    first, second = site.browser(), site.browser()
    for browser in (first, second):
        answer = browser.sign_in()
        assert answer.location.startswith("/sign-in/code")
        assert browser.get("/account").status_code == 302
    code = app.generate().token
    assert first.post("/sign-in/code", code=code[:3] + " " + code[3:]).status_code == 302
    assert first.get("/account").status_code == 200
    again = second.post("/sign-in/code", code=code)
    assert "wrong or was used" in again.text
    assert second.get("/account").status_code == 302


def test_the_key_after_the_code_is_another(visitor, site):
    visitor.sign_in()
    app = turn_on(visitor)
    browser = site.browser()
    browser.sign_in()
    before = browser.cookie()
    browser.post("/sign-in/code", code=app.generate().token)
    assert browser.cookie() != before


def test_a_wrong_code_turns_nothing_on(site, visitor):
    visitor.sign_in()
    page = visitor.post("/account/second-step", setup="authenticator").text
    visitor.post(VALIDATE.search(page).group(1), page="/account", code="000000")
    assert site.account(OWNER[1]).second_factor == ""
    assert site.browser().sign_in().location == "/"


def test_the_code_page_alone_leads_nowhere(site, visitor):
    answer = visitor.get("/sign-in/code")
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in")


def test_recovery_codes_work_once_and_are_stored_unreadable(site, visitor):
    visitor.sign_in()
    turn_on(visitor)
    codes = codes_of(visitor.post("/account/recovery-codes", generate_new_codes="1").text)
    assert len(codes) == 8
    stored = site.account(OWNER[1])
    assert not any(code in "".join(stored.recovery_codes) for code in codes)
    browser = site.browser()
    browser.sign_in()
    assert browser.post("/sign-in/recovery-code", code=f" {codes[0].upper()} ").status_code == 302
    assert browser.get("/account").status_code == 200
    browser = site.browser()
    browser.sign_in()
    assert "none of your unused" in browser.post("/sign-in/recovery-code", code=codes[0]).text
    assert len(site.account(OWNER[1]).recovery_codes) == 7
    assert "account.recovery_code_used" in site.events()


def test_the_secret_is_stored_unreadable(site, visitor):
    visitor.sign_in()
    app = turn_on(visitor)
    assert app.base32_key not in site.account(OWNER[1]).totp_secret


def test_a_reset_password_keeps_the_second_step(site, visitor):
    visitor.sign_in()
    turn_on(visitor)
    path = reset_url(site.kit, OWNER[1]).removeprefix(site.kit.public_url)
    browser = site.browser()
    new = "seven paper boats drift"
    assert browser.post(path, password=new, password_again=new).location == "/sign-in"
    assert visitor.get("/account").status_code == 302
    assert browser.sign_in(password=new).location.startswith("/sign-in/code")


def test_at_the_terminal_both_can_be_taken_away(site, visitor):
    visitor.sign_in()
    turn_on(visitor)
    path = reset_url(site.kit, OWNER[1], remove_second_factor=True).removeprefix(site.kit.public_url)
    browser = site.browser()
    browser.post(path, password=PASSWORD, password_again=PASSWORD)
    assert browser.sign_in().location == "/"
    assert site.account(OWNER[1]).totp_secret == ""
    assert "account.second_factor_removed" in site.events()


def test_turning_it_off_asks_for_the_password_again(site, visitor):
    visitor.sign_in()
    turn_on(visitor)
    with visitor.client.session_transaction() as held:
        held["fs_paa"] -= 16 * 60
        held.pop("fs_gexp", None)
    answer = visitor.post("/account/second-step", page="/account", setup="disable")
    assert answer.location.startswith("/password-again")
    assert site.account(OWNER[1]).second_factor == "authenticator"
    visitor.post("/password-again", password=PASSWORD)
    visitor.post("/account/second-step", page="/account", setup="disable")
    assert site.account(OWNER[1]).second_factor == ""


def test_ten_wrong_codes_close_the_account_s_second_step(site, visitor):
    visitor.sign_in()
    app = turn_on(visitor)
    browser = site.browser()
    browser.sign_in()
    for _ in range(10):
        assert browser.post("/sign-in/code", code="000000").status_code == 200
    token = browser.token_of("/sign-in/code")
    shut = browser.client.post("/sign-in/code", data={"csrf_token": token, "code": app.generate().token})
    assert shut.status_code == 429
