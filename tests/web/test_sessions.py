"""Signing in and out: sessions that rotate, end on the server, and end by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.actor import Part

from .conftest import OWNER, PASSWORD

NEW = "seven paper boats drift"


@pytest.fixture(autouse=True)
def owner(site):
    return site.make(Part.OWNER)


def is_signed_in(browser) -> bool:
    return browser.get("/account").status_code == 200


def test_sign_in_and_out(site, visitor):
    answer = visitor.sign_in()
    assert answer.status_code == 302
    assert answer.location == "/"
    assert is_signed_in(visitor)
    assert OWNER[0] in visitor.get("/account").text
    out = visitor.post("/sign-out", page="/account")
    assert out.status_code == 302
    assert not is_signed_in(visitor)
    assert [name for name in site.events() if "signed" in name] == ["account.signed_in", "account.signed_out"]


def test_capitals_and_spaces_in_the_address_do_not_matter(visitor):
    assert visitor.sign_in(email="  Nora@Larkfield.EXAMPLE ").status_code == 302


def test_the_key_is_another_after_signing_in(visitor):
    visitor.get("/sign-in")
    before = visitor.cookie()
    assert before
    visitor.sign_in()
    after = visitor.cookie()
    assert after
    assert after != before
    visitor.client.set_cookie("session", before)
    assert not is_signed_in(visitor)


def test_a_key_that_the_browser_chose_is_not_taken(visitor):
    visitor.client.set_cookie("session", "chosen-by-somebody-else")
    visitor.get("/sign-in")
    assert visitor.cookie() != "chosen-by-somebody-else"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(site, visitor):
    visitor.sign_in()
    thief = site.browser()
    thief.client.set_cookie("session", visitor.cookie())
    assert is_signed_in(thief)
    visitor.post("/sign-out", page="/account")
    assert not is_signed_in(thief)


def test_signing_out_takes_a_form_of_ours(visitor):
    visitor.sign_in()
    assert visitor.get("/sign-out").status_code == 405
    assert visitor.client.post("/sign-out").status_code in (200, 400)
    assert is_signed_in(visitor)


def test_the_database_holds_no_key(site, visitor):
    visitor.sign_in()
    with site.kit.unit_of_work(read_only=True) as unit:
        assert unit.sessions.get(visitor.cookie()) is None


def test_a_session_ends_without_use_and_after_twelve_hours(site, visitor):
    visitor.sign_in()
    site.clock.ahead = timedelta(minutes=29)
    assert is_signed_in(visitor)
    site.clock.ahead = timedelta(minutes=60)
    assert not is_signed_in(visitor)
    visitor.sign_in()
    for minutes in range(60, 60 + 12 * 60, 20):
        site.clock.ahead = timedelta(minutes=minutes)
        assert is_signed_in(visitor)
    site.clock.ahead = timedelta(minutes=60 + 12 * 60 + 1)
    assert not is_signed_in(visitor)


def test_a_new_password_ends_the_other_sessions(site, visitor):
    visitor.sign_in()
    elsewhere = site.browser()
    elsewhere.sign_in()
    answer = visitor.post("/account/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert answer.status_code == 302
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)
    assert elsewhere.sign_in().status_code != 302
    assert elsewhere.sign_in(password=NEW).status_code == 302
    assert "account.password_changed" in site.events()


@pytest.mark.parametrize(
    ("present", "new", "again", "said"),
    [
        ("wrong", NEW, NEW, "password is wrong"),
        (PASSWORD, "short", "short", "12 characters"),
        (PASSWORD, NEW, NEW + "x", "differ"),
        (PASSWORD, "nora larkfield 1", "nora larkfield 1", "your name"),
        (PASSWORD, PASSWORD, PASSWORD, "present password"),
    ],
)
def test_a_new_password_that_cannot_be_is_refused(visitor, present, new, again, said):
    visitor.sign_in()
    answer = visitor.post("/account/password", password=present, new_password=new, new_password_confirm=again)
    assert said in answer.text
    assert visitor.site.browser().sign_in().status_code == 302


def test_sign_out_elsewhere(site, visitor):
    visitor.sign_in()
    elsewhere = site.browser()
    elsewhere.sign_in()
    visitor.post("/account/sessions/end", page="/account")
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)


def test_reading_pages_writes_nothing_within_two_minutes(site, visitor):
    visitor.sign_in()
    visitor.get("/account")

    def seen():
        from app.domain.access_link import digest_token

        with site.kit.unit_of_work(read_only=True) as unit:
            return unit.sessions.get(digest_token(visitor.cookie())).seen_at

    before = seen()
    visitor.get("/account")
    visitor.get("/static/css/tokens.css")
    assert seen() == before
    site.clock.ahead = timedelta(minutes=3)
    visitor.get("/account")
    assert seen() > before


def test_pages_without_a_form_give_strangers_no_session(visitor):
    for path in ("/healthz", "/nowhere", "/static/css/tokens.css"):
        assert "Set-Cookie" not in visitor.get(path).headers


@pytest.mark.parametrize(
    "following",
    [
        "https://evil.example/",
        "//evil.example/x",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
        "///evil.example",
    ],
)
def test_after_signing_in_nobody_is_sent_away(visitor, following):
    for field in ("next", "query"):
        browser = visitor.site.browser()
        if field == "next":
            answer = browser.post("/sign-in", email=OWNER[1], password=PASSWORD, next=following)
        else:
            path = "/sign-in"
            answer = browser.client.post(
                path,
                query_string={"next": following},
                data={"email": OWNER[1], "password": PASSWORD, "csrf_token": browser.token_of(path)},
            )
        # Nowhere at all, or to a path of our own; an encoded backslash is no other host.
        place = answer.headers.get("Location", "/")
        assert place.startswith("/")
        assert place[1:2] not in ("/", "\\")


def test_after_signing_in_the_page_asked_for_comes(visitor):
    asked = visitor.get("/account")
    assert asked.status_code == 302
    assert asked.location == "/sign-in?next=/account"
    answer = visitor.post("/sign-in", page=asked.location, email=OWNER[1], password=PASSWORD, next="/account")
    assert answer.location == "/account"
