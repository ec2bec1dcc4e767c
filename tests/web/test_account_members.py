"""Invitations, closing accounts, links for passwords, the business page, the profile."""

from __future__ import annotations

import re

import pytest

from app.domain.actor import Part
from app.services.accounts import add_account, reset_url
from app.services.settings import read_business

from .conftest import LAWYER, OWNER, PASSWORD

INVITED = {"name": LAWYER[0], "email": LAWYER[1], "part": "lawyer", "bar_jurisdiction": "England and Wales"}


@pytest.fixture(autouse=True)
def owner(site):
    return site.make(Part.OWNER)


def join_paths(site) -> list[str]:
    """The links in the mails of the outbox, oldest first."""
    from email import message_from_bytes, policy

    mails = sorted(site.outbox.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    parsed = [message_from_bytes(mail.read_bytes(), policy=policy.default) for mail in mails]
    texts = [mail.get_body(("plain",)).get_content() for mail in parsed]
    return [found for text in texts for found in re.findall(r"(/join/[\w-]+)", text)]


def test_a_lawyer_is_invited_joins_and_signs_in(site, visitor):
    visitor.sign_in()
    answer = visitor.post("/members", **INVITED)
    assert answer.status_code == 302
    assert "Invited" in visitor.get("/members").text
    site.run_jobs()
    (path,) = join_paths(site)
    lawyer = site.browser()
    page = lawyer.get(path)
    assert LAWYER[0] in page.text
    weak = "elena marsh 2026"
    assert "your name" in lawyer.post(path, password=weak, password_again=weak).text
    assert lawyer.post(path, password=PASSWORD, password_again=PASSWORD).location == "/sign-in"
    assert lawyer.get(path).status_code == 410
    assert lawyer.sign_in(LAWYER[1]).status_code == 302
    held = site.account(LAWYER[1])
    assert (held.part, held.bar_jurisdiction) == (Part.LAWYER, "England and Wales")


def test_an_address_is_invited_once(visitor):
    visitor.sign_in()
    visitor.post("/members", **INVITED)
    again = visitor.post("/members", **{**INVITED, "name": "Another Name"})
    assert again.status_code == 422
    assert "already" in again.text
    assert "Another Name" in again.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a@b.example\r\nBcc: x@y.example"),
        ("name", ""),
        ("part", "application"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused(site, visitor, field, value):
    visitor.sign_in()
    assert visitor.post("/members", **{**INVITED, field: value}).status_code == 422
    with site.kit.unit_of_work(read_only=True) as unit:
        assert len(unit.accounts.list()) == 1


def test_a_second_invitation_ends_the_first(site, visitor):
    visitor.sign_in()
    visitor.post("/members", **INVITED)
    site.run_jobs()
    invited = site.account(LAWYER[1])
    visitor.post(f"/members/{invited.id}/invite-again", page="/members")
    site.run_jobs()
    first, second = join_paths(site)
    assert site.browser().get(first).status_code == 410
    assert site.browser().get(second).status_code == 200


def test_a_closed_account_is_signed_out_at_once(site, visitor):
    site.make(Part.LAWYER)
    lawyer = site.browser()
    lawyer.sign_in(LAWYER[1])
    assert lawyer.get("/account").status_code == 200
    visitor.sign_in()
    account = site.account(LAWYER[1])
    assert visitor.post(f"/members/{account.id}/close", page="/members").status_code == 302
    assert lawyer.get("/account").status_code == 302
    assert "wrong" in lawyer.sign_in(LAWYER[1]).text
    visitor.post(f"/members/{account.id}/open", page="/members")
    assert lawyer.sign_in(LAWYER[1]).status_code == 302


def test_nobody_closes_the_own_account(site, visitor):
    visitor.sign_in()
    own = site.account(OWNER[1])
    assert visitor.post(f"/members/{own.id}/close", page="/members").status_code == 403
    assert visitor.post("/members/unknown/close", page="/members").status_code == 404
    assert visitor.get("/account").status_code == 200


def test_a_link_of_the_terminal_makes_an_account(site):
    url = add_account(site.kit, "Ivo Marek", "Ivo@Larkfield.example", Part.STAFF)
    path = url.removeprefix(site.kit.public_url)
    browser = site.browser()
    assert browser.post(path, password=PASSWORD, password_again=PASSWORD).status_code == 302
    assert browser.sign_in("ivo@larkfield.example").status_code == 302


def test_a_reset_ends_sessions_and_its_own_link(site, visitor):
    visitor.sign_in()
    older = reset_url(site.kit, OWNER[1]).removeprefix(site.kit.public_url)
    path = reset_url(site.kit, OWNER[1]).removeprefix(site.kit.public_url)
    browser = site.browser()
    assert browser.get(older).status_code == 410
    new = "seven paper boats drift"
    browser.post(path, password=new, password_again=new)
    assert browser.get(path).status_code == 410
    assert visitor.get("/account").status_code == 302
    assert browser.sign_in(password=new).status_code == 302


def test_the_business_is_changed_and_what_is_wrong_is_said(site, visitor):
    visitor.sign_in()
    good = {
        "organisation": "Larkfield Accounts Ltd",
        "address": "15 Tanner Row",
        "country": "IE",
        "sender": "Tom Averill",
        "number_prefix": "LA",
    }
    assert visitor.post("/business", **good).status_code == 302
    assert read_business(site.kit).sender == "Tom Averill"
    page = visitor.get("/business").text
    assert "Larkfield Accounts Ltd" in page
    wrong = visitor.post("/business", **{**good, "number_prefix": "L A", "sender": "Ann"})
    assert wrong.status_code == 422
    assert "letters or digits" in wrong.text
    assert 'value="Ann"' in wrong.text
    assert read_business(site.kit).number_prefix == "LA"


def test_the_name_is_printed_literally(site, visitor):
    visitor.sign_in()
    name = '<script>alert("1")</script> {{ 7 * 7 }}'
    assert visitor.post("/account/name", page="/account", name=name).status_code == 302
    page = visitor.get("/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "49" not in page.split("<h1>")[1].split("</h1>")[0]
    assert visitor.post("/account/name", page="/account", name="a\nb").status_code == 422
    assert visitor.post("/account/name", page="/account", name="").status_code == 422


def test_fields_that_a_form_does_not_have_are_not_taken(site, visitor):
    site.make(Part.LAWYER)
    browser = site.browser()
    browser.sign_in(LAWYER[1])
    browser.post("/account/name", page="/account", name="Elena", part="owner", email="x@y.example", active="")
    held = site.account(LAWYER[1])
    assert (held.name, held.part) == ("Elena", Part.LAWYER)
