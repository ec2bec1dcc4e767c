"""What a signer does on the pages, step by step, as the journeys share it."""

from __future__ import annotations

import uuid

from playwright.sync_api import Page, expect

from app.domain.envelope import Envelope
from tests.journeys.conftest import Person
from tests.journeys.site import VA_NAME, RunningSite


def send_to_a_va(site: RunningSite) -> tuple[Envelope, str]:
    """A sent agreement, and the mailbox of its VA: one for each test, so that mails do not mix."""
    address = f"liza-{uuid.uuid4().hex[:8]}@santos.example"
    return site.send(signers=[("assistant", VA_NAME, address)]), address


def arrive(site: RunningSite, person: Person, address: str) -> None:
    person.page.goto(site.link_for(address))


def pass_code(site: RunningSite, person: Person, address: str) -> None:
    before = site.count_mails(address, "code")
    person.page.get_by_role("button", name="Start").click()
    person.page.wait_for_url("**/sign/code")
    code = site.code_for(address, more_than=before)
    person.page.get_by_label("Code from the message").fill(code)
    person.page.get_by_role("button", name="Continue").click()


def consent(person: Person) -> None:
    person.page.wait_for_url("**/sign/consent")
    person.page.get_by_role("checkbox").check()
    person.page.get_by_role("button", name="Agree and read").click()
    person.page.wait_for_url("**/sign/read*")


def initial_all(page: Page, count: int) -> None:
    """Initial everything by the button in the foot, which leads from place to place."""
    for number in range(1, count + 1):
        page.locator("#go-on").click()
        focused = page.locator(".place:focus")
        expect(focused).to_have_count(1)
        focused.click()
        expect(page.locator(".place.done")).to_have_count(number)


def to_signature(site: RunningSite, person: Person, address: str, envelope: Envelope) -> None:
    """From the mail to the page where the signature is chosen."""
    arrive(site, person, address)
    pass_code(site, person, address)
    consent(person)
    initial_all(person.page, len(envelope.signers[0].asked_initials))
    person.page.get_by_role("link", name="Go on to your signature").click()
    person.page.wait_for_url("**/sign/signature")


def to_final(site: RunningSite, person: Person, address: str, envelope: Envelope) -> None:
    """The same, to the last page before the act, with a typed signature."""
    to_signature(site, person, address, envelope)
    person.page.get_by_role("button", name="Use this signature").click()
    person.page.wait_for_url("**/sign/final")


def press_sign(page: Page) -> None:
    page.get_by_role("button", name=f"Sign as {VA_NAME}").click()
