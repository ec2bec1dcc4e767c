"""Ways out of the ceremony: declined, a change asked for, not this person, a link that is over."""

from __future__ import annotations

from playwright.sync_api import expect

from app.domain.workflow import AgreementStatus, EnvelopeStatus
from app.services import changes
from tests.journeys.conftest import DESKTOP, PHONE
from tests.journeys.signer_steps import arrive, consent, pass_code, press_sign, send_to_a_va, to_final
from tests.journeys.site import OWNER_EMAIL


def test_a_va_declines_with_a_reason(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-declines", PHONE)
    arrive(site, va, address)
    pass_code(site, va, address)
    va.page.wait_for_url("**/sign/consent")
    va.page.get_by_role("link", name="More").click()
    va.look("more")
    va.page.get_by_role("link", name="Decline").click()
    va.page.get_by_role("button", name="Decline for good").click()
    expect(va.page.get_by_text("Write at least one sentence.")).to_be_visible()
    va.look("reason-missing")
    va.page.get_by_label("Why do you decline?").fill("The fee is too low for these hours.")
    va.page.get_by_role("button", name="Decline for good").click()
    va.page.wait_for_url("**/sign/closed")
    expect(va.page.get_by_role("heading", name="You declined")).to_be_visible()
    va.look("declined")
    assert site.envelope(envelope.id).status is EnvelopeStatus.DECLINED
    with site.kit.unit_of_work(read_only=True) as unit:
        assert unit.agreements.get(envelope.agreement_id).status is AgreementStatus.DRAFT
    mail = site.wait_for_mail(OWNER_EMAIL, "declined")
    assert "The fee is too low" in mail.get_body(("plain",)).get_content()
    va.page.goto(site.link_for(address))
    expect(va.page.get_by_role("heading", name="no longer valid")).to_be_visible()
    assert va.page.get_by_text("Larkfield").count() == 0, "nothing about the agreement"
    va.look("link-withdrawn")


def test_a_change_is_asked_for_answered_and_the_signing_goes_on(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-asks", DESKTOP)
    arrive(site, va, address)
    pass_code(site, va, address)
    consent(va)
    va.page.get_by_role("link", name="Ask for a change").click()
    va.page.get_by_label("About").select_option("termination")
    va.page.get_by_label("What should be changed").fill("Please make it thirty days.")
    va.look("change")
    va.page.get_by_role("button", name="Send to").click()
    va.page.wait_for_url("**/sign/paused")
    va.look("paused")
    assert site.envelope(envelope.id).status is EnvelopeStatus.PAUSED
    va.page.goto(f"{site.url}/sign/final")
    va.page.wait_for_url("**/sign/paused")
    with site.kit.unit_of_work(read_only=True) as unit:
        (request,) = unit.change_requests.of_envelope(envelope.id)
    assert (request.family, request.text) == ("termination", "Please make it thirty days.")
    changes.answer_change(site.kit, site.owner_actor, request.id, "Fourteen days is what we can do.")
    va.page.goto(site.link_for(address, "Answer from"))
    pass_code(site, va, address)
    va.page.wait_for_url("**/sign/read*")
    expect(va.page.get_by_text("Fourteen days is what we can do.")).to_be_visible()


def test_somebody_else_got_the_mail(site, person):
    envelope, address = send_to_a_va(site)
    stranger = person("stranger", PHONE)
    arrive(site, stranger, address)
    stranger.page.get_by_role("link", name="I am not Liza Santos").click()
    stranger.look("not-me")
    stranger.page.get_by_label("Anything that helps").fill("I am Lisa Sanders.")
    stranger.page.get_by_role("button", name="I am not Liza Santos").click()
    stranger.page.wait_for_url("**/sign/thanks")
    stranger.look("thanks")
    assert "I am Lisa Sanders." in site.wait_for_mail(OWNER_EMAIL, "reached somebody else").get_body(
        ("plain",)
    ).get_content()
    assert "envelope.signer_proposed" in site.events(envelope.id)


def test_withdrawn_while_the_va_looks_at_the_last_page(site, person):
    envelope, address = send_to_a_va(site)
    va = person("va-void", PHONE)
    to_final(site, va, address, envelope)
    changes.void(site.kit, site.owner_actor, envelope.id, "Sent to the wrong person.")
    press_sign(va.page)
    expect(va.page.get_by_role("alert")).to_contain_text("Not signed")
    va.page.goto(f"{site.url}/sign/final")
    va.page.wait_for_url("**/sign/closed")
    va.look("voided")
    assert "signature.applied" not in site.events(envelope.id)
