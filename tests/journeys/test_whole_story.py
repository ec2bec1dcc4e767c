"""The whole story in a browser: first start to sealed record with owner, lawyer and VA; and a change
that is asked for, made, and sent anew."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.domain.agreement import Agreement
from app.domain.envelope import Envelope
from app.domain.signature import KeyHeldBy
from app.domain.workflow import AgreementStatus, EnvelopeStatus
from app.services import drafting
from tests import judges
from tests.journeys.conftest import DESKTOP, PATIENCE, PHONE, Person, artefact
from tests.journeys.signer_steps import arrive, consent, initial_all, pass_code, press_sign, send_to_a_va
from tests.journeys.site import OWNER_EMAIL, OWNER_NAME, VA_EMAIL, VA_NAME, RunningSite, running_site
from tests.journeys.story_steps import (
    LAWYER_EMAIL,
    LAWYER_NAME,
    NOTICE,
    draft,
    give_password_again,
    invite_lawyer,
    join,
    let_password_grow_old,
    set_up,
    sign_off_by_hand,
    sign_off_the_rest,
)
from tests.journeys.test_owner_drafts_and_sends import (
    add_person,
    fetch,
    sign_in,
    sign_second,
    wait_until_sealed,
)

VA_PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2, "timezone_id": "Asia/Manila"}
STORY = (
    "account.added",
    "agreement.drafted",  # the sample
    "person.added",
    "account.added",  # the lawyer
    "account.password_chosen",
    "agreement.drafted",
    "agreement.edited",
    "agreement.review_requested",
    "clause.signed_off",
    "agreement.sent",
    "signer.invited",
    "signer.identified",
    "consent.given",
    "credential.issued",
    "signature.applied",
    "signer.identified",  # the owner
    "signature.applied",
    "envelope.completed",
    "agreement.sealed",
    "agreement.downloaded",
)


@pytest.fixture
def first_start(tmp_path: Path) -> Iterator[RunningSite]:
    with running_site(tmp_path, with_owner=False) as running:
        yield running


def test_from_first_start_to_the_sealed_record(
    first_start: RunningSite, person: Callable[..., Person], tmp_path: Path
) -> None:
    site = first_start
    owner, lawyer = person("story-owner", DESKTOP), person("story-lawyer", DESKTOP)
    va = person("story-va", PHONE, **VA_PHONE)
    set_up(owner, site)
    owner.page.goto(f"{site.url}/people/add")
    add_person(owner.page, VA_NAME, VA_EMAIL)
    owner.page.wait_for_url("**/agreements/new?person=*")
    invite_lawyer(owner, site)
    join(lawyer, site)
    lawyer.look("queue")

    agreement_id = draft(owner, site, VA_EMAIL)
    owner.page.goto(f"{site.url}/agreements/{agreement_id}/send")
    owner.look("send-not-reviewed")
    owner.page.get_by_role("button", name="Ask a lawyer to review").click()
    site.wait_for_mail(LAWYER_EMAIL, "Please review LB-")
    review(lawyer, site, agreement_id)
    assert_signed_off(site, agreement_id)

    owner.page.goto(f"{site.url}/agreements")
    row = owner.page.get_by_role("row").filter(has_text="LB-")
    expect(row).to_contain_text("Ready to send")
    owner.look("dashboard")
    row.get_by_role("link", name=re.compile("^Send")).click()
    owner.page.wait_for_url("**/send")
    expect(owner.page.get_by_text("Every clause signed off")).to_be_visible()
    expect(owner.page.get_by_text("Send without a lawyer")).to_have_count(0)
    owner.look("send-ready")
    owner.page.get_by_role("button", name="Send for signature").click()
    owner.page.wait_for_url(f"**/agreements/{agreement_id}")
    envelope = newest_envelope(site, agreement_id)
    sign_on_phone(va, site, VA_EMAIL, envelope)
    assert site.envelope(envelope.id).signers[0].signature.key_held_by is KeyHeldBy.SIGNER_CLIENT

    owner.page.goto(f"{site.url}/agreements/{agreement_id}")
    owner.look("your-turn")
    let_password_grow_old(owner, site)
    owner.page.get_by_role("link", name="Sign", exact=True).click()
    give_password_again(owner)
    sign_second(owner, OWNER_NAME)
    owner.page.goto(f"{site.url}/agreements/{agreement_id}")
    wait_until_sealed(owner.page)
    owner.look("sealed")
    check_downloads(owner.page, site)
    check_on_verify_page(person("story-visitor", DESKTOP), site)
    assert_in_order(site.events(), STORY)


def review(lawyer: Person, site: RunningSite, agreement_id: str) -> None:
    page = lawyer.page
    waiting = set(drafting.assess(site.kit, agreement_id).review.waiting)
    assert len(waiting) > 20, "a first start has no clause signed off"
    page.goto(f"{site.url}/review")
    lawyer.look("queue-with-agreement")
    sign_off_by_hand(lawyer, "Approved Systems")
    assert "approved-systems.standard" not in drafting.assess(site.kit, agreement_id).review.waiting
    sign_off_the_rest(lawyer, site, waiting - {"approved-systems.standard"})
    page.goto(f"{site.url}/review")
    lawyer.look("queue-done")


def assert_signed_off(site: RunningSite, agreement_id: str) -> None:
    state = drafting.assess(site.kit, agreement_id)
    assert state.review.passes
    assert not state.review.sample
    assert not state.review.waiting
    with site.kit.unit_of_work(read_only=True) as unit:
        assert unit.agreements.get(agreement_id).override_reason == ""
        decisions = unit.sign_offs.of_digests([clause.digest for clause in state.text.clauses()])
    assert {one.lawyer_name for one in decisions} == {LAWYER_NAME}


def newest_envelope(site: RunningSite, agreement_id: str) -> Envelope:
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.envelopes.get(unit.agreements.get(agreement_id).current_envelope)


def sign_on_phone(va: Person, site: RunningSite, address: str, envelope: Envelope) -> None:
    """From the mail to a signature with a key that the device made."""
    arrive(site, va, address)
    va.look("arrival")
    pass_code(site, va, address)
    va.page.wait_for_url("**/sign/consent")
    va.look("consent")
    consent(va)
    va.look("reading", full_page=False)
    signer = next(one for one in envelope.signers if one.side == "assistant")
    initial_all(va.page, len(signer.asked_initials))
    va.page.get_by_role("link", name="Go on to your signature").click()
    va.page.wait_for_url("**/sign/signature")
    va.look("signature")
    va.page.get_by_role("button", name="Use this signature").click()
    va.page.wait_for_url("**/sign/final")
    expect(va.page.get_by_text("The key never leaves this device")).to_be_visible()
    va.look("final")
    press_sign(va.page)
    va.page.wait_for_url("**/sign/done")
    va.look("done")


def check_downloads(page: Page, site: RunningSite) -> None:
    files = {kind: fetch(page, kind) for kind in ("signed", "word", "certificate", "record")}
    for kind, ending in (("signed", "pdf"), ("word", "docx"), ("certificate", "pdf"), ("record", "zip")):
        artefact(f"story-{kind}.{ending}").write_bytes(files[kind])
    record = zipfile.ZipFile(io.BytesIO(files["record"]))
    assert record.testzip() is None
    assert record.read("signed.pdf") == files["signed"]
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(files["word"])).namelist()
    root = site.kit.credentials.root_certificate()
    for kind in ("signed", "certificate"):
        if shutil.which("pdfsig") and shutil.which("certutil"):
            judgements = judges.pdfsig(files[kind], root)
            assert judgements
            assert all(one.good for one in judgements), [one.says for one in judgements]
    if shutil.which("pdftotext"):
        printed = subprocess.run(
            ["pdftotext", artefact("story-signed.pdf"), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "SAMPLE" not in printed
        assert "Not reviewed" not in printed


def check_on_verify_page(visitor: Person, site: RunningSite) -> None:
    page = visitor.page
    for name in ("story-signed.pdf", "story-record.zip"):
        page.goto(f"{site.url}/verify")
        page.get_by_label("Signed PDF, or record").set_input_files(artefact(name))
        page.get_by_role("button", name="Check the file").click()
        expect(page.locator(".verdict.is-done")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_role("heading", level=2).first).to_contain_text("All signatures are valid")
        page.get_by_text("Technical details").click()
        expect(page.locator(".technical")).to_contain_text("key signer_client")
        visitor.look(f"verify-{name}")


def assert_in_order(happened: Sequence[str], wanted: Sequence[str]) -> None:
    """All of `wanted` happened, in this order, with others between."""
    left = iter(happened)
    missing = next((name for name in wanted if name not in left), None)
    assert missing is None, f"{missing} is missing or out of order in {happened}"


def test_a_change_is_asked_for_made_and_sent_anew(site: RunningSite, person: Callable[..., Person]) -> None:
    sent, address = send_to_a_va(site)
    va = person("change-va", PHONE, **VA_PHONE)
    ask_for_thirty_days(va, site, address)
    old_link = site.link_for(address)

    owner = person("change-owner", DESKTOP)
    page = owner.page
    sign_in(page, site)
    site.wait_for_mail(OWNER_EMAIL, "asks for a change")
    page.goto(f"{site.url}/agreements/{sent.agreement_id}")
    expect(page.locator("#requests")).to_contain_text("Please make it thirty days.")
    owner.look("asked")
    page.get_by_role("button", name="Revise the text").click()
    page.wait_for_url("**/draft")
    assert site.envelope(sent.id).status is EnvelopeStatus.VOIDED
    page.get_by_text("more with usual answers").click()
    page.get_by_label(NOTICE).fill("30")
    expect(page.locator("[data-sheet] ins").filter(has_text="30 days").first).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("Saved")
    owner.look("revised", full_page=False)

    va.page.goto(old_link)
    expect(va.page.get_by_role("heading", name="no longer valid")).to_be_visible()
    assert va.page.get_by_text("Larkfield").count() == 0, "nothing about the agreement"
    va.look("old-link")

    page.get_by_role("link", name="Review and send").click()
    page.wait_for_url("**/send")
    owner.look("send-anew")
    page.get_by_label("A message to the signers").fill("Thirty days it is.")
    before = site.count_mails(address, "asks you to sign")
    page.get_by_role("button", name="Send for signature").click()
    page.wait_for_url(f"**/agreements/{sent.agreement_id}")
    site.wait_for_mail(address, "asks you to sign", more_than=before)
    anew = newest_envelope(site, sent.agreement_id)
    assert anew.id != sent.id
    assert anew.original_digest != sent.original_digest
    sign_on_phone(va, site, address, anew)
    page.reload()
    owner.look("signed-anew")

    assert stored(site, sent.agreement_id).status is AgreementStatus.OUT
    assert site.envelope(anew.id).signers[0].signature is not None
    assert site.envelope(sent.id).signers[0].signature is None
    assert_in_order(site.events(sent.id), ("envelope.change_requested", "envelope.voided"))
    assert "signature.applied" not in site.events(sent.id)
    assert "signature.applied" in site.events(anew.id)


def ask_for_thirty_days(va: Person, site: RunningSite, address: str) -> None:
    page = va.page
    arrive(site, va, address)
    pass_code(site, va, address)
    consent(va)
    page.get_by_role("link", name="More").click()
    page.get_by_role("link", name=re.compile("change")).first.click()
    page.get_by_label("About").select_option("termination")
    page.get_by_label("What should be changed").fill("Please make it thirty days.")
    va.look("change")
    page.get_by_role("button", name="Send to").click()
    page.wait_for_url("**/sign/paused")
    va.look("paused")


def stored(site: RunningSite, agreement_id: str) -> Agreement:
    with site.kit.unit_of_work(read_only=True) as unit:
        return unit.agreements.get(agreement_id)
