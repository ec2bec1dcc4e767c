"""VAs sign: drawn on a phone, by keyboard alone, with the server's key, over a bad line, after a scanner."""

from __future__ import annotations

import json
import urllib.request

import pytest
from playwright.sync_api import Page, Request, Route, expect

from app.domain.signature import KeyHeldBy
from app.domain.workflow import SignerStatus
from tests.journeys.conftest import DESKTOP, PHONE, artefact
from tests.journeys.signer_steps import (
    arrive,
    consent,
    pass_code,
    press_sign,
    send_to_a_va,
    to_final,
    to_signature,
)

FIRST_VIEW_BYTES = 150_000
NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10: pages reflow at this width


def draw_a_name(page: Page) -> None:
    page.locator("#canvas").scroll_into_view_if_needed()
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    x, y, width, height = box["x"], box["y"], box["width"], box["height"]
    page.mouse.move(x + width * 0.15, y + height * 0.7)
    page.mouse.down()
    for step in range(1, 30):
        rise = 0.25 if step % 6 < 3 else 0.7
        page.mouse.move(x + width * (0.15 + step * 0.022), y + height * rise, steps=3)
    page.mouse.up()


def signed_report(site, envelope):
    stored = site.envelope(envelope.id)
    report = site.verify(site.kit.files.get(stored.current_digest))
    return stored, report


def signature_of(report, role="assistant"):
    return next(signature for signature in report.signatures if signature.field == f"signature-{role}")


def test_a_va_draws_her_signature_on_a_phone(site, person):
    envelope, address = send_to_a_va(site)
    phone = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2, "timezone_id": "Asia/Manila"}
    va = person("va-phone", PHONE, **phone)
    bodies: list[tuple[str, str]] = []

    def keep(request: Request) -> None:
        if request.method == "POST":
            bodies.append((request.url.rpartition("/sign/")[2], request.post_data or ""))

    va.page.on("request", keep)
    arrive(site, va, address)
    va.look("arrival")
    assert va.page.get_by_text("Confidentiality Agreement").count() == 0, "nothing of the agreement yet"
    va.page.get_by_role("button", name="Start").click()
    va.page.wait_for_url("**/sign/code")
    assert "/s/" not in va.page.url
    va.look("code")
    va.page.get_by_label("Code from the message").fill(site.code_for(address))
    va.page.get_by_role("button", name="Continue").click()
    va.page.wait_for_url("**/sign/consent")
    va.look("consent")
    consent(va)
    va.look("reading-top", full_page=False)
    places = va.page.locator(".place")
    asked = len(envelope.signers[0].asked_initials)
    expect(places).to_have_count(asked)
    for number in range(asked):
        va.page.locator("#go-on").click()
        va.page.locator(".place:focus").click()
        expect(va.page.locator(".place.done")).to_have_count(number + 1)
        if number == 1:
            va.page.wait_for_timeout(700)
            va.look("reading-initials", full_page=False)
    va.page.get_by_role("link", name="The pages you sign").click()
    va.page.wait_for_url("**/sign/pages")
    first = va.page.locator(".page-pictures img").first
    expect(first).to_be_visible()
    expect(first).not_to_have_js_property("naturalWidth", 0)
    va.look("pages", full_page=False)
    va.page.get_by_role("link", name="Go on to your signature").click()
    va.page.wait_for_url("**/sign/signature")
    va.look("signature-typed")
    va.page.locator("label[for=kind-drawn]").click()
    draw_a_name(va.page)
    va.page.set_viewport_size({"width": 844, "height": 390})
    va.page.wait_for_timeout(200)
    va.page.set_viewport_size(PHONE)
    va.look("signature-drawn")
    va.page.get_by_role("button", name="Use this signature").click()
    va.page.wait_for_url("**/sign/final")
    expect(va.page.get_by_text("The key never leaves this device")).to_be_visible()
    expect(va.page.locator(".sig-picture img")).not_to_have_js_property("naturalWidth", 0)
    va.look("final")
    press_sign(va.page)
    va.page.wait_for_url("**/sign/done")
    va.look("done")
    with va.page.expect_download() as download:
        va.page.get_by_role("button", name="Keep a copy").click()
    assert download.value.suggested_filename.endswith("-as-it-stands.pdf")
    stored, report = signed_report(site, envelope)
    artefact("signed-by-va.pdf").write_bytes(site.kit.files.get(stored.current_digest))
    assert stored.signers[0].signature.key_held_by is KeyHeldBy.SIGNER_CLIENT
    assert stored.signers[0].signature.kind == "drawn"
    assert signature_of(report).key_held_by == "signer_client"
    assert report.integrity == "intact"
    assert_only_public_halves(bodies)


def assert_only_public_halves(bodies: list[tuple[str, str]]) -> None:
    """What the server got: a public key and a proof, a digest of it, a signature. No private key."""
    sent = {name: json.loads(body) for name, body in bodies if name in ("credential", "prepare", "finish")}
    assert {name: set(body) for name, body in sent.items()} == {
        "credential": {"public_key", "proof"},
        "prepare": {"public_key_digest"},
        "finish": {"prepared_digest", "signature"},
    }
    assert len(sent["credential"]["public_key"]) == 124, "91 bytes of SubjectPublicKeyInfo"
    assert len(sent["credential"]["proof"]) == len(sent["finish"]["signature"]) == 88, "r || s"


def test_by_keyboard_alone_at_a_desk(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-keyboard", DESKTOP)
    page = va.page
    arrive(site, va, address)
    va.look("arrival")
    press(page, "button", "Start")
    page.wait_for_url("**/sign/code")
    page.locator("#code").focus()
    page.keyboard.type(site.code_for(address))
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/consent")
    tab_to(page, "#agreed")
    page.keyboard.press("Space")
    press(page, "button", "Agree and read")
    page.wait_for_url("**/sign/read*")
    page.wait_for_timeout(300)
    va.look("reading", full_page=False)
    tab_to(page, "[data-next]")
    page.keyboard.press("Enter")
    for number in range(len(envelope.signers[0].asked_initials)):
        expect(page.locator(".place:focus")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator(".place.done")).to_have_count(number + 1)
        tab_to(page, "[data-next]")
        page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("initialled")
    va.look("reading-initialled", full_page=False)
    expect(page.locator("#go-on")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/signature")
    tab_to(page, "input[name=kind]")
    tab_to(page, "input[name=style]")
    page.keyboard.press("ArrowDown")
    va.look("signature")
    press(page, "button", "Use this signature")
    page.wait_for_url("**/sign/final")
    press(page, "button", "Sign as")
    page.wait_for_url("**/sign/done")
    va.look("done")
    stored, report = signed_report(site, envelope)
    assert stored.signers[0].signature.kind == "typed"
    assert signature_of(report).key_held_by == "signer_client"


def press(page: Page, role: str, name: str) -> None:
    """Reach a control with the Tab key and press Enter."""
    target = page.get_by_role(role, name=name).first
    for _ in range(400):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def test_a_connection_dropped_in_the_middle_signs_once(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-dropped", PHONE)
    to_final(site, va, address, envelope)
    finishes: list[str] = []

    def drop_first(route: Route) -> None:
        finishes.append(route.request.post_data or "")
        if len(finishes) == 1:
            # The request reaches the server; its answer never comes back.
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    va.page.route("**/sign/finish", drop_first)
    press_sign(va.page)
    va.page.wait_for_url("**/sign/done")
    assert len(finishes) == 2
    assert finishes[0] == finishes[1], "the same signature again, not another one"
    stored, report = signed_report(site, envelope)
    assert stored.signers[0].status is SignerStatus.SIGNED
    assert sum(signature.field == "signature-assistant" for signature in report.signatures) == 1
    assert site.events(envelope.id).count("signature.applied") == 1


def test_without_webcrypto_the_server_makes_the_key_and_says_so(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-fallback", NARROW, color_scheme="dark")
    va.context.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    to_final(site, va, address, envelope)
    expect(va.page.get_by_text("The server makes a key for this one signature")).to_be_visible()
    expect(va.page.get_by_text("The key never leaves this device")).to_be_hidden()
    for page in ("read", "pages", "signature", "final"):
        va.page.goto(f"{site.url}/sign/{page}")
        va.look(f"{page}-dark", full_page=page == "final")
        if page == "read":
            va.page.locator(".jump summary").click()
            va.look("clauses-dark", full_page=False)
    press_sign(va.page)
    va.page.wait_for_url("**/sign/done")
    va.look("done-dark")
    stored, report = signed_report(site, envelope)
    assert stored.signers[0].signature.key_held_by is KeyHeldBy.SERVER_ONE_TIME
    assert signature_of(report).key_held_by == "server_one_time"


def test_without_javascript_everything_works_by_forms(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-no-script", PHONE, java_script_enabled=False)
    page = va.page
    arrive(site, va, address)
    pass_code(site, va, address)
    consent(va)
    for number in range(len(envelope.signers[0].asked_initials)):
        page.locator(".place:not(.done)").first.click()
        expect(page.locator(".place.done")).to_have_count(number + 1)
    page.get_by_role("link", name="Go on to your signature").click()
    page.get_by_role("button", name="Use this signature").click()
    press_sign(page)
    page.wait_for_url("**/sign/done")
    stored, _ = signed_report(site, envelope)
    assert stored.signers[0].signature.key_held_by is KeyHeldBy.SERVER_ONE_TIME


def test_a_mail_scanner_changes_nothing_for_the_person_after_it(site, person):
    envelope, address = send_to_a_va(site)
    link = site.link_for(address)
    before = site.events(envelope.id)
    for _ in range(3):
        for method in ("HEAD", "GET"):
            request = urllib.request.Request(link, method=method, headers={"User-Agent": "MailScanner/1.0"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                assert answer.status == 200
        scanner = person("scanner", DESKTOP)
        scanner.page.goto(link)
        scanner.page.wait_for_load_state("networkidle")
    assert site.events(envelope.id) == before, "nothing is recorded by opening"
    assert site.count_mails(address, "code") == 0
    va = person("va-after-scanner", PHONE)
    to_final(site, va, address, envelope)
    press_sign(va.page)
    va.page.wait_for_url("**/sign/done")
    assert site.envelope(envelope.id).signers[0].status is SignerStatus.SIGNED
    assert site.events(envelope.id).count("signer.identified") == 1


def test_a_file_that_is_not_the_displayed_one_is_refused_by_the_device(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-refuses", PHONE)
    to_final(site, va, address, envelope)

    def forge(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body().replace(b"/Subtype /Widget", b"/Subtype /Wodget"))

    va.page.route("**/sign/prepared/*", forge)
    press_sign(va.page)
    expect(va.page.get_by_role("alert")).to_contain_text("This device refused")
    va.look("refused")
    assert "signature.applied" not in site.events(envelope.id)


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_the_first_view_is_small(site, person, viewport):
    _, address = send_to_a_va(site)
    va = person("va-weight", viewport)
    session = va.context.new_cdp_session(va.page)
    session.send("Network.enable")
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    arrive(site, va, address)
    va.page.wait_for_load_state("networkidle")
    assert sum(weights) < FIRST_VIEW_BYTES, f"{sum(weights)} bytes"


def test_a_drawn_signature_can_be_chosen_again_and_survives_a_return(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-returns", PHONE)
    to_signature(site, va, address, envelope)
    va.page.locator("label[for=kind-drawn]").click()
    draw_a_name(va.page)
    va.page.get_by_role("button", name="Use this signature").click()
    va.page.wait_for_url("**/sign/final")
    va.context.clear_cookies()
    va.page.goto(site.link_for(address))
    pass_code(site, va, address)
    va.page.wait_for_url("**/sign/final")
    expect(va.page.get_by_alt_text("Your signature, drawn")).to_be_visible()
