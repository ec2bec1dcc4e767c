"""Signing on a bad line, on two devices, against a withdrawal; with a turned phone and a false picture.

The journey on the bad line prints how long it took and what it loaded, with nothing read.
"""

from __future__ import annotations

import threading
import time

import pytest
from playwright.sync_api import Page, Route, expect

from app.domain.envelope import Envelope
from app.domain.identity_channel import BY_ACCESS_CODE
from app.domain.workflow import EnvelopeStatus, SignerStatus
from app.services import ceremony, changes
from tests.journeys.conftest import DESKTOP, PHONE, Person
from tests.journeys.signer_steps import (
    arrive,
    consent,
    pass_code,
    press_sign,
    send_to_a_va,
)
from tests.journeys.site import OWNER_EMAIL, PASSWORD, RunningSite
from tests.journeys.test_signer_signs import draw_a_name, signed_report

FIRST_VIEW_BYTES = 150_000
LATENCY = 400  # milliseconds added to every request
SLOW_LINE = 125_000  # bytes a second: one megabit
LOST = "connectionreset"
CALM = "reduce"  # no smooth scrolling to wait for
UNCACHED_READING_BYTES = 220_000  # the text of the whole agreement, and all styles and scripts anew


class Meter:
    """What a page loads, in bytes as they crossed the line, on a line made slow."""

    def __init__(self, person: Person) -> None:
        self.count = 0.0
        session = person.context.new_cdp_session(person.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)
        conditions = {"latency": LATENCY, "downloadThroughput": SLOW_LINE, "uploadThroughput": SLOW_LINE}
        session.send("Network.emulateNetworkConditions", {"offline": False, **conditions})

    def _add(self, event: dict[str, float]) -> None:
        self.count += event["encodedDataLength"]


def seat(site: RunningSite, someone: Person, address: str, envelope: Envelope, page: str) -> None:
    """Through link, code and disclosure; the initials are given without the page, which others test."""
    arrive(site, someone, address)
    pass_code(site, someone, address)
    consent(someone)
    signer = envelope.signers[0]
    for family in signer.asked_initials:
        ceremony.give_initials(site.kit, envelope.id, signer.id, family)
    if page == "final":
        ceremony.adopt_typed(site.kit, envelope.id, signer.id)
    someone.page.goto(f"{site.url}/sign/{page}")


def lose_answers(page: Page, pattern: str, lost: list[str], *, reaches_server: bool = True) -> None:
    """Lose the answer to the first request for this address; without reaches_server the request too."""

    def handle(route: Route) -> None:
        if pattern in lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(pattern)
        if reaches_server:
            route.fetch(max_redirects=0)
        route.abort(LOST)

    page.route(pattern, handle)


def test_four_hundred_milliseconds_and_lost_requests(site, person, capsys):
    envelope, address = send_to_a_va(site)
    link = site.link_for(address)
    va = person("va-bad-line", PHONE, has_touch=True, is_mobile=True, reduced_motion=CALM)
    page, meter, lost = va.page, Meter(va), []
    lose_answers(page, "**/sign/consent", lost)
    lose_answers(page, "**/sign/initials/**", lost)
    lose_answers(page, "**/sign/credential", lost, reaches_server=False)
    lose_answers(page, "**/sign/prepare", lost)
    lose_answers(page, "**/sign/finish", lost)
    began = time.monotonic()
    page.goto(link)
    page.wait_for_load_state("networkidle")
    first_view = meter.count
    pass_code(site, va, address)
    page.wait_for_url("**/sign/consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and read").click()
    page.wait_for_url("chrome-error://**")
    before = meter.count
    page.goto(f"{site.url}/sign")  # what a person does: open the address again
    page.wait_for_url("**/sign/read*")
    page.wait_for_load_state("networkidle")
    reading = meter.count - before
    initial_all_on_a_bad_line(page, len(envelope.signers[0].asked_initials))
    page.get_by_role("link", name="Go on to your signature").click()
    page.get_by_role("button", name="Use this signature").click()
    page.wait_for_url("**/sign/final")
    press_sign(page)
    page.wait_for_url("**/sign/done")
    took = time.monotonic() - began
    assert len(lost) == 5, lost
    events = site.events(envelope.id)
    for once in ("consent.given", "credential.issued", "signature.applied"):
        assert events.count(once) == 1, once
    stored, report = signed_report(site, envelope)
    assert stored.signers[0].signature.initialled == stored.signers[0].asked_initials
    assert report.integrity == "intact"
    assert first_view < FIRST_VIEW_BYTES, f"{first_view} bytes"
    # Routes of Playwright switch the cache off, so styles and scripts are loaded anew for each page.
    assert reading < UNCACHED_READING_BYTES, f"{reading} bytes of the reading page"
    with capsys.disabled():
        print(
            f"\nSigning at {LATENCY} ms latency, one megabit, five requests lost, nothing read: "
            f"{took:.1f} s from the link to done; first view {first_view / 1000:.0f} KB, reading page "
            f"{reading / 1000:.0f} KB, all {meter.count / 1000:.0f} KB, nothing cached."
        )


def initial_all_on_a_bad_line(page: Page, count: int) -> None:
    """The first answer is lost: the page says so, and the same press again is enough."""
    for number in range(1, count + 1):
        page.locator("#go-on").click()
        place = page.locator(".place:focus")
        place.click()
        if number == 1:
            expect(page.locator(".trouble")).to_contain_text("Press again")
            page.locator(".place:focus").click()
        expect(page.locator(".place.done")).to_have_count(number)


def test_two_tabs_a_double_click_the_back_button_and_a_second_device_sign_once(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-two-tabs", DESKTOP)
    seat(site, va, address, envelope, "final")
    other_tab = va.context.new_page()
    other_tab.goto(f"{site.url}/sign/final")
    second = person("va-second-device", PHONE)
    arrive(site, second, address)
    pass_code(site, second, address)
    second.page.wait_for_url("**/sign/final")
    va.page.get_by_role("button", name="Sign as").dblclick()
    va.page.wait_for_url("**/sign/done")
    press_sign(other_tab)
    other_tab.wait_for_url("**/sign/done")
    press_sign(second.page)
    second.page.wait_for_url("**/sign/done")
    va.page.go_back()
    va.page.wait_for_url("**/sign/done")
    assert site.events(envelope.id).count("signature.applied") == 1
    _, report = signed_report(site, envelope)
    assert sum(one.field == "signature-assistant" for one in report.signatures) == 1


def test_a_withdrawal_at_the_instant_of_signing_leaves_one_outcome(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-against-void", PHONE)
    seat(site, va, address, envelope, "final")
    voiding = threading.Thread(
        target=changes.void, args=(site.kit, site.owner_actor, envelope.id, "Sent by mistake.")
    )

    def at_once(route: Route) -> None:
        if voiding.ident is None:
            voiding.start()
        route.continue_()

    va.page.route("**/sign/finish", at_once)
    press_sign(va.page)
    signed_page = va.page.get_by_role("heading", name="You have signed")
    closed_page = va.page.get_by_role("heading", name="withdrawn")
    expect(va.page.get_by_role("alert").or_(signed_page).or_(closed_page).first).to_be_visible()
    voiding.join(30)
    stored, events = site.envelope(envelope.id), site.events(envelope.id)
    assert stored.status is EnvelopeStatus.VOIDED
    assert events.count("envelope.voided") == 1
    signed = stored.signers[0].status is SignerStatus.SIGNED
    assert events.count("signature.applied") == signed
    if signed:
        assert events.index("signature.applied") < events.index("envelope.voided")
    va.page.goto(f"{site.url}/sign")
    va.page.wait_for_url("**/sign/closed")
    va.look("withdrawn-at-once")


INK = """() => {
  const canvas = document.getElementById("canvas");
  const { width, height } = canvas;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  let [left, top, right, bottom, ink] = [width, height, 0, 0, 0];
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
    if (data[(y * width + x) * 4 + 3] < 100) continue;
    ink += 1;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  const inside = left > 0 && top >= 0 && right < width - 1 && bottom < height - 1;
  return { ink, shape: (right - left) / (bottom - top), inside };
}"""


def test_a_drawing_survives_the_turning_of_the_phone_and_a_false_picture_is_refused(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-turns", PHONE, device_scale_factor=2)
    seat(site, va, address, envelope, "signature")
    page = va.page
    page.locator("label[for=kind-drawn]").click()
    draw_a_name(page)
    upright = page.evaluate(INK)
    page.set_viewport_size({"width": PHONE["height"], "height": PHONE["width"]})
    page.wait_for_timeout(200)
    turned = page.evaluate(INK)
    page.set_viewport_size(PHONE)
    page.reload()
    page.locator("label[for=kind-drawn]").click()
    page.wait_for_timeout(200)
    back = page.evaluate(INK)
    assert upright["ink"] > 500
    assert turned["inside"]
    for later in (turned, back):
        assert later["shape"] == pytest.approx(upright["shape"], rel=0.05), "the same drawing, scaled"
        assert later["ink"] > 500
    assert back["ink"] == pytest.approx(upright["ink"], rel=0.02)
    page.locator("label[for=kind-uploaded]").click()
    false = {"name": "signature.png", "mimeType": "image/png", "buffer": b"%PDF-1.7 not a picture"}
    page.get_by_label("Picture of your signature").set_input_files(false)
    page.get_by_role("button", name="Use this signature").click()
    expect(page.get_by_role("alert")).to_contain_text("neither PNG nor JPEG")
    va.look("false-picture")
    page.locator("label[for=kind-drawn]").click()
    page.get_by_role("button", name="Use this signature").click()
    page.wait_for_url("**/sign/final")
    expect(page.get_by_alt_text("Your signature, drawn")).to_be_visible()


def test_an_access_code_told_by_phone(site, person):
    envelope, address = send_to_a_va(site)
    owner = person("owner-phones", DESKTOP)
    owner.page.goto(f"{site.url}/agreements/{envelope.agreement_id}/identity")
    owner.page.get_by_label("E-mail address").fill(OWNER_EMAIL)
    owner.page.get_by_label("Password", exact=True).fill(PASSWORD)
    owner.page.get_by_role("button", name="Sign in").click()
    owner.page.get_by_text("Identify Liza Santos in another way").click()
    owner.look("identity")
    first = owner.page.locator("section", has_text=address)
    first.get_by_label("An access code that you tell by phone").check()
    first.get_by_role("button", name="Store this way").click()
    told = owner.page.locator("#access-code").inner_text()
    owner.look("access-code")
    va = person("va-told", PHONE)
    arrive(site, va, address)
    va.page.get_by_role("button", name="Start").click()
    va.page.get_by_label("Access code").fill("000000000")
    va.page.get_by_role("button", name="Continue").click()
    expect(va.page.get_by_text("This is not the access code.")).to_be_visible()
    va.look("wrong-access-code")
    va.page.get_by_label("Access code").fill(told)
    va.page.get_by_role("button", name="Continue").click()
    consent(va)
    assert BY_ACCESS_CODE in site.envelope(envelope.id).signers[0].identity_checks
    assert site.count_mails(address, "code") == 0
