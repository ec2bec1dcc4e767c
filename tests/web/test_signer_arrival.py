"""Links, codes and seats of signers: what is told to whom, and what stays closed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.access_link import LinkPurpose
from app.domain.workflow import SignerStatus
from app.jobs.worker import run_due_jobs
from app.services.links import make_link
from tests.services.sent_agreement import make_model
from tests.web.signer_site import (
    SEATED_PAGES,
    SECRETS_OF_THE_AGREEMENT,
    open_site,
    seated,
    start,
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return make_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def room(model, tmp_path):
    with open_site(model, tmp_path) as opened:
        yield opened


def test_opening_the_link_tells_who_asks_and_changes_nothing(room):
    link, browser = room.link(), room.browser()
    before = room.leaves()
    for _ in range(3):
        page = browser.get(link)
        assert page.status_code == 200
        assert browser.client.head(link).status_code == 200
    assert "Nora Whitlow asks you to sign" in page.text
    assert "Nothing is agreed by opening this page" in page.text
    assert not [secret for secret in SECRETS_OF_THE_AGREEMENT if secret in page.text]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert room.leaves() == before


def test_starting_sends_one_code_and_takes_the_token_out_of_the_address(room):
    link, browser = room.link(), room.browser()
    for _ in range(2):
        assert start(browser, link).headers["Location"] == "/sign/code"
    run_due_jobs(room.kit)
    codes = [path for path in room.outbox.glob("*.eml") if b"Your code for signing" in path.read_bytes()]
    assert len(codes) == 1, "a double press sends one code"
    token = link.rpartition("/")[2]
    assert token not in browser.get("/sign/code").text


def test_a_code_works_in_the_browser_that_asked_only(room):
    asked, other = room.browser(), room.browser()
    link = room.link()
    start(asked, link)
    code = room.code()
    start(other, link)
    assert other.post("/sign/code", code=code).status_code == 422
    assert asked.post("/sign/code", code=code).headers["Location"] == "/sign/consent"


def test_five_wrong_codes_end_the_code_and_the_log_knows(room):
    browser = room.browser()
    start(browser, room.link())
    code = room.code()
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(5):
        assert browser.post("/sign/code", code=wrong).status_code == 422
    refused = browser.post("/sign/code", code=code)
    assert refused.status_code == 422
    assert "Ask for a new code" in refused.text
    assert room.events().count("signer.identification_failed") == 6
    browser.post("/sign/code/new", page="/sign/code")
    assert browser.post("/sign/code", code=room.code()).status_code == 302


def test_a_code_dies_after_ten_minutes(room):
    browser = room.browser()
    start(browser, room.link())
    code = room.code()
    room.clock.ahead += timedelta(minutes=10, seconds=1)
    assert browser.post("/sign/code", code=code).status_code == 422


def test_the_session_gets_a_new_key_with_the_seat(room):
    browser = room.browser()
    start(browser, room.link())
    before = browser.cookie()
    browser.post("/sign/code", code=room.code())
    assert browser.cookie() != before


def test_links_that_open_nothing_say_so_and_nothing_else(room):
    link, browser = room.link(), room.browser()
    forged = link[:-4] + "AAAA"
    details = "/details/" + link.rpartition("/")[2]
    for path in (forged, "/s/" + "A" * 43, details, "/s/x"):
        page = browser.get(path)
        assert page.status_code == 410, path
        assert not [secret for secret in (*SECRETS_OF_THE_AGREEMENT, "Liza", "Nora") if secret in page.text]
        assert browser.client.head(path).data == b""
    room.clock.ahead += timedelta(days=31)
    page = browser.get(link)
    assert page.status_code == 410
    assert "its time is over" in page.text
    assert "Liza" not in page.text


def test_a_link_of_another_purpose_opens_no_ceremony(room):
    now = room.kit.clock.now()
    with room.kit.unit_of_work() as unit:
        token = make_link(unit, LinkPurpose.JOIN, "x", now=now, until=now + timedelta(days=1))
    assert room.browser().get(f"/s/{token}").status_code == 410


@pytest.mark.parametrize("path", SEATED_PAGES)
def test_nothing_is_shown_without_a_seat(room, path):
    answer = room.browser().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign/lost"


@pytest.mark.parametrize("page", ["read", "pages", "signature", "final", "done"])
def test_nobody_jumps_ahead(room, page):
    answer = seated(room).get(f"/sign/{page}")
    assert answer.headers["Location"] == "/sign/consent"


def test_pages_and_file_stay_closed_before_consent(room):
    browser = seated(room)
    assert browser.get("/sign/pages/1.webp").status_code == 404
    assert browser.get("/sign/file").status_code == 404


def test_consent_needs_the_tick_and_keeps_the_page(room):
    browser = seated(room)
    page = browser.post("/sign/consent", text_digest="0" * 64)
    assert page.status_code == 422
    assert "Tick the box" in page.text
    assert room.envelope().signers[0].status is SignerStatus.IDENTIFIED
