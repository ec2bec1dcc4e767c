"""The owner: a person is added, an agreement drafted beside its text, sent, signed second, downloaded."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from app.domain.verification import Verdict
from app.jobs.worker import run_due_jobs
from app.services.answering import change_answers
from app.services.verification import verify_paths
from tests.journeys.conftest import DESKTOP, PHONE, Person
from tests.journeys.site import OWNER_EMAIL, OWNER_NAME, PASSWORD, VA_NAME, RunningSite
from tests.web.office import sample_answers, sign_as


def sign_in(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/sign-in")
    page.get_by_label("E-mail").fill(OWNER_EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site.url}/agreements")


def add_person(page: Page, name: str, address: str) -> None:
    page.get_by_label("Full name").fill(name)
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Country").select_option("PH")
    page.get_by_label("Signs as").fill("for herself")
    page.get_by_label("Address", exact=False).last.fill("14 Mango Road, Cebu City")
    page.get_by_role("button", name="Add this person").click()


def agreement_of(page: Page) -> str:
    found = re.search(r"/agreements/([0-9a-f]{32})", page.url)
    assert found is not None
    return found[1]


def complete(site: RunningSite, agreement_id: str) -> None:
    """The answers that the test does not type, from the sample."""
    with site.kit.unit_of_work(read_only=True) as unit:
        held = unit.agreements.get(agreement_id).answers
    sample = sample_answers()
    families = {**sample.families, "parties": {**sample.families["parties"], **held.families["parties"]}}
    signers = {
        role: replace(who, capacity=who.capacity or sample.signers[role].capacity)
        for role, who in held.signers.items()
    }
    facts = {**sample.facts, **held.facts}
    change_answers(
        site.kit,
        site.owner_actor,
        agreement_id,
        replace(sample, families=families, facts=facts, signers=signers),
    )


@pytest.mark.parametrize(("name", "viewport"), [("owner-desk", DESKTOP), ("owner-phone", PHONE)])
def test_from_a_person_to_the_record(site: RunningSite, person, name: str, viewport):
    owner: Person = person(name, viewport)
    page = owner.page
    sign_in(page, site)
    owner.look("dashboard")

    page.goto(f"{site.url}/people/add")
    page.get_by_role("button", name="Add this person").click()
    expect(page.locator(".field-error").first).to_be_visible()
    owner.look("person-with-errors")
    address = f"liza-{name}@santos.example"
    add_person(page, VA_NAME, address)
    page.wait_for_url("**/agreements/new?person=*")
    owner.look("new-agreement")
    page.get_by_text("Confidentiality Agreement", exact=True).click()
    page.get_by_role("button", name="Begin the draft").click()
    page.wait_for_url("**/draft")
    agreement_id = agreement_of(page)
    owner.look("draft-first-step")

    # An answer changes the text beside it, and the changed passage is marked.
    saved = page.locator("[data-saved]")
    page.get_by_label("From which day does the contract apply?").fill("2027-03-01")
    expect(saved).to_contain_text("Saved")
    if viewport is PHONE:
        page.get_by_text("Show text").click()
    sheet = page.locator("[data-sheet]")
    expect(sheet.locator(".changed").first).to_contain_text("Changed by your last answer")
    expect(sheet.locator("ins").filter(has_text="1 March 2027").first).to_be_visible()
    owner.look("draft-changed", full_page=viewport is PHONE)

    # Questions with a usual answer wait until somebody wants them.
    page.get_by_text("more with usual answers").click()
    owner.look("draft-usual-answers", full_page=viewport is PHONE)

    # What cannot be used is refused beside the field; what was stored before stays.
    days = page.get_by_label("Within how many days must a party report a new name or address?")
    days.fill("400")
    expect(page.get_by_text("Enter 1 to 30 days.").last).to_be_visible()
    expect(saved).to_contain_text("Not saved")
    owner.look("draft-fault", full_page=False)
    days.fill("9")
    expect(saved).to_contain_text("Saved")
    with site.kit.unit_of_work(read_only=True) as unit:
        assert unit.agreements.get(agreement_id).answers.families["parties"]["change_days"] == 9

    complete(site, agreement_id)
    page.goto(f"{site.url}/agreements/{agreement_id}/draft?step=4")
    owner.look("draft-data", full_page=viewport is PHONE)
    page.goto(f"{site.url}/agreements/{agreement_id}/positions/take-home")
    owner.look("positions")
    page.get_by_role("button", name="Take the standard position").click()
    page.wait_for_url("**/draft*")

    page.goto(f"{site.url}/agreements/{agreement_id}/send")
    owner.look("send-gate-closed")
    expect(page.get_by_role("button", name="Send for signature")).to_have_count(0)
    page.get_by_text("Send without a lawyer\u2019s review").click()
    page.get_by_label("Why is it sent unreviewed?").fill("She starts tomorrow; our lawyer is away.")
    page.get_by_role("button", name="Record this decision").click()
    expect(page.get_by_role("button", name="Send for signature")).to_be_visible()
    owner.look("send-ready")
    page.get_by_label("A message to the signers").fill("Please read clause 9 with care.")
    page.get_by_role("button", name="Send for signature").click()
    page.wait_for_url(f"**/agreements/{agreement_id}")
    mail = site.wait_for_mail(address, "asks you to sign")
    assert "Please read clause 9 with care." in str(mail.get_body(("plain",)))
    page.reload()
    owner.look("agreement-out")

    with site.kit.unit_of_work(read_only=True) as unit:
        envelope = unit.envelopes.get(unit.agreements.get(agreement_id).current_envelope)
    va = next(signer for signer in envelope.signers if signer.side == "assistant")
    sign_as(site.kit, envelope, va)
    page.goto(f"{site.url}/agreements")
    owner.look("dashboard-your-turn")
    page.locator(f'a[href="/agreements/{agreement_id}/sign"]').click()
    sign_second(owner, OWNER_NAME)

    page.goto(f"{site.url}/agreements/{agreement_id}")
    run_due_jobs(site.kit)
    wait_until_sealed(page)
    owner.look("agreement-sealed")
    check_files(page, site)


def sign_second(owner: Person, name: str) -> None:
    """The owner's own signature, in the ceremony that everybody passes."""
    page = owner.page
    page.wait_for_url("**/sign")
    owner.look("sign-ask")
    page.get_by_role("button", name="Read and sign").click()
    page.wait_for_url("**/sign/consent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Agree and read").click()
    page.wait_for_url(re.compile("/sign/(read|signature)"))
    if "/read" in page.url:
        page.get_by_role("link", name="Go on to your signature").click()
    page.wait_for_url("**/sign/signature")
    page.get_by_role("button", name="Use this signature").click()
    page.wait_for_url("**/sign/final")
    page.get_by_role("button", name=f"Sign as {name}").click()
    page.wait_for_url("**/sign/done")


def wait_until_sealed(page: Page) -> None:
    for _ in range(60):
        if page.locator(".chip", has_text="Sealed").count() and page.get_by_text("The record").count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("the agreement was not sealed")


def fetch(page: Page, kind: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator(f'form[action$="/download/{kind}"] button').click()
    path = waiting.value.path()
    return path.read_bytes()


def check_files(page: Page, site: RunningSite) -> None:
    root = site.kit.credentials.root_certificate()
    signed = fetch(page, "signed")
    # In a child process, as everywhere: Playwright's event loop runs in this thread.
    report = verify_paths([("signed.pdf", signed)], trust_roots=[root], own_root=root)[0]
    assert report.verdict is Verdict.GREEN, report.reasons
    certificate = fetch(page, "certificate")
    assert certificate.startswith(b"%PDF")
    record = zipfile.ZipFile(io.BytesIO(fetch(page, "record")))
    assert record.read("signed.pdf") == signed
    word = zipfile.ZipFile(io.BytesIO(fetch(page, "word")))
    assert "word/document.xml" in word.namelist()
